"""Goals that tenants share, and what a keyworker says about them."""
