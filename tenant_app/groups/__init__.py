"""Group work: what is on, who has a place, who came."""
