"""Messages at the desk: who waits, a thread, and the answer to it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from staff_portal.break_glass.opening import opened_record
from staff_portal.messages.forms import AnswerForm
from staff_portal.messages.overview import threads
from staff_portal.roles import GLASS_BREAKERS, SUPPORTERS
from tenant_app.accounts.consent import Category
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Tenant
from tenant_app.accounts.rules import look_at
from tenant_app.accounts.safeguarding import SafeguardingOverride
from tenant_app.messages.models import threads_of
from tenant_app.messages.rules import (
    NotTheirKeyworker,
    answer,
    lets_read_earlier,
    need_no_answer,
    opened,
    opened_for_safety,
)
from tenant_app.messages.showing import by_day
from tenant_app.web.audience import open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, house, keep_now, session
from tenant_app.web.locale import language

room = Blueprint("threads", __name__, template_folder="templates")


@room.get("/messages")
@open_to(*SUPPORTERS)
def index() -> str:
    """Everyone this worker supports, those who wait for an answer first. No words: the list is no reading."""
    return render_template(
        "threads/index.html", threads=threads(session(), worker(), request.args.get("page", 1, type=int)),
        to_page=lambda page: url_for("threads.index", page=page),
    )  # fmt: skip


@room.get("/messages/<uuid:tenant_id>")
@open_to(*GLASS_BREAKERS)
def show(tenant_id: UUID) -> str:
    """The thread with one tenant; with `above`, what stands above one message. For whoever opened it for safety, all
    of it and to read only."""
    mine = session().scalar(threads_of(worker()).where(Tenant.id == tenant_id))
    override = opened_record(tenant_id, Category.MESSAGES)
    if mine is None and override is None:
        abort(404)
    return _thread(mine or override.tenant, AnswerForm.asked(), override, mine=mine is not None)  # type: ignore[union-attr]


@room.post("/messages/<uuid:tenant_id>")
@open_to(*SUPPORTERS)
def send(tenant_id: UUID) -> Response | tuple[str, int]:
    """Write to one tenant."""
    tenant = find(threads_of(worker()), tenant_id)
    form = AnswerForm.asked()
    if not form.valid():
        page = _thread(tenant, form)
        keep_now()  # they read the thread all the same, and a refusal would undo the note of it
        return page, 422
    try:
        answer(session(), worker(), tenant, form.words.data, language().code)
    except NotTheirKeyworker:
        abort(404)
    flash(gettext("%(name)s can read it now.", name=tenant.known_as))
    return redirect(url_for("threads.show", tenant_id=tenant.id, _anchor="newest"), 303)


@room.post("/messages/<uuid:tenant_id>/answered")
@open_to(*SUPPORTERS)
def settle(tenant_id: UUID) -> Response:
    """What waits needs no answer (`needed=0`): a thank-you, or something said in person."""
    tenant = find(threads_of(worker()), tenant_id)
    if stated("needed"):
        abort(400)
    need_no_answer(session(), worker(), tenant)
    return redirect(url_for("threads.index"), 303)


def _thread(
    tenant: Tenant, form: AnswerForm, override: SafeguardingOverride | None = None, *, mine: bool = True
) -> str:
    look_at(
        session(), worker(), tenant, "messages", reason=override.reason if override else "",
        override_id=override.id if override else None,
    )  # fmt: skip
    zone = house().settings.zone
    try:
        above = UUID(request.args["above"]) if "above" in request.args else None
        if override is not None:
            stretch = opened_for_safety(session(), tenant, above)
        else:
            stretch = opened(session(), worker(), tenant, zone, above)
    except (ValueError, LookupError):
        abort(404)
    return render_template(
        "threads/show.html", tenant=tenant, stretch=stretch, days=by_day(stretch.messages, zone), form=form,
        shared=None if override else lets_read_earlier(session(), tenant, worker()), override=override, mine=mine,
        waits=any(message.waits_since for message in stretch.messages),
    )  # fmt: skip
