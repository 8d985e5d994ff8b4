"""Telling us what needs mending: one question a page. Each answer is kept at once, so that nothing typed is lost."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tenant_app.accounts.gate import tenant
from tenant_app.accounts.once import say_refused
from tenant_app.repairs import questions, tree, words
from tenant_app.repairs.asking import (
    Answer,
    address_of,
    ask,
    back_from,
    details_so_far,
    draft_of,
    go_on,
    lead_on,
    question,
    sent,
    way,
)
from tenant_app.repairs.forms import PartForm, PhotosForm, PlaceForm, RoomsForm, SendForm, WhatForm, WordsForm
from tenant_app.repairs.models import MOST_PHOTOS, Repair, RepairPhoto
from tenant_app.repairs.rules import begun, report, start_draft
from tenant_app.repairs.taking_photos import take_in
from tenant_app.repairs.told import same_before
from tenant_app.repairs.told_words import told
from tenant_app.web import photos
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import tidy
from tenant_app.web.house import find, house, keep_now, session
from tenant_app.web.locale import language

room = Blueprint("reporting", __name__, template_folder="templates")


@room.context_processor
def asked() -> dict[str, object]:
    """What the questions are about."""
    return {
        "most_photos": MOST_PHOTOS, "call": words.call, "step_of": questions.step_of,
        "back_from": back_from, "address_of": address_of, "way": way,
    }  # fmt: skip


@room.route("/repairs/new", methods=["GET", "POST"])
@open_to(TENANT)
def urgent() -> Answer:
    """First whether something is happening that is a call and not a form; then a report begins, or goes on."""
    draft = begun(session(), tenant())
    if request.method == "GET":
        return render_template(
            "repairs/urgent.html", checks=words.checks(), calls=words.CALLS, draft=draft,
            step=questions.step_of("urgent", draft),
        )  # fmt: skip
    happening = request.form.get("urgent", "")
    if happening in words.CALLS:
        return redirect(url_for("reporting.check", slug=happening), 303)
    if happening and words.check_of(happening) is None:
        abort(400)
    return go_on(start_draft(session(), tenant(), urgent=happening))


@room.get("/repairs/now/<slug>")
@open_to(TENANT)
def check(slug: str) -> str:
    """What to do at once, whom to call, and, unless it is a call, the way on to the form."""
    found = words.check_of(slug)
    if found is None:
        abort(404)
    return render_template("repairs/check.html", check=found, call=slug in words.CALLS)


@question(room, "where")
def where(repair: Repair) -> Answer:
    """In one's own home, or in a part of the building that others use too."""
    form = PlaceForm.asked()
    if request.method == "GET" or not form.valid():
        decided = repair.rooms or "where" in details_so_far(repair).answered
        return ask("where", repair, form, chosen=("shared" if repair.shared else "home") if decided else "")
    shared = form.place.data == "shared"
    repair.say_where(repair.rooms if shared is repair.shared else [], shared=shared)
    return lead_on("where", repair)


@question(room, "rooms")
def rooms(repair: Repair) -> Answer:
    """In which room: one tap for one, boxes to tick where it is in several."""
    form = RoomsForm.of(tree.places(repair.shared), repair.rooms)
    several = len(repair.rooms) > 1 or "several" in request.args
    if request.method == "GET" or not form.valid():
        return ask("rooms", repair, form, places=tree.places(repair.shared), several=several)
    repair.say_where(form.rooms.data, shared=repair.shared)
    return lead_on("rooms", repair)


@question(room, "what")
def what(repair: Repair) -> Answer:
    """What it is: one of the kinds, or what a search found."""
    form = WhatForm.asked()
    if request.method == "GET" or not form.valid():
        typed = (tidy(request.args.get("q", "")) or "")[: tree.LONGEST]
        return ask("what", repair, form, typed=typed, found=tree.search(typed), kinds=words.kinds())
    kind, part = form.kind.data, form.part.data or ""
    if kind != repair.kind or part:
        repair.say_kind(kind, part, hazard=words.is_hazard(kind))
    if part:
        # A search has answered both halves at once.
        return lead_on("part", repair)
    return lead_on("what", repair)


@question(room, "part")
def part(repair: Repair) -> Answer:
    """What of that kind. `I am not sure` is an answer."""
    known = tree.parts(repair.kind)
    if not known:
        return go_on(repair)
    form = PartForm.of(known)
    if request.method == "GET" or not form.valid():
        return ask("part", repair, form, kind=words.kind_of(repair.kind), parts=known)
    repair.say_kind(repair.kind, form.part.data or "", hazard=repair.hazard)
    return lead_on("part", repair)


@question(room, "words")
def own_words(repair: Repair) -> Answer:
    """What is wrong, where none of the kinds says it."""
    form = WordsForm.asked(words=repair.words)
    if request.method == "GET" or not form.valid():
        return ask("words", repair, form)
    repair.say_words(form.words.data or "", language=language().code)
    return lead_on("words", repair)


@room.route("/repairs/<uuid:repair_id>/photos", methods=["GET", "POST"])
@open_to(TENANT)
def pictures(repair_id: UUID) -> Answer:
    """Photos, if there are any. The same button adds those chosen and goes on, or stays to show them.

    What waited on a phone may arrive when the report was sent already: it is put to it, and its story says so.
    """
    repair = draft_of(repair_id)
    if not repair.draft and not request.files.get("photos"):
        return sent(repair)
    form = PhotosForm.asked()
    if request.method == "GET":
        return render_template("repairs/photos.html", repair=repair, form=form)
    taken = take_in(lambda: draft_of(repair_id))
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
        return sent(repair)
    if request.form.get("then") == "stay":
        return redirect(url_for("reporting.pictures", repair_id=repair.id, **way()), 303)
    return lead_on("photos", repair)


@room.post("/repairs/<uuid:repair_id>/photos/<uuid:photo_id>/remove")
@open_to(TENANT)
def remove_photo(repair_id: UUID, photo_id: UUID) -> Response:
    """Take a picture out of a draft, for good. Once it is sent, it stays."""
    repair = draft_of(repair_id)
    photo = find(RepairPhoto.among(Repair.of(tenant()).where(Repair.id == repair_id)), photo_id)
    if not repair.draft:
        return sent(repair)
    session().delete(photo)
    keep_now()
    photos.remove(house().settings.photos, photo.file)
    return redirect(url_for("reporting.pictures", repair_id=repair.id), 303)


@question(room, "send")
def send(repair: Repair) -> Answer:
    """Everything once more, with a way to change each answer, and off it goes. What was typed here is always kept."""
    if not repair.complete:
        return go_on(repair)
    form = SendForm.asked(words=repair.words)
    if request.method == "GET" or not form.valid():
        return _once_more(repair, form)
    if (form.words.data or "") != repair.words:
        repair.say_words(form.words.data or "", language=language().code)
    change = request.form.get("change", "")
    if change in questions.path_of(repair):
        return redirect(address_of(change, repair, **{"from": "check"}), 303)
    if tree.out_of_date(repair):
        form.blame("words", gettext("Our list has changed since you began. Choose again what it is and where it is."))
        keep_now()
        return _once_more(repair, form)
    if repair.kind == tree.OTHER and not repair.words:
        form.blame("words", gettext("Write what is wrong"))
        return _once_more(repair, form)
    report(session(), repair, access=repair.access)
    flash(gettext("We have it."))
    return sent(repair)


def _once_more(repair: Repair, form: SendForm) -> Answer:
    page = render_template(
        "repairs/send.html", repair=repair, form=form, told=told(repair), kind=words.kind_of(repair.kind),
        back_to=address_of(questions.before("send", repair), repair), before=same_before(session(), repair),
    )  # fmt: skip
    return (page, 422) if form.problems else page
