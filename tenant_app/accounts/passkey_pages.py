"""What the browser asks and answers when someone uses their phone's lock. In JSON: only a script can ask a phone."""

from __future__ import annotations

from flask import Blueprint, jsonify, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tenant_app.accounts import passkeys, rules
from tenant_app.accounts.devices import device_name
from tenant_app.accounts.gate import let_in, safe_next, site, tenant
from tenant_app.accounts.models import Tenant
from tenant_app.web.audience import ANYONE, SETTLING, TENANT, open_to
from tenant_app.web.forms import sent_json
from tenant_app.web.house import keep_now, session

room = Blueprint("passkeys", __name__)


def refused() -> tuple[Response, int]:
    """The answer to a phone that we do not know, or that did not know its owner."""
    keep_now()  # the challenge is spent, whatever came back to it
    return jsonify(problem=gettext("That did not work. Nothing was changed. Try once more, or use your PIN.")), 422


@room.post("/passkeys/options")
@open_to(SETTLING, TENANT)
def ask_to_keep() -> Response | tuple[Response, int]:
    """What to ask this phone for, to make its lock a way in."""
    try:
        return jsonify(passkeys.ask_to_keep(session(), site(), tenant()))
    except rules.Wrong:
        return refused()


@room.post("/passkeys")
@open_to(SETTLING, TENANT)
def keep() -> Response | tuple[Response, int]:
    """Make this phone's lock a way in."""
    body = sent_json()
    settling = not rules.has_lock(session(), tenant())
    try:
        passkeys.keep(session(), site(), tenant(), body.get("answer"), device_name(request.user_agent.string))
    except rules.Wrong:
        return refused()
    return jsonify(next=url_for("today.show" if settling else "settings.locks"))


@room.post("/sign-in/passkey/options")
@open_to(ANYONE)
def ask_to_enter() -> Response:
    """What to ask this phone for, to sign in."""
    return jsonify(passkeys.ask_to_enter(session(), site()))


@room.post("/sign-in/passkey")
@open_to(ANYONE)
def enter() -> Response | tuple[Response, int]:
    """Sign in by this phone's lock."""
    body = sent_json()
    try:
        person = passkeys.recognise(session(), site(), body.get("answer"), Tenant)
    except rules.Wrong:
        return refused()
    wanted = body.get("next")
    answer = jsonify(next=safe_next(wanted if isinstance(wanted, str) else None))
    return let_in(person, answer, shared=body.get("shared") is True)
