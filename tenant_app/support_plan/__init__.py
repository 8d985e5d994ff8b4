"""A tenant's support plan is looked at together: prepared by the tenant first, then written down and signed by both."""
