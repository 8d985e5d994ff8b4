"""What a tenant told with a report beside what it is: who is at home, how to get in, and how far the questions are.

Apart from the repair, because it names health: whoever only mends, or only counts, reads the repair and never this.
"""

from __future__ import annotations

import enum
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Select, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tenant_app.accounts.models import Tenant
from tenant_app.database import Base, Id
from tenant_app.repairs.models import OPEN, Repair, State

SPOKEN = (
    "am", "ar", "bn", "ckb", "en", "es", "fa", "fr", "gu", "ku", "pl", "pt", "so", "ti", "tr", "ur", "vi", "yi", "zh",
)  # fmt: skip
"""Codes of languages that somebody may want to be spoken to in."""


class AtHome(enum.StrEnum):
    """Who at home is harmed sooner than others by damp, cold or no water."""

    CONDITION = "condition"
    CHILD = "child"
    PREGNANT = "pregnant"
    OLDER = "older"


class Times(enum.StrEnum):
    """When somebody may come."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class ReportDetails(Base):
    """The rest of one report. A repair that staff raised, or that was reported before these were asked, has none."""

    __tablename__ = "repair_details"

    id: Mapped[Id]
    repair_id: Mapped[UUID] = mapped_column(ForeignKey(Repair.id, ondelete="CASCADE"), unique=True)
    answered: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Questions that were answered or passed over, so that a draft goes on with the first of the others."""
    at_home: Mapped[list[str]] = mapped_column(JSON, default=list)
    """`AtHome`, as many as hold. Health of people in that home: private to those who deal with the repair."""
    times: Mapped[list[str]] = mapped_column(JSON, default=list)
    """`Times` that suit; empty for any."""
    may_use_key: Mapped[bool | None]
    """Whether we may let ourselves in if nobody is there; None where that was not said."""
    someone_with_me: Mapped[bool] = mapped_column(default=False)
    """Whether they want somebody beside them while a stranger is in their home."""
    spoken: Mapped[str] = mapped_column(String(12), default="")
    """Code of the language to speak with them; empty where that was not said."""
    interpreter: Mapped[bool] = mapped_column(default=False)

    def answer(self, question: str) -> None:
        """A question was answered or passed over. Saying so twice says it once."""
        if question not in self.answered:
            self.answered = [*self.answered, question]

    def say_access(
        self, *, times: list[str], may_use_key: bool | None, someone_with_me: bool, spoken: str, interpreter: bool
    ) -> None:
        """Keep the answer to how to get in."""
        self.times, self.may_use_key, self.someone_with_me = times, may_use_key, someone_with_me
        self.spoken, self.interpreter = spoken, interpreter


def details_of(session: Session, repair: Repair) -> ReportDetails | None:
    """The details of a repair that was found through whoever may see it; None where there are none."""
    return session.scalars(select(ReportDetails).where(ReportDetails.repair_id == repair.id)).one_or_none()


def details_to_fill(session: Session, draft: Repair) -> ReportDetails:
    """The details of a draft, to be written into; begun if there are none. `draft` is locked by the caller."""
    found = details_of(session, draft)
    if found is None:
        found = ReportDetails(repair_id=draft.id, answered=[], at_home=[], times=[])
        session.add(found)
    return found


def last_time(session: Session, tenant: Tenant) -> ReportDetails | None:
    """What the tenant said of getting in with the newest report that they sent themselves: what is still so need not be
    asked for again."""
    return session.scalars(
        select(ReportDetails).join(Repair, ReportDetails.repair_id == Repair.id)
        .where(Repair.tenant_id == tenant.id, Repair.state != State.DRAFT, ~Repair.shared)
        .order_by(Repair.reported_at.desc(), Repair.id).limit(1)
    ).one_or_none()  # fmt: skip


def same_before(session: Session, draft: Repair) -> Repair | None:
    """The newest open report of the same thing in the same shared part of the draft's building, whoever told us.

    Of what it returns a tenant is told the day, and whether it was themselves; never who else.
    """
    if not draft.shared or draft.tenant is None:
        return None
    known: Select[Repair] = select(Repair).where(
        Repair.property_id == draft.tenant.property_id, Repair.shared, Repair.kind == draft.kind,
        Repair.state.in_(OPEN), Repair.id != draft.id,
    ).order_by(Repair.reported_at.desc(), Repair.id)  # fmt: skip
    same_part = (each for each in session.scalars(known) if not (each.part and draft.part and each.part != draft.part))
    return next((each for each in same_part if set(each.rooms) & set(draft.rooms)), None)
