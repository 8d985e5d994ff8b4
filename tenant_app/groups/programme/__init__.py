"""The programme: series planned, changed, called off, and how they go."""
