"""The page of one repair, whichever of its forms was sent."""

from __future__ import annotations

from flask import render_template

from tenant_app.repairs.contractors.jobs import job_of
from tenant_app.repairs.forms import NotFixedForm
from tenant_app.repairs.models import Repair
from tenant_app.repairs.visits.forms import MessageForm
from tenant_app.repairs.visits.models import VisitSlot
from tenant_app.repairs.visits.rules import rating_of
from tenant_app.repairs.visits.slots import begun
from tenant_app.web.house import house, session


def show_repair(
    repair: Repair, *, not_fixed: NotFixedForm | None = None, message: MessageForm | None = None, moved_on: bool = False
) -> str:
    """How it stands, what can be done about it, and its story. `moved_on`: what was asked for could not be done,
    because the page was an old one."""
    slots = session().scalars(VisitSlot.open_of(repair)).all() if repair.may_choose else []
    return render_template(
        "repairs/show.html", repair=repair, form=not_fixed or NotFixedForm(),
        message=message or MessageForm(prefix="message"), moved_on=moved_on, begun=begun(repair, house().settings.zone),
        slots=slots, job=job_of(session(), repair),
        rating=rating_of(session(), repair) if repair.state.value == "closed" else None,
    )  # fmt: skip
