"""An inspection in somebody's hand: each answer is kept at once, or waits on the phone until there is signal."""

from __future__ import annotations

from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as AnyResponse

from staff_portal.inspections.forms import AnswerForm, FinishForm
from staff_portal.inspections.raising import raise_repairs, take_along
from staff_portal.inspections.room import refused, room, seen
from staff_portal.inspections.showing import lines_of, page_of, sheet
from staff_portal.inspections.taking_in import take_in
from staff_portal.registers.tapping import made_at
from staff_portal.roles import MENDERS
from tenant_app.accounts.gate import worker
from tenant_app.accounts.once import say_done, say_refused
from tenant_app.inspections.models import Inspection, ItemPhoto
from tenant_app.inspections.outcomes import Outcome
from tenant_app.inspections.rules import Finished, TooEarly, Unanswered, answer, finish
from tenant_app.web import photos
from tenant_app.web.audience import open_to
from tenant_app.web.house import find, house, session
from tenant_app.web.locale import language, tell_day


@room.post("/inspections/<uuid:inspection_id>/items/<item_id>")
@open_to(*MENDERS)
def say(inspection_id: UUID, item_id: str) -> str | tuple[str, int] | AnyResponse:
    """Keep what one says of one item. With htmx the answer is what others said of it, and how many are done."""
    found = seen(inspection_id)
    if found.item(item_id) is None:
        abort(404)
    form = AnswerForm.asked()
    if not form.valid():
        return refused(_piece_or_sheet(found, item_id, form), 422)
    try:
        finding = answer(
            session(), worker(), found, item_id, Outcome(form.outcome.data), form.words.data or "",
            language=language().code, made_at=made_at(), zone=house().settings.zone,
        )  # fmt: skip
    except TooEarly as early:
        return _too_early(found, early)
    except Finished:
        return _too_late(found)
    if found.finished:
        raise_repairs(session(), worker(), found, [finding] if finding else [])
        say_done(gettext("It was signed off already. What you said is added to it."))
        return redirect(url_for("inspection_desk.show", inspection_id=found.id, _anchor="added"), 303)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(url_for("inspection_desk.show", inspection_id=found.id, _anchor=f"item-{item_id}"), 303)
    return _piece_or_sheet(found, item_id)


@room.post("/inspections/<uuid:inspection_id>/items/<item_id>/photos")
@open_to(*MENDERS)
def add_photos(inspection_id: UUID, item_id: str) -> tuple[str, int] | AnyResponse:
    """Pictures of one item, before it is signed off or after: they add, and change nothing."""
    taken = take_in(lambda: seen(inspection_id), item_id)
    it = taken.inspection
    found = it.finding_of(item_id)
    if found is not None:
        take_along(session(), it, found)
    shown_at = url_for("inspection_desk.show", inspection_id=it.id, _anchor=f"item-{item_id}")
    if taken.problems:
        # The good ones are kept all the same.
        if not taken.later:
            say_refused(" ".join(taken.problems), shown_at)
        return refused(page_of(it, item_id, taken.problems), 503 if taken.later else 422)
    return redirect(shown_at, 303)


@room.get("/inspections/<uuid:inspection_id>/photos/<uuid:photo_id>")
@open_to(*MENDERS)
def photo(inspection_id: UUID, photo_id: UUID) -> Response:
    """One picture. Reading the inspection's page is what is written down, of which this is a part."""
    its = Inspection.seen_by(worker()).where(Inspection.id == inspection_id)
    picture = find(ItemPhoto.among(its), photo_id)
    return photos.photo_answer(picture.file, picture.digest)


@room.post("/inspections/<uuid:inspection_id>/finish")
@open_to(*MENDERS)
def sign_off(inspection_id: UUID) -> tuple[str, int] | AnyResponse:
    """Sign it off. What failed is a repair from now on: of a room its tenant's, of a building one of the house."""
    found = seen(inspection_id)
    form = FinishForm.asked()
    if not form.valid():
        return refused(sheet(found, form), 422)
    try:
        failed = finish(
            session(), worker(), found, form.words.data or "", language=language().code, made_at=made_at(),
            zone=house().settings.zone,
        )  # fmt: skip
    except Unanswered as unanswered:
        words = ngettext("%(num)s item has no answer yet.", "%(num)s items have no answer yet.", len(unanswered.items))
        say_refused(words, url_for("inspection_desk.show", inspection_id=found.id))
        return refused(sheet(found, form, missing=list(unanswered.items)), 422)
    raised = raise_repairs(session(), worker(), found, failed)
    done = gettext("Signed off.")
    if raised:
        done += " " + ngettext("%(num)s repair is raised.", "%(num)s repairs are raised.", raised)
    say_done(done)
    flash(done)
    return redirect(url_for("inspection_desk.show", inspection_id=found.id), 303)


def _piece_or_sheet(inspection: Inspection, item_id: str, form: AnswerForm | None = None) -> str:
    if not request.htmx:  # type: ignore[attr-defined]
        return sheet(inspection, item_id=item_id, refused_form=form)
    lines = lines_of(inspection, item_id, form)
    line = next(each for each in lines if each.item.id == item_id)
    return render_template("inspection_desk/_item_kept.html", it=inspection, line=line, lines=lines)


def _too_early(inspection: Inspection, early: TooEarly) -> tuple[str, int]:
    words = gettext("The tenant was told of %(day)s. Choose another day first.", day=tell_day(early.visit_on))
    say_refused(words, url_for("inspection_desk.ask_who", inspection_id=inspection.id))
    return refused(sheet(inspection), 409)


def _too_late(inspection: Inspection) -> tuple[str, int]:
    words = gettext("It was signed off already. Add a correction.")
    say_refused(words, url_for("inspection_desk.show", inspection_id=inspection.id))
    return refused(render_template("inspection_desk/signed_off.html", it=inspection), 409)
