"""The tenant's pages about their record: a copy of it, having it put right, having it erased."""

from __future__ import annotations

from datetime import timedelta
from tempfile import SpooledTemporaryFile
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from tenant_app import clock
from tenant_app.accounts import rules as accounts
from tenant_app.accounts.gate import tenant, visit
from tenant_app.accounts.models import Tenant
from tenant_app.support.record import rules
from tenant_app.support.record.archive import write_archive
from tenant_app.support.record.copying import Copy
from tenant_app.support.record.declared import KEPT
from tenant_app.support.record.forms import CopyForm, CorrectForm, EraseForm
from tenant_app.support.record.models import Asked, RecordRequest
from tenant_app.support.record.parts import EVERYTHING, erasable, parts
from tenant_app.support.record.reading import page_of
from tenant_app.support.record.words import part_name, state_words
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, house, keep_now, session
from tenant_app.web.locale import language

room = Blueprint("record", __name__, template_folder="templates")

MOST_COPIES = 5
COPIES_WITHIN = timedelta(days=1)
HELD_IN_MEMORY = 4 * 1024 * 1024
"""Bytes of a copy beyond which it is put together on disk."""


@room.context_processor
def words() -> dict[str, object]:
    """What parts and states are called."""
    return {
        "part_name": part_name, "state_words": state_words, "today": clock.today(house().settings.zone),
        "everything": EVERYTHING, "kept_years": max(kept.years for kept in KEPT.values()),
    }  # fmt: skip


@room.get("/my-record")
@open_to(TENANT)
def show() -> str:
    """What one can do about one's record, and what one has asked."""
    asked = RecordRequest.of(tenant()).options(joinedload(RecordRequest.worker)).limit(100)
    return render_template("record/show.html", requests=session().scalars(asked).all())


@room.route("/my-record/copy", methods=["GET", "POST"])
@open_to(TENANT)
def copy() -> str | tuple[str, int] | Response:
    """A copy of all of it, after a word about where it will lie, and the PIN once more."""
    form: CopyForm = CopyForm.asked()
    page = {"form": form, "shared": visit().shared, "asks_pin": bool(tenant().pin_hash), "locked": None}
    if request.method == "GET":
        return render_template("record/copy.html", **page)
    if tenant().pin_hash:
        if not form.valid():
            return render_template("record/copy.html", **page), 422
        key = accounts.try_key("pin", tenant(), "")
        try:
            accounts.count_try(session(), key)
        except accounts.Locked as locked:
            return render_template("record/copy.html", **page | {"locked": locked}), 429
        keep_now()
        if not accounts.check_pin(tenant(), form.pin.data):
            form.blame("pin", gettext("This is not the PIN you have now. Look at it once more"))
            return render_template("record/copy.html", **page), 422
        accounts.forget_tries(session(), key)
    try:
        accounts.count_try(session(), f"copy:{tenant().id}", MOST_COPIES, COPIES_WITHIN)
    except accounts.Locked:
        return render_template("record/enough.html", most=MOST_COPIES), 429
    rules.say_copied(session(), tenant(), visit().device)
    keep_now()  # or the whole house would wait with writing until the copy is put together
    return _copy_of(tenant().id)


@room.route("/my-record/correct", methods=["GET", "POST"])
@open_to(TENANT)
def correct() -> str | tuple[str, int] | Response:
    """What is not right, and what it should say."""
    form: CorrectForm = CorrectForm.asked()
    form.part.choices = [(part, part_name(part)) for part in parts()]
    if request.method == "GET" or not form.valid():
        return render_template("record/correct.html", form=form), 200 if request.method == "GET" else 422
    return _ask(Asked.CORRECTION, [form.part.data], form.wrong.data or "", form.should.data or "")


@room.route("/my-record/erase", methods=["GET", "POST"])
@open_to(TENANT)
def erase() -> str | tuple[str, int] | Response:
    """All of it or parts: what is chosen is shown once more with what it means, and asked for with a second tap."""
    form: EraseForm = EraseForm.asked()
    form.parts.choices = [(EVERYTHING, gettext("Everything")), *((part, part_name(part)) for part in erasable())]
    if request.method == "GET" or not form.valid():
        return render_template("record/erase.html", form=form), 200 if request.method == "GET" else 422
    chosen = [EVERYTHING] if EVERYTHING in form.parts.data else [part for part in erasable() if part in form.parts.data]
    if request.form.get("sure") != "1":
        return render_template("record/erase_sure.html", form=form, chosen=chosen)
    return _ask(Asked.ERASURE, chosen, form.words.data or "")


@room.route("/my-record/requests/<uuid:request_id>", methods=["GET", "POST"])
@open_to(TENANT)
def one(request_id: UUID) -> str | Response:
    """One request and its answer; or take it back (`kept=0`)."""
    asked = find(RecordRequest.of(tenant()), request_id)
    if request.method == "GET":
        return render_template("record/request.html", asked=asked)
    if not stated("kept"):
        asked.take_back()
        flash(gettext("You took it back. Nothing is changed."))
    return redirect(url_for("record.one", request_id=asked.id), 303)


def _ask(kind: Asked, chosen: list[str], words: str, should: str = "") -> Response:
    zone = house().settings.zone
    try:
        asked = rules.ask(
            session(), tenant(), kind, chosen, zone, words=words, should=should, language=language().code
        )
    except rules.TooMany:
        flash(gettext("So many things wait for an answer already. Wait for one, or take one back."))
        return redirect(url_for("record.show"), 303)
    flash(gettext("We have it. You get an answer within one month."))
    return redirect(url_for("record.one", request_id=asked.id), 303)


def _copy_of(tenant_id: UUID) -> Response:
    file = SpooledTemporaryFile(HELD_IN_MEMORY)  # noqa: SIM115 - given on with the answer, and gone with it
    with house().database.session(reads_only=True) as reading:
        if reading.get_bind().dialect.name == "postgresql":
            # One moment for all of it, as SQLite's readers have by themselves.
            reading.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        whole = Copy(reading, reading.get_one(Tenant, tenant_id))
        write_archive(whole, house().settings, page_of(whole), file)
    file.seek(0)
    # The file's name says nothing: it stays among the downloads of a phone that others may hold.
    answer = send_file(file, "application/zip", as_attachment=True, download_name="copy.zip")
    answer.headers["Cache-Control"] = "no-store"
    return answer
