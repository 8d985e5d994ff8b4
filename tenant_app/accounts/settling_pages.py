"""Settling in, one question a page: a language, then a way to sign in again. Until there is one, all else waits."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tenant_app.accounts import rules
from tenant_app.accounts.forms import PinForm
from tenant_app.accounts.gate import safe_next, tenant
from tenant_app.web.audience import SETTLING, TENANT, open_to

room = Blueprint("settling", __name__, template_folder="templates")


@room.get("/settle-in/language")
@open_to(SETTLING, TENANT)
def language() -> str:
    """Which language do you read?"""
    return render_template("accounts/settle_language.html")


@room.route("/settle-in/lock", methods=["GET", "POST"])
@open_to(SETTLING, TENANT)
def lock() -> str | tuple[str, int] | Response:
    """How would you like to sign in next time? A PIN here; the phone's own lock is asked by script."""
    form = PinForm.asked()
    if tenant().pin_hash:  # they have one; changing it asks for the one they have
        return redirect(safe_next(None), 303)
    if request.method == "GET":
        return render_template("accounts/settle_lock.html", form=form, tenant=tenant())
    if form.valid():
        try:
            rules.choose_pin(tenant(), form.pin.data)
            return redirect(url_for("today.show"), 303)
        except rules.TooEasy:
            form.blame("pin", say_too_easy())
    return render_template("accounts/settle_lock.html", form=form, tenant=tenant()), 422


def say_too_easy() -> str:
    """What a good PIN is, said after one that others would guess."""
    return gettext("Choose 6 numbers that are not in a row, like 123456, and do not repeat, like 121212")
