"""The rent desk: accounts, what is owed, and agreements."""
