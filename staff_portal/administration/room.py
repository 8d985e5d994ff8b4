"""The room itself; what is in it stands in `tenants.py`, `staff.py` and `status.py`."""

from __future__ import annotations

from flask import Blueprint

room = Blueprint("administration", __name__, template_folder="templates")
