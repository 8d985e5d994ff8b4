"""Signing in and out at the staff door."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tenant_app.accounts.gate import see_off, visit
from tenant_app.accounts.models import Role
from tenant_app.web.audience import ANYONE, HALFWAY, open_to

room = Blueprint("signin", __name__, template_folder="templates")


@room.route("/sign-in", methods=["GET", "POST"])
@open_to(ANYONE)
def ask() -> str:
    """Ask for address and password."""
    return render_template("signin/ask.html")


@room.post("/sign-out")
@open_to(HALFWAY, *Role)
def leave() -> Response:
    """Sign this browser out."""
    visit().end()
    return see_off(redirect(url_for("signin.ask"), 303))
