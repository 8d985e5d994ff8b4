"""Registers: the groups a worker runs, who is expected, and who came."""
