"""The tenant's pages about moving on. The plan is there from the first day; a row of it is made by the first word."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tenant_app import clock
from tenant_app.accounts.consent import Category
from tenant_app.accounts.gate import tenant
from tenant_app.accounts.with_keyworker import let_keyworker_see, shared_with_keyworker
from tenant_app.move_on import reviewing, rules, suggesting
from tenant_app.move_on.checklist import checklist
from tenant_app.move_on.forms import ItemForm, NoteForm, ReviewForm, WishesForm
from tenant_app.move_on.models import MoveOnPlan, MoveOnReview, MoveOnSuggestion, Part, Ready, Standing, Wishes
from tenant_app.move_on.standing import PartStanding, standing, stood
from tenant_app.move_on.telling import in_templates
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, house, session
from tenant_app.web.locale import language

room = Blueprint("move_on", __name__, template_folder="templates")
room.context_processor(in_templates)


@room.context_processor
def addresses() -> dict[str, object]:
    """Where a part of the list is."""
    return {"part_address": lambda part: url_for("move_on.ready", part=part.value)}


@room.get("/move-on")
@open_to(TENANT)
def show() -> str:
    """The whole plan on one page: what one wants, what is ready, when one looked it over."""
    plan = _plan()
    today = clock.today(house().settings.zone)
    return render_template(
        "move_on/show.html", plan=plan, standing=_standing(plan), today=today,
        review_on=plan.review_on if plan else rules.first_review(tenant(), today, _rhythm()),
        reviews=session().scalars(MoveOnReview.of(tenant())).all(),
        suggestions=suggesting.open_suggestions(session(), tenant()), **shared_with_keyworker(Category.MOVE_ON),
    )  # fmt: skip


@room.route("/move-on/wishes", methods=["GET", "POST"])
@open_to(TENANT)
def wishes() -> str | tuple[str, int] | Response:
    """Where one wants to live. Changed on two phones at once, both are shown, and nothing typed is lost."""
    plan = _plan()
    there = plan.wishes if plan else Wishes()
    # A field that was not sent is not what stood there before.
    form = WishesForm.asked(obj=there if request.method == "GET" else None)
    form.stands = there.target_on
    version = plan.version if plan else 0
    if request.method == "GET":
        return render_template("move_on/wishes.html", form=form, seen=version)
    try:
        seen = int(request.form.get("seen", "0")[:9])
    except ValueError:
        abort(400)
    if not form.valid():
        return render_template("move_on/wishes.html", form=form, seen=seen), 422
    try:
        rules.say_wishes(session(), _begun(), form.wishes, seen=seen, language=language().code)
    except rules.Meanwhile as meanwhile:
        page = render_template(
            "move_on/wishes.html", form=form, seen=meanwhile.plan.version, there=meanwhile.plan.wishes,
            there_in=meanwhile.plan.language,
        )  # fmt: skip
        return page, 409
    return redirect(url_for("move_on.show"), 303)


@room.route("/move-on/ready/<part>", methods=["GET", "POST"])
@open_to(TENANT)
def ready(part: str) -> str | tuple[str, int] | Response:
    """One part of the list, and a place for something of one's own."""
    try:
        chosen = Part(part)
    except ValueError:
        abort(404)
    form = ItemForm.asked()
    if request.method == "POST" and form.valid():
        try:
            rules.add_item(session(), _begun(), chosen, form.words.data, language=language().code)
        except rules.ListFull:
            form.blame(
                "words", gettext("%(number)s of your own are enough here. Take one off first.", number=rules.MOST_OWN)
            )
        else:
            return redirect(url_for("move_on.ready", part=part, _anchor="own"), 303)
    shown = next(one for one in _standing(_plan()) if one.part is chosen)
    page = render_template("move_on/ready.html", part=chosen, standing=shown, form=form)
    return (page, 422) if form.problems else page


@room.post("/move-on/list/<key>")
@open_to(TENANT)
def say_state(key: str) -> Response:
    """How one thing stands: `state` is one of the four."""
    thing = _thing(key)
    try:
        state = Ready(request.form.get("state", ""))
    except ValueError:
        abort(400)
    rules.say_state(session(), _begun(), thing.key, thing.part, state)
    return redirect(url_for("move_on.ready", part=thing.part.value, _anchor=f"thing-{thing.key}"), 303)


@room.route("/move-on/list/<key>/note", methods=["GET", "POST"])
@open_to(TENANT)
def note(key: str) -> str | tuple[str, int] | Response:
    """A note beside one thing."""
    thing = _thing(key)
    form = NoteForm.asked(note=thing.note)
    if request.method == "GET" or not form.valid():
        page = render_template("move_on/note.html", thing=thing, form=form)
        return (page, 422) if form.problems else page
    rules.note_down(session(), _begun(), thing.key, thing.part, form.note.data or "", language().code)
    return redirect(url_for("move_on.ready", part=thing.part.value, _anchor=f"thing-{thing.key}"), 303)


@room.post("/move-on/list/<key>/place")
@open_to(TENANT)
def take_off(key: str) -> Response:
    """`kept=0`: a thing of one's own is gone. The association's stay, and may not apply."""
    thing = _thing(key)
    item = _begun().item(key)
    if stated("kept"):
        abort(400)
    if item is None or not item.own:
        abort(404)
    session().delete(item)
    flash(gettext("Taken off your list."))
    return redirect(url_for("move_on.ready", part=thing.part.value, _anchor="own"), 303)


@room.post("/move-on/suggestions/<uuid:suggestion_id>")
@open_to(TENANT)
def answer(suggestion_id: UUID) -> Response:
    """Put what the keyworker suggests on one's list (`accepted=1`), or not."""
    suggestion = find(MoveOnSuggestion.of(tenant()), suggestion_id)
    accepted = stated("accepted")
    try:
        suggesting.answer_suggestion(session(), _begun(), suggestion, accepted=accepted)
    except rules.ListFull:
        flash(gettext("%(number)s of your own are enough here. Take one off first.", number=rules.MOST_OWN))
        return redirect(url_for("move_on.ready", part=suggestion.part.value, _anchor="own"), 303)
    flash(gettext("It is on your list.") if suggestion.accepted else gettext("Left out. Your list stays as it was."))
    return redirect(url_for("move_on.show", _anchor="ready"), 303)


@room.route("/move-on/review", methods=["GET", "POST"])
@open_to(TENANT)
def review() -> str | tuple[str, int] | Response:
    """Look it over: is it still right, and what has changed? What stands now is kept as it is."""
    form = ReviewForm.asked()
    if request.method == "POST" and form.valid():
        reviewing.hold_review(
            session(), _begun(), checklist(), form.changed.data or "", _rhythm(), house().settings.zone,
            language=language().code,
        )  # fmt: skip
        flash(gettext("Kept. You can read it again at any time."))
        return redirect(url_for("move_on.show", _anchor="reviews"), 303)
    plan = _plan()
    today = clock.today(house().settings.zone)
    page = render_template(
        "move_on/review.html", form=form, plan=plan, standing=_standing(plan),
        due=plan is not None and plan.review_on <= today,
    )  # fmt: skip
    return (page, 422) if form.problems else page


@room.post("/move-on/review/later")
@open_to(TENANT)
def put_off() -> Response:
    """Not now: the question comes again in two weeks."""
    reviewing.put_off(session(), _begun(), house().settings.zone)
    flash(gettext("That is fine. We ask again in two weeks."))
    return redirect(url_for("move_on.show"), 303)


@room.get("/move-on/reviews/<uuid:review_id>")
@open_to(TENANT)
def earlier(review_id: UUID) -> str:
    """How it stood then."""
    found = find(MoveOnReview.of(tenant()), review_id)
    return render_template("move_on/earlier.html", review=found, standing=stood(found))


@room.post("/move-on/sharing")
@open_to(TENANT)
def share() -> Response:
    """Let the keyworker read the plan (`shared=1`), or no longer (`shared=0`)."""
    shared = stated("shared")
    name = let_keyworker_see(Category.MOVE_ON, sees=shared).known_as
    if shared:
        flash(gettext("%(name)s can read your plan.", name=name))
    else:
        flash(gettext("%(name)s can no longer read your plan.", name=name))
    return redirect(url_for("move_on.show", _anchor="who"), 303)


def _plan() -> MoveOnPlan | None:
    return session().scalar(MoveOnPlan.of(tenant()))


def _begun() -> MoveOnPlan:
    return rules.begin(session(), tenant(), _rhythm(), house().settings.zone)


def _rhythm() -> rules.ReviewRhythm:
    return rules.ReviewRhythm.of(house().settings)


def _standing(plan: MoveOnPlan | None) -> list[PartStanding]:
    return standing(checklist(), plan.items if plan else [])


def _thing(key: str) -> Standing:
    """A thing on this tenant's list, or 404."""
    found = next((thing for part in _standing(_plan()) for thing in part.things if thing.key == key), None)
    if found is None:
        abort(404)
    return found
