"""Who may reach what, declared a second time and by other means than the doors declare it; and the walks that compare."""
