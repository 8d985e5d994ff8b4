"""The room of the programme, and what all its pages need: who can be chosen, and what sessions are called."""

from __future__ import annotations

from collections.abc import Sequence

from babel.lists import format_list
from flask import Blueprint
from markupsafe import Markup, escape
from sqlalchemy import func, or_, select

from staff_portal.programme.forms import part_words
from staff_portal.roles import REGISTER_KEEPERS
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Property, Role, Worker
from tenant_app.groups.models import GroupSession
from tenant_app.groups.titles import own_name, programme, spoken_at, where
from tenant_app.web.house import session
from tenant_app.web.locale import language

room = Blueprint("programme", __name__, template_folder="templates")


@room.context_processor
def words() -> dict[str, object]:
    """What sessions are called, in which languages they are held, and who does what there."""
    return {
        "programme": programme, "spoken_at": spoken_at, "own_name": own_name, "part_words": part_words(),
        "listed": listed, "where": where,
    }  # fmt: skip


def listed(pieces: Sequence[object]) -> Markup:
    """Several things as one phrase, with the commas and the "and" of the reader's language."""
    return Markup(format_list([escape(piece) for piece in pieces], locale=language().locale))  # noqa: S704 - escaped


def helpers(group_session: GroupSession | None = None) -> dict[str, Worker]:
    """Who may be named beside the lead, by id: anyone who keeps registers, and whoever runs this session now."""
    now = [group_session.facilitator_id, *(each.worker_id for each in group_session.beside)] if group_session else []
    found = session().scalars(
        select(Worker)
        .where(or_(Worker.id.in_(now), Worker.role.in_(REGISTER_KEEPERS) & Worker.left_at.is_(None)))
        .order_by(func.lower(Worker.name), Worker.id)
    )
    return {str(each.id): each for each in found}


def leads(among: dict[str, Worker]) -> dict[str, Worker]:
    """Who may be chosen to lead; a facilitator plans their own sessions."""
    return {str(worker().id): worker()} if worker().role is Role.FACILITATOR else among


def homes() -> dict[str, Property]:
    """Homes by id, for which a group can be."""
    return {str(each.id): each for each in session().scalars(select(Property).order_by(Property.name))}
