"""A tenant and their keyworker write to each other. Nobody watches it around the clock, and no machine reads it."""
