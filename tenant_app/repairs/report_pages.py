"""Telling us what needs mending: one question a page. Each answer is kept at once, so that nothing typed is lost."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tenant_app.accounts.gate import tenant
from tenant_app.accounts.once import say_refused
from tenant_app.repairs import words
from tenant_app.repairs.forms import PhotosForm, SendForm, WhatForm, WhereForm
from tenant_app.repairs.models import MOST_PHOTOS, Repair, RepairPhoto
from tenant_app.repairs.rules import begun, report, start_draft
from tenant_app.repairs.taking_photos import take_in
from tenant_app.web import photos
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.house import find, house, keep_now, session
from tenant_app.web.locale import language

room = Blueprint("reporting", __name__, template_folder="templates")

QUESTIONS = 5
"""What is happening now, where, what, photos, how to get in."""

Answer = str | tuple[str, int] | Response


@room.context_processor
def asked() -> dict[str, object]:
    """What the questions are about."""
    return {"kinds": words.kinds, "rooms": words.rooms, "most_photos": MOST_PHOTOS, "questions": QUESTIONS,
            "call": words.call}  # fmt: skip


@room.route("/repairs/new", methods=["GET", "POST"])
@open_to(TENANT)
def urgent() -> Answer:
    """First whether something is happening that is a call and not a form; then a report begins."""
    if request.method == "GET":
        return render_template(
            "repairs/urgent.html", checks=words.checks(), calls=words.CALLS, draft=begun(session(), tenant())
        )
    happening = request.form.get("urgent", "")
    if happening in words.CALLS:
        return redirect(url_for("reporting.check", slug=happening), 303)
    if happening and words.check_of(happening) is None:
        abort(400)
    draft = start_draft(session(), tenant(), urgent=happening)
    return redirect(url_for("reporting.where", repair_id=draft.id), 303)


@room.get("/repairs/now/<slug>")
@open_to(TENANT)
def check(slug: str) -> str:
    """What to do at once, whom to call, and, unless it is a call, the way on to the form."""
    found = words.check_of(slug)
    if found is None:
        abort(404)
    return render_template("repairs/check.html", check=found, call=slug in words.CALLS)


@room.route("/repairs/<uuid:repair_id>/where", methods=["GET", "POST"])
@open_to(TENANT)
def where(repair_id: UUID) -> Answer:
    """In which rooms."""
    repair = _draft(repair_id)
    if not repair.draft:
        return _sent(repair)
    form = WhereForm.asked(rooms=repair.rooms)
    if request.method == "GET":
        return render_template("repairs/where.html", repair=repair, form=form)
    if not form.valid():
        return render_template("repairs/where.html", repair=repair, form=form), 422
    repair.say_where(form.rooms.data)
    return redirect(url_for("reporting.what", repair_id=repair.id), 303)


@room.route("/repairs/<uuid:repair_id>/what", methods=["GET", "POST"])
@open_to(TENANT)
def what(repair_id: UUID) -> Answer:
    """What it is."""
    repair = _draft(repair_id)
    if not repair.draft:
        return _sent(repair)
    form = WhatForm.asked(kind=repair.kind, words=repair.words, since=repair.since)
    if request.method == "GET":
        return render_template("repairs/what.html", repair=repair, form=form)
    if not form.valid():
        return render_template("repairs/what.html", repair=repair, form=form), 422
    repair.say_what(
        form.kind.data, form.words.data or "", form.since.data or "", hazard=words.is_hazard(form.kind.data),
        language=language().code,
    )  # fmt: skip
    return redirect(url_for("reporting.pictures", repair_id=repair.id), 303)


@room.route("/repairs/<uuid:repair_id>/photos", methods=["GET", "POST"])
@open_to(TENANT)
def pictures(repair_id: UUID) -> Answer:
    """Photos, if there are any. The same button adds those chosen and goes on, or stays to show them.

    What waited on a phone may arrive when the report was sent already: it is put to it as long as it is open.
    """
    repair = _draft(repair_id)
    if not repair.draft and not (repair.open and request.files.get("photos")):
        return _sent(repair)
    form = PhotosForm.asked()
    if request.method == "GET":
        return render_template("repairs/photos.html", repair=repair, form=form)
    taken = take_in(lambda: _draft(repair_id))
    repair = taken.repair
    for problem in taken.problems:
        form.blame("photos", problem)
    if form.problems:
        # The good ones are kept all the same: nobody should have to find and send them again.
        keep_now()
        if not taken.later:
            say_refused(" ".join(taken.problems), url_for("reporting.pictures", repair_id=repair.id))
        return render_template("repairs/photos.html", repair=repair, form=form), 503 if taken.later else 422
    if not repair.draft:
        return _sent(repair)
    onward = "reporting.pictures" if request.form.get("then") == "stay" else "reporting.send"
    return redirect(url_for(onward, repair_id=repair.id), 303)


@room.post("/repairs/<uuid:repair_id>/photos/<uuid:photo_id>/remove")
@open_to(TENANT)
def remove_photo(repair_id: UUID, photo_id: UUID) -> Response:
    """Take a picture out of a draft, for good. Once it is sent, it stays."""
    repair = _draft(repair_id)
    photo = find(RepairPhoto.among(Repair.of(tenant()).where(Repair.id == repair_id)), photo_id)
    if not repair.draft:
        return _sent(repair)
    session().delete(photo)
    keep_now()
    photos.remove(house().settings.photos, photo.file)
    return redirect(url_for("reporting.pictures", repair_id=repair.id), 303)


@room.route("/repairs/<uuid:repair_id>/send", methods=["GET", "POST"])
@open_to(TENANT)
def send(repair_id: UUID) -> Answer:
    """How to get in, everything once more, and off it goes."""
    repair = _draft(repair_id)
    if not repair.draft:
        return _sent(repair)
    if not repair.complete:
        return redirect(url_for("repairs.show", repair_id=repair.id), 303)
    form = SendForm.asked(access=repair.access)
    if request.method == "GET":
        return render_template("repairs/send.html", repair=repair, form=form)
    if not form.valid():
        return render_template("repairs/send.html", repair=repair, form=form), 422
    report(session(), repair, access=form.access.data or "")
    flash(gettext("We have it."))
    return _sent(repair)


def _draft(repair_id: UUID) -> Repair:
    """The report, held for a POST until it is answered, so that of two taps the second sees what the first did."""
    mine = Repair.of(tenant())
    return find(mine if request.method == "GET" else mine.with_for_update(of=Repair), repair_id)


def _sent(repair: Repair) -> Response:
    return redirect(url_for("repairs.show", repair_id=repair.id), 303)
