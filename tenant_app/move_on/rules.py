"""Decisions about a plan for moving on: when it begins, what the tenant wishes for, and what is on their list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.chores import apart
from tenant_app.database import new_id
from tenant_app.move_on.models import MoveOnItem, MoveOnPlan, Part, Ready, Wishes
from tenant_app.move_on.reminding import remind
from tenant_app.settings import Settings

MOST_OWN = 20
"""Things that a tenant may add to one part of the list."""
FURTHEST = relativedelta(years=10)
"""How far ahead a day to move may lie. Whoever means later does not know yet, and may say so."""
MOST_AT_ONCE = 200


@dataclass(frozen=True)
class ReviewRhythm:
    """When plans are looked over: our policy and no law, which an association changes in its settings."""

    first_weeks: int = 4
    """After moving in."""
    weeks: int = 12
    """After each review."""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """As this association has it."""
        return cls(settings.move_on_first_weeks, settings.move_on_weeks)


class Meanwhile(ValueError):
    """The wishes were changed elsewhere since a form showed them; `plan` has them as they are."""

    def __init__(self, plan: MoveOnPlan) -> None:
        super().__init__(plan.version)
        self.plan = plan


class ListFull(ValueError):
    """A part of the list has as many own things as anyone keeps in mind."""


def first_review(tenant: Tenant, today: date, rhythm: ReviewRhythm) -> date:
    """When a plan that begins now is first looked over. Who moved in long before is not asked at once."""
    return max(tenant.moved_in_on, today) + timedelta(weeks=rhythm.first_weeks)


def begin(session: Session, tenant: Tenant, rhythm: ReviewRhythm, zone: ZoneInfo) -> MoveOnPlan:
    """This tenant's plan, begun now if it was not yet; as the database has it now, whatever was read before."""
    # Two taps at the same moment queue here; the second then finds what the first wrote.
    session.execute(select(Tenant.id).where(Tenant.id == tenant.id).with_for_update(key_share=True))
    plan = session.scalar(MoveOnPlan.of(tenant).execution_options(populate_existing=True))
    if plan is None:
        plan = MoveOnPlan(tenant=tenant, review_on=first_review(tenant, clock.today(zone), rhythm), version=0)
        session.add(plan)
        session.flush()
        remind(session, plan, zone)
    return plan


def begin_all(session: Session, rhythm: ReviewRhythm, zone: ZoneInfo) -> bool:
    """Begin the plans of those who moved in and have none. Returns whether more remain."""
    none = ~exists().where(MoveOnPlan.tenant_id == Tenant.id)
    waiting = select(Tenant).where(none, Tenant.left_at.is_(None), Tenant.moved_in_on <= clock.today(zone))
    tenants = session.scalars(waiting.order_by(Tenant.id).limit(MOST_AT_ONCE)).all()
    begun = 0
    for tenant in tenants:
        with apart(session, "begin_move_on_plan", tenant.id):
            begin(session, tenant, rhythm, zone)
            begun += 1
    return begun == MOST_AT_ONCE


def say_wishes(session: Session, plan: MoveOnPlan, wishes: Wishes, *, seen: int, language: str = "") -> None:
    """Keep what the tenant wants. `seen` is the version that the form showed. The same again is a double tap.

    `plan` is fresh from `begin`. Raises `Meanwhile` where another page changed them since.
    """
    if plan.wishes == wishes:
        return
    if plan.version != seen:
        raise Meanwhile(plan)
    plan.wish(wishes, language)
    session.flush()


def say_state(session: Session, plan: MoveOnPlan, key: str, part: Part, state: Ready) -> MoveOnItem:
    """Say how one thing on the list stands; `plan` is fresh from `begin`."""
    item = _item(session, plan, key, part)
    item.stand(state)
    session.flush()
    return item


def note_down(session: Session, plan: MoveOnPlan, key: str, part: Part, note: str, language: str = "") -> MoveOnItem:
    """Keep a note beside one thing on the list, in place of the one it had; `plan` is fresh from `begin`."""
    item = _item(session, plan, key, part)
    if item.note != note:
        item.note, item.note_language = note, language if note else ""
    session.flush()
    return item


def add_item(session: Session, plan: MoveOnPlan, part: Part, words: str, *, language: str = "") -> MoveOnItem:
    """Put a thing of the tenant's own on the list; `plan` is fresh from `begin`. The same words again are the one that
    is there: a double tap. Raises `ListFull`."""
    own = [item for item in plan.items if item.own and item.part is part]
    same = next((item for item in own if item.words == words), None)
    if same is not None:
        return same
    if len(own) >= MOST_OWN:
        raise ListFull
    made = new_id()
    item = MoveOnItem(id=made, key=str(made), part=part, words=words, language=language, state=Ready.NOT_YET)
    plan.items.append(item)
    session.flush()
    return item


def _item(session: Session, plan: MoveOnPlan, key: str, part: Part) -> MoveOnItem:
    item = plan.item(key)
    if item is None:
        item = MoveOnItem(key=key, part=part, state=Ready.NOT_YET)
        plan.items.append(item)
    return item
