"""What inspections of buildings found and nobody has mended yet: a list beside the repairs desk."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from staff_portal.inspections.forms import SettleForm
from staff_portal.inspections.room import refused, room
from staff_portal.roles import MENDERS
from tenant_app.accounts.gate import worker
from tenant_app.inspections.models import Finding
from tenant_app.web.audience import open_to
from tenant_app.web.house import find, session
from tenant_app.web.locale import language


@room.app_template_global("inspection_findings")
def count() -> int:
    """How many there are for whoever reads the repairs desk."""
    return len(session().scalars(Finding.open_for(worker())).all())


@room.get("/inspections/findings")
@open_to(*MENDERS)
def found() -> str:
    """All of them, the oldest first."""
    return _page()


@room.post("/inspections/findings/<uuid:finding_id>")
@open_to(*MENDERS)
def settle(finding_id: UUID) -> tuple[str, int] | Response:
    """It is mended: what was done. What was said first stands."""
    finding = find(Finding.seen_by(worker()).with_for_update(of=Finding), finding_id)
    form = SettleForm.asked()
    if not form.valid():
        return refused(_page(finding, form), 422)
    finding.settle(worker(), form.words.data, language().code)
    flash(gettext("Kept, with what was done."))
    return redirect(url_for("inspection_desk.found"), 303)


def _page(asked: Finding | None = None, form: SettleForm | None = None) -> str:
    waiting = session().scalars(Finding.open_for(worker()).options(joinedload(Finding.worker))).all()
    return render_template("inspection_desk/findings.html", findings=waiting, asked=asked, form=form or SettleForm())
