"""The programme: what is on and how full it is, planning and changing it, and what came of it in numbers."""
