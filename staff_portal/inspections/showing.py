"""The page of one inspection: in somebody's hand, and as it was signed off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template

from staff_portal.inspections.forms import AnswerForm, CorrectForm, FinishForm
from staff_portal.registers.offline import keep_on_phone
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.inspections.kinds import AskedItem, asked
from tenant_app.inspections.models import MOST_PHOTOS, Inspection, ItemAnswer, ItemPhoto
from tenant_app.repairs.models import Repair
from tenant_app.web.house import house, session
from tenant_app.web.photos import ACCEPTED


@dataclass(frozen=True)
class Line:
    """One item as a page shows it."""

    item: AskedItem
    mine: ItemAnswer | None
    """What the reader said."""
    others: list[ItemAnswer]
    photos: list[ItemPhoto]
    form: AnswerForm | None = None
    """What was sent and could not be kept."""

    @property
    def said(self) -> str:
        """The outcome that the page has chosen."""
        if self.form is not None:
            return str(self.form.outcome.data or "")
        return self.mine.outcome.value if self.mine else ""

    @property
    def answered(self) -> bool:
        return self.mine is not None or bool(self.others)

    @property
    def words(self) -> str:
        if self.form is not None:
            return str(self.form.words.data or "")
        return self.mine.words if self.mine else ""


def lines_of(inspection: Inspection, item_id: str = "", form: AnswerForm | None = None) -> list[Line]:
    """Every item; `form` is what was sent of the one with that id."""
    found = []
    for item in asked(inspection):
        said = [each for each in inspection.answers if each.item == item.id]
        found.append(Line(
            item, next((each for each in said if each.worker_id == worker().id), None),
            [each for each in said if each.worker_id != worker().id],
            [each for each in inspection.photos if each.item == item.id], form if item.id == item_id else None,
        ))  # fmt: skip
    return found


def sheet(
    inspection: Inspection, form: FinishForm | None = None, *, item_id: str = "",
    refused_form: AnswerForm | None = None, photo_problems: Sequence[str] = (), missing: Sequence[str] = (),
) -> str:  # fmt: skip
    """The page with all items."""
    if inspection.visit_on is None or inspection.visit_on <= clock.today(house().settings.zone):
        keep_on_phone()  # of a room on the day alone: before that it is nobody's business on a phone
    return render_template(
        "inspection_desk/sheet.html", it=inspection, lines=lines_of(inspection, item_id, refused_form),
        form=form or FinishForm(), missing=missing, item_id=item_id, photo_problems=photo_problems, **_about_photos(),
    )  # fmt: skip


def record_page(
    inspection: Inspection, form: CorrectForm, *, item_id: str = "", photo_problems: Sequence[str] = ()
) -> str:
    """What was signed off, and what was added since."""
    theirs = Repair.desk_of(worker()).where(Repair.id.in_([each.repair_id for each in inspection.findings]))
    return render_template(
        "inspection_desk/record.html", it=inspection, form=form,
        repairs=set(session().scalars(theirs.with_only_columns(Repair.id))), item_id=item_id,
        photo_problems=photo_problems, **_about_photos(),
    )  # fmt: skip


def page_of(inspection: Inspection, item_id: str, photo_problems: Sequence[str]) -> str:
    """Whichever of the two it is by now, with what was amiss with photos of one item."""
    if inspection.finished:
        return record_page(inspection, CorrectForm(), item_id=item_id, photo_problems=photo_problems)
    return sheet(inspection, item_id=item_id, photo_problems=photo_problems)


def _about_photos() -> dict[str, object]:
    return {"most_photos": MOST_PHOTOS, "accepted_photos": ACCEPTED}
