"""Rounds of a building, rooms, fire alarms: due by rota, done item by item, signed off, never rewritten."""
