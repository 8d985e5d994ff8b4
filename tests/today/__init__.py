"""Staff's Today and early signs."""
