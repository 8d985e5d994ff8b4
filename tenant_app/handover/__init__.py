"""From one shift to the next: what happened, who needs what, and who has read it."""
