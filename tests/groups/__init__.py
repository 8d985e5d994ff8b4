"""Groups: places, waiting, reminders, and the tenant's pages."""
