"""After being missed twice: how are you, shall somebody ring, and may your keyworker know another time."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tenant_app.accounts.consent import Category
from tenant_app.accounts.gate import tenant
from tenant_app.accounts.with_keyworker import let_keyworker_see, shared_with_keyworker
from tenant_app.groups.register.care import missed_of
from tenant_app.groups.titles import programme
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find

room = Blueprint("missed", __name__, template_folder="templates")


@room.get("/groups/missed/<uuid:missed_id>")
@open_to(TENANT)
def show(missed_id: UUID) -> str:
    """Is everything all right?"""
    missed = find(missed_of(tenant()), missed_id)
    page = programme(missed.booking.group_session.kind)
    return render_template("groups/missed.html", missed=missed, page=page, **shared_with_keyworker(Category.GROUPS))


@room.post("/groups/missed/<uuid:missed_id>")
@open_to(TENANT)
def answer(missed_id: UUID) -> Response:
    """All is well (`well`), or a call would be good (`call`)."""
    missed = find(missed_of(tenant()), missed_id)
    if "well" in request.form and stated("well"):
        missed.say_well()
    elif "call" in request.form and stated("call"):
        if tenant().keyworker is None:
            abort(409)
        missed.ask_for_call()
    else:
        abort(400)
    return redirect(url_for("missed.show", missed_id=missed_id), 303)


@room.get("/groups/if-we-miss-you")
@open_to(TENANT)
def telling() -> str:
    """Whether one's keyworker may know when one was missed."""
    return render_template("groups/telling.html", **shared_with_keyworker(Category.GROUPS))


@room.post("/groups/if-we-miss-you")
@open_to(TENANT)
def tell() -> Response:
    """Let the keyworker know from now on (`told=1`), or no longer (`told=0`)."""
    let_keyworker_see(Category.GROUPS, sees=stated("told"))
    flash(gettext("Saved. You can change this at any time."))
    return redirect(url_for("missed.telling"), 303)
