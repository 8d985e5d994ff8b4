"""A tenant's own settings: colours, PIN, phones, and who looked at their record."""

from __future__ import annotations

from itertools import groupby
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from tenant_app.accounts import choices, rules
from tenant_app.accounts.entry import Passkey, Visit
from tenant_app.accounts.forms import ChangePinForm
from tenant_app.accounts.gate import tenant, visit
from tenant_app.accounts.leaving import leave
from tenant_app.accounts.models import Look
from tenant_app.accounts.placement import intensity_words, stage_words
from tenant_app.accounts.settling_pages import say_too_easy
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.house import find, house, keep_now, session

room = Blueprint("settings", __name__, template_folder="templates")

LOOKS_ON_A_PAGE = 50


@room.route("/settings/pin", methods=["GET", "POST"])
@open_to(TENANT)
def pin() -> str | tuple[str, int] | Response:
    """Change the PIN, knowing the one there is."""
    form = ChangePinForm.asked()
    if not tenant().pin_hash:
        return redirect(url_for("settling.lock"), 303)
    if request.method == "GET":
        return render_template("accounts/pin.html", form=form, locked=None)
    if not form.valid():
        return render_template("accounts/pin.html", form=form, locked=None), 422
    key = rules.try_key("pin", tenant(), "")
    try:
        rules.count_try(session(), key)
    except rules.Locked as locked:
        return render_template("accounts/pin.html", form=form, locked=locked), 429
    keep_now()
    if not rules.check_pin(tenant(), form.current.data):
        form.blame("current", gettext("This is not the PIN you have now. Look at it once more"))
        return render_template("accounts/pin.html", form=form, locked=None), 422
    try:
        rules.choose_pin(tenant(), form.pin.data)
    except rules.TooEasy:
        form.blame("pin", say_too_easy())
        return render_template("accounts/pin.html", form=form, locked=None), 422
    rules.forget_tries(session(), key)
    if form.elsewhere.data:
        for other in session().scalars(Visit.of(tenant()).where(Visit.id != visit().id)):
            leave(session(), other)
    flash(gettext("Your new PIN is kept."))
    return redirect(url_for("signin.settings"), 303)


@room.get("/settings/phones")
@open_to(TENANT)
def phones() -> str:
    """Where this tenant is signed in."""
    return render_template(
        "accounts/phones.html", visits=session().scalars(Visit.of(tenant())).all(), here=visit(),
    )  # fmt: skip


@room.post("/settings/phones/<uuid:visit_id>")
@open_to(TENANT)
def sign_out_phone(visit_id: UUID) -> Response:
    """Sign out one other phone."""
    other = find(Visit.of(tenant()).where(Visit.id != visit().id), visit_id)
    leave(session(), other)
    flash(gettext("That phone is signed out."))
    return redirect(url_for("settings.phones"), 303)


@room.get("/settings/locks")
@open_to(TENANT)
def locks() -> str:
    """Phones whose own lock lets this tenant in."""
    return render_template("accounts/locks.html", passkeys=session().scalars(Passkey.of(tenant())).all())


@room.post("/settings/locks/<uuid:passkey_id>")
@open_to(TENANT)
def remove_lock(passkey_id: UUID) -> Response:
    """Let this phone's lock open nothing here any more."""
    session().delete(find(Passkey.of(tenant()), passkey_id))
    flash(gettext("That phone’s lock no longer signs you in."))
    return redirect(url_for("settings.locks"), 303)


@room.get("/settings/looks")
@open_to(TENANT)
def looks() -> str:
    """Who looked at this tenant's record and why, day by day, newest first."""
    page = min(max(request.args.get("page", 1, type=int), 1), 100_000)
    newest = Look.at_record_of(tenant()).options(joinedload(Look.worker))
    newest = newest.limit(LOOKS_ON_A_PAGE + 1).offset((page - 1) * LOOKS_ON_A_PAGE)
    found = session().scalars(newest).all()
    zone = house().settings.zone
    shown = found[:LOOKS_ON_A_PAGE]
    days = [(day, list(looks)) for day, looks in groupby(shown, lambda look: look.looked_at.astimezone(zone).date())]
    return render_template(
        "accounts/looks.html", days=days, page=page, more=len(found) > LOOKS_ON_A_PAGE, tenant=tenant(),
        say_look=choices.say_look, say_role=choices.say_role, stage_words=stage_words,
        intensity_words=intensity_words,
    )  # fmt: skip
