"""What every page needs and no feature owns."""
