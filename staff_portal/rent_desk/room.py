"""The rent desk: accounts, what is owed, and agreements."""

from __future__ import annotations

from flask import Blueprint

room = Blueprint("rent_desk", __name__, template_folder="templates")
