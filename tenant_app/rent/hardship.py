"""A tenant tells us that they cannot pay; a housing officer answers. Nothing is held against anyone who tells us."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Select, String, Text, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker, keyworker_is
from tenant_app.database import Base, Id, Pence, new_id, one_of, put_if_absent
from tenant_app.rent.models import RentAccount

ANSWER_WITHIN = 2
"""Working days in which a housing officer calls or writes. The page promises it."""

QUIET_FOR = timedelta(days=7)
"""How long reminders of that payment rest if nobody answers."""

SHOWN_FOR = timedelta(days=30)
"""How long an answer stands on the tenant's page, and all of it on their keyworker's."""

HAPPENED = ("late", "changed", "cost", "less_work", "owe", "other")
"""What may have happened; a tenant may choose several, or none."""


class HardshipState(enum.StrEnum):
    """What became of it."""

    OPEN = "open"
    ANSWERED = "answered"
    """The tenant has a reply; something may still be worked out."""
    AGREED = "agreed"
    CLOSED = "closed"


class About(enum.StrEnum):
    """Which kind of payment it is about."""

    RENT = "rent"
    PLAN = "plan"
    """An instalment of the agreement."""


_OPEN = text("state = 'open'")


class Hardship(Base):
    """One time that a tenant told us they cannot pay."""

    __tablename__ = "hardship"

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey(RentAccount.id, ondelete="CASCADE"))
    state: Mapped[HardshipState] = mapped_column(one_of(HardshipState, 10), default=HardshipState.OPEN)
    about: Mapped[About] = mapped_column(one_of(About, 8))
    about_day: Mapped[date]
    """The day of the payment that it is about."""
    happened: Mapped[list[str]] = mapped_column(JSON, default=list)
    words: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(12), default="")
    can_pay_pence: Mapped[Pence | None]
    can_pay_on: Mapped[date | None]
    tell_keyworker: Mapped[bool] = mapped_column(default=False)
    told_at: Mapped[datetime] = mapped_column(default=clock.now)
    reply: Mapped[str] = mapped_column(Text, default="")
    reply_language: Mapped[str] = mapped_column(String(12), default="")
    worker_id: Mapped[UUID | None] = mapped_column(ForeignKey(Worker.id))
    """Who answered last."""
    answered_at: Mapped[datetime | None]

    account: Mapped[RentAccount] = relationship(lazy="joined")
    worker: Mapped[Worker | None] = relationship()

    __table_args__ = (
        CheckConstraint("can_pay_pence > 0", "can_pay"),
        Index("ix_hardship_account", "account_id", "told_at"),
        Index("ix_hardship_state", "state", "told_at"),
        Index("uq_hardship_open", "account_id", unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN),
    )

    @classmethod
    def among(cls, accounts: Select[RentAccount]) -> Select[Hardship]:
        """Those of accounts that somebody may see, newest first."""
        ids = accounts.with_only_columns(RentAccount.id).order_by(None)
        return select(cls).where(cls.account_id.in_(ids)).order_by(cls.told_at.desc(), cls.id.desc())

    @classmethod
    def of(cls, tenant: Tenant) -> Select[Hardship]:
        """This tenant's own, newest first."""
        return cls.among(select(RentAccount).where(RentAccount.tenant_id == tenant.id))

    @classmethod
    def told_to(cls, worker: Worker) -> Select[Hardship]:
        """Those of late that tenants wanted this worker, their keyworker, to know of, and that are not closed. They let
        one person see it: whoever stands in does not."""
        supported = select(Tenant.id).where(keyworker_is(worker))
        return cls.among(select(RentAccount).where(RentAccount.tenant_id.in_(supported))).where(
            cls.tell_keyworker, cls.state != HardshipState.CLOSED, cls.told_at > clock.now() - SHOWN_FOR
        )

    @property
    def open(self) -> bool:
        return self.state is HardshipState.OPEN

    @property
    def answer_by(self) -> date:
        """The day by which a housing officer calls or writes."""
        return clock.add_working_days(self.told_on, ANSWER_WITHIN)

    @property
    def told_on(self) -> date:
        return self.told_at.astimezone(ZoneInfo(self.account.zone)).date()

    def quiets(self, payment: date, on: date) -> bool:
        """Whether reminders of what is to be paid on the day `payment` rest on the day `on`."""
        return self.open and self.about_day == payment and on < self.told_on + QUIET_FOR

    def take_back(self) -> None:
        """The tenant can pay after all."""
        if self.open:
            self.state = HardshipState.CLOSED

    def answer(self, worker: Worker, state: HardshipState, reply: str, language: str) -> None:
        """A housing officer replies. Raises `ValueError` without words, or for a state that is no answer."""
        if not reply.strip() or state is HardshipState.OPEN:
            raise ValueError("an answer says something")
        self.state, self.reply, self.reply_language = state, reply, language
        self.worker, self.answered_at = worker, clock.now()


def open_hardship(session: Session, account: RentAccount) -> Hardship | None:
    """The one that waits for an answer, if there is one."""
    return session.scalars(
        select(Hardship).where(Hardship.account_id == account.id, Hardship.state == HardshipState.OPEN)
    ).first()


def write_down(
    session: Session, account: RentAccount, about: About, about_day: date, *, happened: Sequence[str] = (),
    words: str = "", language: str = "", can_pay_pence: Pence | None = None, can_pay_on: date | None = None,
    tell_keyworker: bool = False,
) -> tuple[Hardship, bool]:  # fmt: skip
    """Write down that the tenant cannot pay. While one waits for an answer, telling again changes nothing. Returns it,
    and whether it is new. Raises `ValueError` for a sum of nothing, or for something that cannot have happened."""
    if can_pay_pence is not None and can_pay_pence <= 0:
        raise ValueError("a sum is more than nothing")
    if set(happened) - set(HAPPENED):
        raise ValueError("not one of what may have happened")
    new = put_if_absent(session, Hardship, [{
        "id": new_id(), "account_id": account.id, "state": HardshipState.OPEN, "about": about, "about_day": about_day,
        "happened": [one for one in HAPPENED if one in happened], "words": words, "language": language,
        "can_pay_pence": can_pay_pence, "can_pay_on": can_pay_on, "tell_keyworker": tell_keyworker,
        "told_at": clock.now(), "reply": "", "reply_language": "",
    }])  # fmt: skip
    found = open_hardship(session, account)
    assert found is not None
    return found, bool(new)
