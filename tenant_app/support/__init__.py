"""What brings the rooms together for one tenant: Today, and the way to the rest. It reads them; none reads it."""
