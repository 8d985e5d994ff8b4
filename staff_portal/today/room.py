"""The room of Today."""

from __future__ import annotations

from flask import Blueprint

room = Blueprint("today", __name__, template_folder="templates")
