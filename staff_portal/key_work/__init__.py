"""Key work at the desk: notes, what they name, tasks, documents, and one tenant's timeline."""
