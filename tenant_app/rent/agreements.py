"""Arrears agreements and what became of them. Terms never change once proposed: other terms are another agreement."""

from __future__ import annotations

import enum
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, Text, and_, or_, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Person, Tenant, Worker
from tenant_app.database import Base, Id, Pence, one_of
from tenant_app.rent.models import Frequency, RentAccount
from tenant_app.rent.plans import Rest, Terms


class AgreementState(enum.StrEnum):
    """Where an agreement is in its life (FACTS, "Rent and money")."""

    PROPOSED = "proposed"
    """By one side, and not yet agreed by the other."""
    ACTIVE = "active"
    KEPT = "kept"
    """Paid in full."""
    BREACHED = "breached"
    """A payment did not come, and neither did it within the days of grace."""
    PAUSED = "paused"
    CANCELLED = "cancelled"


LIVE = (AgreementState.ACTIVE, AgreementState.PAUSED, AgreementState.BREACHED)
"""What covers an account now. An account has one such agreement at most, and beside it one proposal."""

_LIVE = text("state IN ('active', 'paused', 'breached')")
_PROPOSED = text("state = 'proposed'")


class Agreement(Base):
    """A plan to pay arrears bit by bit, agreed by both sides."""

    __tablename__ = "agreement"

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey(RentAccount.id, ondelete="CASCADE"))
    state: Mapped[AgreementState] = mapped_column(one_of(AgreementState, 10), default=AgreementState.PROPOSED)
    proposed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"))
    arrears_pence: Mapped[Pence]
    """What was owed at the end of `reckoned_on`, and what the plan adds up to."""
    reckoned_on: Mapped[date]
    initial_pence: Mapped[Pence] = mapped_column(default=0)
    initial_on: Mapped[date | None]
    instalment_pence: Mapped[Pence]
    frequency: Mapped[Frequency] = mapped_column(one_of(Frequency, 12))
    first_on: Mapped[date]
    agreed_at: Mapped[datetime | None]
    paused_until: Mapped[date | None]
    """The day on which it goes on by itself; None: when somebody says so."""
    wish: Mapped[str] = mapped_column(Text, default="")
    """What the tenant would rather have, in their own words."""
    wish_language: Mapped[str] = mapped_column(String(12), default="")
    wish_pence: Mapped[Pence | None]
    """The instalment that they suggest."""
    wished_at: Mapped[datetime | None]
    reviewed_on: Mapped[date | None]
    """The day for which its state was last reckoned. None: something came in since."""

    account: Mapped[RentAccount] = relationship(lazy="joined")
    proposed_by: Mapped[Person | None] = relationship()
    moves: Mapped[list[AgreementMove]] = relationship(
        back_populates="agreement", cascade="all, delete-orphan", order_by="(AgreementMove.at, AgreementMove.id)"
    )

    __table_args__ = (
        CheckConstraint("arrears_pence > 0", "arrears"),
        CheckConstraint("instalment_pence > 0", "instalment"),
        CheckConstraint("initial_pence >= 0 AND initial_pence < arrears_pence", "initial"),
        Index("ix_agreement_account", "account_id"),
        Index("ix_agreement_reviewed", "reviewed_on", postgresql_where=_LIVE, sqlite_where=_LIVE),
        Index("uq_agreement_live", "account_id", unique=True, postgresql_where=_LIVE, sqlite_where=_LIVE),
        Index("uq_agreement_proposed", "account_id", unique=True, postgresql_where=_PROPOSED, sqlite_where=_PROPOSED),
    )

    @classmethod
    def among(cls, accounts: Select[RentAccount]) -> Select[Agreement]:
        """Agreements of accounts that somebody may see, newest first."""
        ids = accounts.with_only_columns(RentAccount.id).order_by(None)
        return select(cls).where(cls.account_id.in_(ids)).order_by(cls.id.desc())

    @classmethod
    def of(cls, tenant: Tenant) -> Select[Agreement]:
        """This tenant's, newest first."""
        return cls.among(select(RentAccount).where(RentAccount.tenant_id == tenant.id))

    @classmethod
    def of_account(cls, account: RentAccount) -> Select[Agreement]:
        """An account's, newest first."""
        return select(cls).where(cls.account_id == account.id).order_by(cls.id.desc())

    @classmethod
    def waiting_for_us(cls, accounts: Select[RentAccount]) -> Select[Agreement]:
        """Those that are for us to do something about: proposed by the tenant, answered with a wish, or breached."""
        theirs = select(RentAccount.tenant_id).where(RentAccount.id == cls.account_id).scalar_subquery()
        proposed = and_(
            cls.state == AgreementState.PROPOSED, or_(cls.wished_at.is_not(None), cls.proposed_by_id == theirs)
        )
        waiting = cls.among(accounts).where(or_(proposed, cls.state == AgreementState.BREACHED))
        return waiting.order_by(None).order_by(cls.id)

    @property
    def terms(self) -> Terms:
        """What is agreed."""
        return Terms(
            self.arrears_pence, self.instalment_pence, self.frequency, self.first_on, self.initial_pence,
            self.initial_on,
        )  # fmt: skip

    @property
    def live(self) -> bool:
        return self.state in LIVE

    @property
    def open(self) -> bool:
        return self.live or self.state is AgreementState.PROPOSED

    @property
    def by_tenant(self) -> bool:
        """Whether the tenant proposed it, so that it is for us to agree."""
        return self.proposed_by_id == self.account.tenant_id

    def move(self, state: AgreementState, person: Person | None, words: str = "") -> None:
        """Go to another state, and write down who did it; None: a rule. The same state again changes nothing."""
        if self.moves and self.state is state:
            return
        came_from = self.state if self.moves else None
        self.moves.append(AgreementMove(came_from=came_from, state=state, person=person, words=words, at=clock.now()))
        self.state = state

    def rests(self, today: date) -> list[Rest]:
        """Days for which it was paused, or is now: up to the day before it goes on, or up to today."""
        zone = ZoneInfo(self.account.zone)
        rests: list[Rest] = []
        since: date | None = None
        for move in self.moves:
            day = move.at.astimezone(zone).date()
            if since is not None and move.state is not AgreementState.PAUSED:
                if day > since:
                    rests.append(Rest(since, date.fromordinal(day.toordinal() - 1)))
                since = None
            elif move.state is AgreementState.PAUSED:
                since = day
        if since is not None:
            last = date.fromordinal(self.paused_until.toordinal() - 1) if self.paused_until else today
            rests.append(Rest(since, max(last, since)))
        return rests

    def wish_for(self, words: str, language: str, pence: Pence | None) -> None:
        """The tenant asks for other terms. It stays proposed until somebody answers with others."""
        self.wish, self.wish_language, self.wish_pence, self.wished_at = words, language, pence, clock.now()


class AgreementMove(Base):
    """One change of an agreement's state: who, when, and why."""

    __tablename__ = "agreement_move"

    id: Mapped[Id]
    agreement_id: Mapped[UUID] = mapped_column(ForeignKey(Agreement.id, ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id, ondelete="SET NULL"))
    """Who moved it; None: the rules did, by what came in and what did not."""
    came_from: Mapped[AgreementState | None] = mapped_column(one_of(AgreementState, 10))
    state: Mapped[AgreementState] = mapped_column(one_of(AgreementState, 10))
    words: Mapped[str] = mapped_column(Text, default="")
    """Why, as the tenant reads it."""

    agreement: Mapped[Agreement] = relationship(back_populates="moves")
    person: Mapped[Person | None] = relationship()

    @property
    def by_worker(self) -> bool:
        return isinstance(self.person, Worker)
