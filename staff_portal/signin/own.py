"""A worker's own way in: where they are signed in, their phone's lock or security keys, language and colours."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tenant_app.accounts import choices, passkeys, rules
from tenant_app.accounts.devices import device_name
from tenant_app.accounts.entry import Passkey, Visit
from tenant_app.accounts.gate import site, visit, worker
from tenant_app.accounts.models import Role
from tenant_app.web.audience import open_to
from tenant_app.web.forms import sent_json
from tenant_app.web.house import find, keep_now, session

room = Blueprint("own", __name__, template_folder="templates")


@room.get("/own")
@open_to(*Role)
def show() -> str:
    """All that a worker may set for themselves."""
    return render_template(
        "signin/own.html", me=worker(), here=visit(), visits=session().scalars(Visit.of(worker())).all(),
        passkeys=session().scalars(Passkey.of(worker())).all(),
    )  # fmt: skip


@room.post("/own/scheme")
@open_to(*Role)
def scheme() -> Response:
    """Light, dark, or as the computer has it."""
    return choices.choose_scheme()


@room.post("/own/browsers/<uuid:visit_id>")
@open_to(*Role)
def sign_out_browser(visit_id: UUID) -> Response:
    """Sign out one other browser."""
    find(Visit.of(worker()).where(Visit.id != visit().id), visit_id).end()
    flash(gettext("That browser is signed out."))
    return redirect(url_for("own.show"), 303)


@room.post("/own/passkeys/options")
@open_to(*Role)
def ask_to_keep() -> Response | tuple[Response, int]:
    """What to ask this phone or security key for."""
    try:
        return jsonify(passkeys.ask_to_keep(session(), site(), worker(), this_phone=False))
    except rules.Wrong:
        return _refused()


@room.post("/own/passkeys")
@open_to(*Role)
def keep() -> Response | tuple[Response, int]:
    """Make it a second factor."""
    body = sent_json()
    try:
        passkeys.keep(session(), site(), worker(), body.get("answer"), device_name(request.user_agent.string))
    except rules.Wrong:
        return _refused()
    return jsonify(next=url_for("own.show"))


@room.post("/own/passkeys/<uuid:passkey_id>")
@open_to(*Role)
def remove(passkey_id: UUID) -> Response:
    """Let it open nothing any more."""
    session().delete(find(Passkey.of(worker()), passkey_id))
    flash(gettext("That passkey no longer signs you in."))
    return redirect(url_for("own.show"), 303)


def _refused() -> tuple[Response, int]:
    keep_now()  # the challenge is spent, whatever came back to it
    return jsonify(problem=gettext("That did not work. Nothing was changed. Try once more.")), 422
