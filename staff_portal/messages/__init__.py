"""Threads of the tenants a worker supports: what waits for an answer, and the answer."""
