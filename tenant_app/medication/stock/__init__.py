"""What of each medicine is on the shelf, how long it lasts, and reminders to order and to collect."""
