"""What brings the rooms together for one tenant: Today, and the way to everything else. It reads them; none reads it."""
