"""Requests about records: a list by what is due first, one of them with its answer, and the erasing itself."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from staff_portal.record_requests.forms import AnswerForm, EraseForm
from staff_portal.roles import WELCOMERS
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Role
from tenant_app.accounts.rules import look_at
from tenant_app.support.record.again import finish
from tenant_app.support.record.declared import KEPT
from tenant_app.support.record.erasing import erase
from tenant_app.support.record.models import Asked, RecordRequest, RequestState
from tenant_app.support.record.parts import EVERYTHING
from tenant_app.support.record.rules import answer, may_answer, may_erase
from tenant_app.support.record.words import part_name, state_words
from tenant_app.web.audience import open_to
from tenant_app.web.house import find, house, keep_now, session
from tenant_app.web.locale import language

room = Blueprint("record_requests", __name__, template_folder="templates")

MOST_ROWS = 200
DONE_STATES = (RequestState.DONE, RequestState.PARTLY, RequestState.NOT_DONE)


@room.context_processor
def words() -> dict[str, object]:
    """What parts and states are called, and which day it is."""
    return {
        "part_name": part_name, "state_words": state_words, "today": clock.today(house().settings.zone),
        "everything": EVERYTHING, "kept_years": max(kept.years for kept in KEPT.values()),
    }  # fmt: skip


@room.get("/record-requests")
@open_to(*WELCOMERS)
def index() -> str:
    """Those that wait, the soonest due first; with `show=all`, all of them, the newest first."""
    everything = request.args.get("show") == "all"
    asked = RecordRequest.seen_by(worker()).options(joinedload(RecordRequest.tenant))
    if everything:
        asked = asked.order_by(None).order_by(RecordRequest.asked_at.desc(), RecordRequest.id)
    else:
        asked = asked.where(RecordRequest.state == RequestState.OPEN)
    found = session().scalars(asked.limit(MOST_ROWS)).all()
    return render_template("record_requests/index.html", found=found, all_of_them=everything)


@room.route("/record-requests/<uuid:request_id>", methods=["GET", "POST"])
@open_to(*WELCOMERS)
def one(request_id: UUID) -> str | tuple[str, int] | Response:
    """What one tenant asked, and our answer."""
    asked = find(RecordRequest.seen_by(worker()), request_id)
    look_at(session(), worker(), asked.tenant, "request")
    form: AnswerForm = AnswerForm.asked(state="" if asked.open else asked.state.value, reply=asked.reply)
    # That an erasure is done is said by doing it, and not in words.
    form.offer(*(DONE_STATES if asked.kind is Asked.CORRECTION else (RequestState.NOT_DONE,)))
    mine = may_answer(worker(), asked) and asked.state is not RequestState.TAKEN_BACK
    page = {"asked": asked, "form": form, "may_answer": mine, "may_erase": may_erase(worker())}
    if request.method == "GET":
        return render_template("record_requests/one.html", **page)
    if not mine or (asked.kind is Asked.ERASURE and not asked.open):
        abort(403 if not mine else 409)
    if not form.valid():
        keep_now()
        return render_template("record_requests/one.html", **page), 422
    answer(session(), worker(), asked, RequestState(form.state.data), form.reply.data or "", language().code)
    flash(gettext("%(name)s is told.", name=asked.tenant.known_as))
    return redirect(url_for("record_requests.index"), 303)


@room.route("/record-requests/<uuid:request_id>/erase", methods=["GET", "POST"])
@open_to(Role.COORDINATOR, Role.ADMINISTRATOR)
def do(request_id: UUID) -> str | tuple[str, int] | Response:
    """Erase what was asked, once the person's name is typed."""
    asked = find(RecordRequest.seen_by(worker()).where(RecordRequest.kind == Asked.ERASURE), request_id)
    if not asked.open:
        abort(409)
    look_at(session(), worker(), asked.tenant, "request")
    form: EraseForm = EraseForm.asked()
    if request.method == "GET":
        return render_template("record_requests/erase.html", asked=asked, form=form)
    if form.valid() and not form.is_of(asked.tenant.name):
        form.blame("name", gettext("This is not the name of this person. Look at it once more"))
    if form.problems:
        keep_now()
        return render_template("record_requests/erase.html", asked=asked, form=form), 422
    if not asked.about_everything:
        done = gettext("It is erased.")
        answer(session(), worker(), asked, RequestState.DONE, done, language().code)
    erasure = erase(session(), asked.tenant, worker(), asked.parts)
    rows = erasure.rows
    keep_now()
    finish(house().settings, erasure)
    flash(ngettext("Erased: %(num)s entry.", "Erased: %(num)s entries.", rows))
    return redirect(url_for("record_requests.index"), 303)
