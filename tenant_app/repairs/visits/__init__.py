"""What happens to a repair after it was sent: times to come, words between tenant and desk, and whether it is fixed.

`rules.py` is what a tenant does, `desk.py` what the desk does, `merging.py` repairs of one shared part. Each leaves one
line in the repair's story.
"""
