"""Early signs: what may be worth asking a tenant about before anything goes wrong. Every rule there is stands here.

A sign is a sentence with its reasons and their dates, about one tenant. It is never a number, nobody is put before
anybody by it, and nothing is done by it: somebody says hello. Each rule reads only what the tenant lets this worker see
now, asked afresh each time, so that with a consent its reasons go at the next request. What is not recorded is never
taken for something that was not done.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, ForeignKey, Index, Select, String, exists, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.consent import Category, GivenAs, shares_with
from tenant_app.accounts.models import Tenant, Worker, supported_by
from tenant_app.bulk import among
from tenant_app.check_ins.models import CheckIn
from tenant_app.database import Base, Id
from tenant_app.goals.models import Goal, Step
from tenant_app.groups.models import GroupSession
from tenant_app.groups.register.care import told_to
from tenant_app.groups.register.records import Missed
from tenant_app.medication.models import Dose, DoseTime, Medicine
from tenant_app.medication.patterns import EVERY_DAY
from tenant_app.medication.pausing.models import MedicinePause
from tenant_app.rent.hardship import Hardship, HardshipState
from tenant_app.rent.models import RentAccount
from tenant_app.support.contact import NEVER, last_contact

SILENT_DAYS = 14
"""No check-in for so long. Most make one a week, so two in a row were left out; one alone is a busy Sunday."""
SILENT_HABIT = 2
"""Check-ins within `SILENT_AT_MOST` that make a habit: of who never took to it, silence says nothing."""
SILENT_AT_MOST = 56
"""After eight weeks it is a habit given up, and no longer an early sign."""
STILL_DAYS = 28
"""No step on a shared goal for so long: a month, because steps are small. A paused goal rests, and is never one."""
STILL_AT_MOST = 120
"""By then it was talked about at a review."""
CONTACT_DAYS = 21
"""Not in touch for so long: three weeks is a holiday on top of a week's rhythm. Of the worker's own doing."""
CONTACT_AT_MOST = 120
UNRECORDED_DAYS = 3
"""Whole days without a word about medicines that are planned each day: a weekend away is two. It says that nothing was
recorded, and never that nothing was taken."""
UNRECORDED_AT_MOST = 28
"""After four weeks they have stopped recording, which is their choice."""
LONGEST = 300
"""Letters of why a sign was put away."""


class Rule(enum.StrEnum):
    """Why a tenant may be worth asking."""

    CHECK_INS = "check-ins"
    MISSED = "missed"
    GOAL = "goal"
    MEDICINES = "medicines"
    CONTACT = "contact"
    HARDSHIP = "hardship"


BESIDE = frozenset({Rule.HARDSHIP})
"""Never a sign alone, because it is a request already and stands among those; told beside another reason."""


@dataclass(frozen=True)
class Reason:
    """One rule that holds, and since when."""

    rule: Rule
    on: date
    """The last day on which there was something, or the day on which it was told."""
    fact: str
    """What exactly it is about: by this it is known again once it was put away."""
    about: str = ""
    """Of a missed group, its kind."""


@dataclass(frozen=True)
class Sign:
    """Everything there is to ask one tenant about, told once."""

    tenant: Tenant
    reasons: tuple[Reason, ...]

    @property
    def facts(self) -> list[str]:
        return [reason.fact for reason in self.reasons]


Signs = Mapping[UUID, tuple[Reason, ...]]
"""The reasons by tenant, of those of whom there is a sign."""


class DismissedSign(Base):
    """A worker looked at a sign and put it away, for a reason. The same facts make no sign for them again; new ones do.
    Rows are kept, and never changed."""

    __tablename__ = "dismissed_sign"

    id: Mapped[Id]
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    facts: Mapped[list[str]] = mapped_column(JSON)
    """Of the reasons that were shown, as in `Reason.fact`."""
    why: Mapped[str] = mapped_column(String(LONGEST))
    """In the worker's words."""
    language: Mapped[str] = mapped_column(String(12), default="")
    dismissed_at: Mapped[datetime] = mapped_column(default=clock.now)

    tenant: Mapped[Tenant] = relationship(foreign_keys=tenant_id)
    worker: Mapped[Worker] = relationship(foreign_keys=worker_id)

    __table_args__ = (Index("ix_dismissed_sign_worker", "worker_id", "tenant_id"),)

    @classmethod
    def of(cls, tenant: Tenant) -> Select[DismissedSign]:
        """What was put away about this tenant, newest first."""
        return select(cls).where(cls.tenant_id == tenant.id).order_by(cls.dismissed_at.desc(), cls.id)


def signs_of(session: Session, worker: Worker, zone: ZoneInfo) -> Signs:
    """Every sign for this worker. A fixed number of questions, however many they support."""
    reasons: dict[UUID, list[Reason]] = defaultdict(list)
    for rule in RULES:
        for tenant_id, reason in rule(session, worker, zone):
            reasons[tenant_id].append(reason)
    for tenant_id, facts in _put_away(session, worker, reasons).items():
        reasons[tenant_id] = [reason for reason in reasons[tenant_id] if reason.fact not in facts]
    return {
        tenant_id: tuple(found) for tenant_id, found in reasons.items()
        if any(reason.rule not in BESIDE for reason in found)
    }  # fmt: skip


def first_signs(session: Session, worker: Worker, signs: Signs, most: int) -> list[Sign]:
    """The first of them, by the tenants' names: an order that says nothing of anybody."""
    named = session.scalars(worker.caseload.where(among(Tenant.id, signs)).limit(most))
    return [Sign(tenant, signs[tenant.id]) for tenant in named]


def dismiss(
    session: Session, worker: Worker, sign: Sign, facts: Collection[str], why: str, language: str = ""
) -> DismissedSign:
    """Put a sign away: those of its reasons that the worker was shown (`facts`), and none that came since. Raises
    `ValueError` without a reason why, or where nothing of it was shown."""
    shown = [fact for fact in sign.facts if fact in facts]
    if not shown or not why.strip():
        raise ValueError("a sign is put away for a reason, once it was seen")
    dismissed = DismissedSign(
        tenant_id=sign.tenant.id, worker_id=worker.id, facts=shown, why=why, language=language
    )
    session.add(dismissed)
    session.flush()
    return dismissed


Found = Iterator[tuple[UUID, Reason]]


def _no_check_in(session: Session, worker: Worker, zone: ZoneInfo) -> Found:
    """Who checked in now and then, lets this worker see it, and has not for a while. What they said is not read."""
    today = clock.today(zone)
    sharing = select(Tenant.id).where(
        supported_by(worker), shares_with(worker, Category.CHECK_INS, GivenAs.KEYWORKER)
    )
    last = func.max(CheckIn.day)
    lately = (
        select(CheckIn.tenant_id, last)
        .where(CheckIn.tenant_id.in_(sharing), CheckIn.day > today - timedelta(days=SILENT_AT_MOST))
        .group_by(CheckIn.tenant_id)
        .having(last <= today - timedelta(days=SILENT_DAYS), func.count() >= SILENT_HABIT)
    )
    for tenant_id, day in session.execute(lately):
        yield tenant_id, Reason(Rule.CHECK_INS, day, f"check-ins:{day}")


def _missed_in_a_row(session: Session, worker: Worker, zone: ZoneInfo) -> Found:
    """Who was missed at a group twice in a row, lets their keyworker know, and has not said that all is well. Who would
    like a call is no sign but a request."""
    agreed = shares_with(worker, Category.GROUPS, GivenAs.KEYWORKER)
    missed = told_to(worker).where(agreed, Missed.wants_call_at.is_(None)).with_only_columns(
        Missed.tenant_id, Missed.id, GroupSession.starts_at, GroupSession.zone, GroupSession.kind
    )  # fmt: skip
    for tenant_id, missed_id, starts_at, own_zone, kind in session.execute(missed):
        day = starts_at.astimezone(ZoneInfo(own_zone)).date()
        yield tenant_id, Reason(Rule.MISSED, day, f"missed:{missed_id}", kind)


def _goal_stands_still(session: Session, worker: Worker, zone: ZoneInfo) -> Found:
    """Who shares a goal that is neither paused nor reached, and has steps, none of them done for a while."""
    now = clock.now()
    moved = func.max(func.coalesce(Step.done_at, Goal.written_at))
    still = (
        select(Goal.tenant_id, Goal.id, moved)
        .join(Tenant, Tenant.id == Goal.tenant_id)
        .join(Step, Step.goal_id == Goal.id)
        .where(
            supported_by(worker), Goal.shared_at.is_not(None), Goal.paused_at.is_(None), Goal.reached_at.is_(None)
        )
        .group_by(Goal.tenant_id, Goal.id)
        .having(moved <= now - timedelta(days=STILL_DAYS), moved > now - timedelta(days=STILL_AT_MOST))
        .order_by(Goal.id)
    )
    told = set()
    for tenant_id, goal_id, at in session.execute(still):
        if tenant_id not in told:  # two goals at rest are one thing to talk about
            told.add(tenant_id)
            day = at.astimezone(zone).date()
            yield tenant_id, Reason(Rule.GOAL, day, f"goal:{goal_id}:{day}")


def _nothing_recorded(session: Session, worker: Worker, zone: ZoneInfo) -> Found:
    """Who records their medicines, lets this worker see it, has some planned for each day, and has said nothing for a
    while though nothing is paused."""
    today = clock.today(zone)
    then = clock.now() - timedelta(days=UNRECORDED_DAYS + 1)
    planned = exists().where(
        Medicine.tenant_id == Tenant.id, Medicine.as_needed.is_(False), Medicine.stopped_at.is_(None),
        or_(Medicine.ends_on.is_(None), Medicine.ends_on >= today), DoseTime.medicine_id == Medicine.id,
        DoseTime.first_day <= today - timedelta(days=UNRECORDED_DAYS),
        or_(DoseTime.last_day.is_(None), DoseTime.last_day >= today), DoseTime.every_days == 1,
        DoseTime.weekdays == EVERY_DAY.weekdays,
    )  # fmt: skip
    paused = exists().where(
        MedicinePause.tenant_id == Tenant.id, or_(MedicinePause.ends_at.is_(None), MedicinePause.ends_at > then)
    )
    sharing = select(Tenant.id).where(
        supported_by(worker), shares_with(worker, Category.MEDICATION, GivenAs.KEYWORKER), planned, ~paused
    )
    last = func.max(Dose.day)
    lately = (
        select(Dose.tenant_id, last)
        .where(Dose.tenant_id.in_(sharing), Dose.day > today - timedelta(days=UNRECORDED_AT_MOST))
        .group_by(Dose.tenant_id)
        # Today is not over, so it is none of the days that have gone by.
        .having(last < today - timedelta(days=UNRECORDED_DAYS))
    )
    for tenant_id, day in session.execute(lately):
        yield tenant_id, Reason(Rule.MEDICINES, day, f"medicines:{day}")


def _no_contact(session: Session, worker: Worker, zone: ZoneInfo) -> Found:
    """With whom this worker was in touch, and has not been for a while. It needs no consent: it is the worker's own."""
    now = clock.now()
    from_, until = now - timedelta(days=CONTACT_AT_MOST), now - timedelta(days=CONTACT_DAYS)
    for tenant_id, at in session.execute(select(Tenant.id, last_contact(worker)).where(supported_by(worker))):
        if at > NEVER and from_ < at <= until:
            day = at.astimezone(zone).date()
            yield tenant_id, Reason(Rule.CONTACT, day, f"contact:{day}")


def _cannot_pay(session: Session, worker: Worker, zone: ZoneInfo) -> Found:
    """Who told us that they cannot pay, wanted their keyworker to know, and waits for an answer."""
    told = Hardship.told_to(worker).join(RentAccount, RentAccount.id == Hardship.account_id).with_only_columns(
        Hardship.id, Hardship.told_at, RentAccount.tenant_id, Hardship.state
    )  # fmt: skip
    for hardship_id, at, tenant_id, state in session.execute(told):
        if state is HardshipState.OPEN:
            yield tenant_id, Reason(Rule.HARDSHIP, at.astimezone(zone).date(), f"hardship:{hardship_id}")


RULES: tuple[Callable[[Session, Worker, ZoneInfo], Found], ...] = (
    _no_check_in, _missed_in_a_row, _goal_stands_still, _nothing_recorded, _no_contact, _cannot_pay,
)  # fmt: skip
"""In the order in which a sentence gives them."""


def _put_away(session: Session, worker: Worker, tenant_ids: Collection[UUID]) -> dict[UUID, set[str]]:
    """The facts about these tenants that this worker has put away."""
    dismissed = select(DismissedSign.tenant_id, DismissedSign.facts).where(
        DismissedSign.worker_id == worker.id, among(DismissedSign.tenant_id, tenant_ids)
    )
    found: dict[UUID, set[str]] = defaultdict(set)
    for tenant_id, facts in session.execute(dismissed):
        found[tenant_id].update(facts)
    return found
