"""My plan for hard days: what a tenant wrote for themselves, at hand without signal."""
