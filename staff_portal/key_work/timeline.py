"""What happened with one tenant, newest first, as far as this worker may see it now: many kinds, one list.

A room that has something to tell adds one `TimelineKind` to `KINDS`: a function that answers with its newest moments.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import abort, render_template, request
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from staff_portal.key_work import timeline_kinds as kinds
from staff_portal.key_work.moments import Asked, Mark, Moment, TimelineKind
from staff_portal.key_work.room import room, tenant_of
from staff_portal.roles import SUPPORTERS
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.web.audience import open_to
from tenant_app.web.house import session

A_PAGE = 30

KINDS = (
    TimelineKind("notes", _("Notes"), kinds.notes),
    TimelineKind("goals", _("Goals"), kinds.reviews),
    TimelineKind("steps", _("Steps"), kinds.steps),
    TimelineKind("tasks", _("Tasks"), kinds.tasks),
    TimelineKind("support-plan", _("Support plan"), kinds.plan_reviews),
    TimelineKind("move-on", _("Move-on plan"), kinds.move_on_reviews),
    TimelineKind("check-ins", _("Check-ins"), kinds.check_ins),
    TimelineKind("groups", _("Groups"), kinds.groups),
    TimelineKind("repairs", _("Repairs"), kinds.repairs),
    TimelineKind("documents", _("Documents"), kinds.documents),
)
"""In the order of the filter."""


@dataclass(frozen=True)
class Timeline:
    """A page of it. `onward` is where the next one begins; None at the end."""

    moments: list[Moment]
    onward: Mark | None


def timeline_of(
    session: Session, worker: Worker, tenant: Tenant, *, kind: str = "", before: Mark | None = None,
    most: int = A_PAGE,
) -> Timeline:  # fmt: skip
    """The newest moments of a tenant found in `worker.caseload`, of all kinds or one. The same number of statements
    however many there are. Raises `LookupError` for a kind that is none."""
    chosen = [one for one in KINDS if kind in ("", one.slug)]
    if not chosen:
        raise LookupError(kind)
    asked = Asked(session, worker, tenant, before, most + 1)
    found = sorted((moment for one in chosen for moment in one.source(asked)), key=_newest_first, reverse=True)
    return Timeline(found[:most], found[most - 1].mark if len(found) > most else None)


def _newest_first(moment: Moment) -> Mark:
    return moment.mark


@room.get("/caseload/<uuid:tenant_id>/timeline")
@open_to(*SUPPORTERS)
def timeline(tenant_id: UUID) -> str:
    """A page of it: `kind` chooses one, `before` is where the page before ended."""
    tenant, kind = tenant_of(tenant_id, "timeline"), request.args.get("kind", "")
    try:
        before = Mark.read(request.args["before"]) if "before" in request.args else None
        shown = timeline_of(session(), worker(), tenant, kind=kind, before=before)
    except (ValueError, LookupError):
        abort(404)
    return render_template("record/timeline.html", tenant=tenant, timeline=shown, kinds=KINDS, chosen=kind)
