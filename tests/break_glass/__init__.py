"""Records that are opened for somebody's safety, and who is told of it."""
