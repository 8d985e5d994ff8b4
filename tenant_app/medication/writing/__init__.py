"""Writing a medicine down, and changing how it is taken."""
