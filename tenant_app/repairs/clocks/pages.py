"""The written summary of an investigation, as its tenant reads, keeps and prints it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template

from tenant_app.accounts.gate import tenant
from tenant_app.repairs.clocks.models import ClockPause
from tenant_app.repairs.clocks.stays import AlternativeStay
from tenant_app.repairs.clocks.summaries import InvestigationSummary
from tenant_app.repairs.models import Repair
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.house import find, session

room = Blueprint("repair_clocks", __name__, template_folder="templates")


@room.app_template_global("clock_facts")
def facts(repair: Repair) -> dict[str, object]:
    """What stands beside the clocks of one repair: pauses, written summaries and other places to stay."""
    return {
        "pauses": session().scalars(ClockPause.of(repair)).all(),
        "summaries": session().scalars(InvestigationSummary.of(repair)).all(),
        "stays": session().scalars(AlternativeStay.of(repair)).all(),
    }


@room.get("/repairs/<uuid:repair_id>/summary")
@open_to(TENANT)
def summary(repair_id: UUID) -> str:
    """What we found, newest first. Before anything was written it says by when it is."""
    repair = find(Repair.read_by(tenant()), repair_id)
    written = session().scalars(InvestigationSummary.of(repair)).all()
    return render_template("clocks/summary.html", repair=repair, written=written)
