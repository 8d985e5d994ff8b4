"""The month's count of a tenant's medicines with staff, and how far the tenant looks after them."""
