"""What people who are coming need there, so that it can be prepared. Theirs who have a place, and nobody else's."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template

from staff_portal.roles import REGISTER_KEEPERS
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Look
from tenant_app.groups.models import GroupSession
from tenant_app.groups.needs import coming_with_needs
from tenant_app.groups.needs_words import need_lines
from tenant_app.groups.titles import programme
from tenant_app.web.audience import open_to
from tenant_app.web.house import find, session

room = Blueprint("register_needs", __name__, template_folder="templates")


@room.get("/registers/<uuid:session_id>/needs")
@open_to(*REGISTER_KEEPERS)
def show(session_id: UUID) -> str:
    """Access, interpreters, food and supporters of one session, each line as the tenant was shown it."""
    group_session = find(GroupSession.run_by(worker()), session_id)
    coming = coming_with_needs(session(), group_session)
    session().add_all(
        Look(worker_id=worker().id, tenant_id=booking.tenant_id, what="needs") for booking, _ in coming
    )
    session().flush()
    return render_template(
        "registers/needs.html", it=group_session, page=programme(group_session.kind),
        coming=[(booking, need_lines(needs)) for booking, needs in coming],
    )  # fmt: skip
