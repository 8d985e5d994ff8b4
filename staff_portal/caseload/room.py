"""The room of the caseload."""

from __future__ import annotations

from flask import Blueprint

room = Blueprint("caseload", __name__, template_folder="templates")
