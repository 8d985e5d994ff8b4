"""Medicines taken when they are needed: what was written down of gaps and numbers, and what was recorded since.

It reckons with what the tenant wrote down, says so, and keeps a true record. It never says whether to take one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.database import new_id, put_if_absent
from tenant_app.medication.models import AsNeededDose, Food, Medicine, MedicineForm
from tenant_app.medication.recording import DayClosed, StillToCome, may_record
from tenant_app.medication.regimen import BadRegimen, check_most, check_quantity
from tenant_app.medication.stock.rules import keep_stock_in_step
from tenant_app.medication.writing.rules import hold

ROLLING = timedelta(hours=24)
"""What "in 24 hours" means: any 24 hours, not a calendar day."""

LONGEST_GAP = timedelta(days=7)


@dataclass(frozen=True)
class Limits:
    """What the tenant wrote down from the label; None where it says nothing.

    The two need not fit each other: with twelve hours between two, "six in 24 hours" is simply never reached. Labels
    say such things, and both are kept as written; at each moment the later of the two counts.
    """

    gap: timedelta | None
    most: int | None

    @classmethod
    def of(cls, medicine: Medicine) -> Limits:
        gap = timedelta(minutes=medicine.gap_minutes) if medicine.gap_minutes else None
        return cls(gap, medicine.most_in_24h)

    def next_from(self, taken: Sequence[datetime]) -> datetime | None:
        """The first moment at which the next keeps to both; None where nothing holds it back."""
        ordered = sorted(taken)
        waits = []
        if ordered and self.gap:
            waits.append(ordered[-1] + self.gap)
        if self.most and len(ordered) >= self.most:
            waits.append(ordered[-self.most] + ROLLING)
        return max(waits, default=None)

    def left(self, taken: Sequence[datetime], now: datetime) -> int | None:
        """How many are left in the 24 hours up to `now`; None where there is no number."""
        if self.most is None:
            return None
        return max(0, self.most - sum(now - ROLLING < moment <= now for moment in taken))

    def broken_by(self, moment: datetime, taken: Sequence[datetime]) -> bool:
        """Whether one at `moment` would be too near another, or one too many in some 24 hours."""
        if self.gap and any(abs(moment - other) < self.gap for other in taken):
            return True
        every = [*taken, moment]
        ends = [each for each in every if moment <= each < moment + ROLLING]
        return self.most is not None and any(
            sum(end - ROLLING < each <= end for each in every) > self.most for end in ends
        )


@dataclass(frozen=True)
class Standing:
    """How an as-needed medicine stands at this moment, by what was written down and recorded."""

    medicine: Medicine
    limits: Limits
    doses: list[AsNeededDose]
    """Of the last days, newest first."""
    now: datetime

    @property
    def last(self) -> AsNeededDose | None:
        """The newest that was recorded."""
        return self.doses[0] if self.doses else None

    @property
    def next_from(self) -> datetime | None:
        """When the next keeps to what was written down (UTC); None if that is now."""
        moment = self.limits.next_from(self._taken)
        return moment if moment and moment > self.now else None

    @property
    def left(self) -> int | None:
        """How many are left in 24 hours; None where no number was written down."""
        return self.limits.left(self._taken, self.now)

    @property
    def last_one(self) -> bool:
        """Whether the next is the last one in 24 hours."""
        return self.left == 1

    @property
    def after_the_next(self) -> datetime | None:
        """If one is taken now, when the one after it keeps to what was written down (UTC)."""
        return self.limits.next_from([*self._taken, self.now])

    @property
    def _taken(self) -> list[datetime]:
        return [dose.taken_at for dose in self.doses]


class TooSoon(ValueError):
    """Recording it would go past what was written down. It is asked about first, and recorded if it is so."""

    def __init__(self, standing: Standing) -> None:
        super().__init__("too soon")
        self.standing = standing


def add_as_needed(
    session: Session, tenant: Tenant, name: str, amount: str, zone: ZoneInfo, *, gap_minutes: int | None,
    most_in_24h: int | None, purpose: str = "", form: MedicineForm = MedicineForm.OTHER, food: Food = Food.NO_MATTER,
    quantity: Decimal | None = None,
) -> Medicine:  # fmt: skip
    """Write down a medicine that is taken when it is needed. Writing the same one twice is one medicine.

    Raises `BadRegimen` for a gap, number or quantity that cannot be meant.
    """
    check_limits(gap_minutes, most_in_24h)
    check_quantity(quantity)
    hold(session, tenant)
    same = select(Medicine).where(
        Medicine.tenant_id == tenant.id, Medicine.as_needed, Medicine.stopped_at.is_(None), Medicine.name == name,
        Medicine.amount == amount,
    )  # fmt: skip
    for known in session.scalars(same):
        if (known.gap_minutes, known.most_in_24h) == (gap_minutes, most_in_24h):
            return known
    medicine = Medicine(
        tenant=tenant, name=name, amount=amount, purpose=purpose, form=form, food=food, quantity=quantity,
        as_needed=True, gap_minutes=gap_minutes, most_in_24h=most_in_24h, starts_on=clock.today(zone),
        written_at=clock.now(), times=[], phases=[],
    )  # fmt: skip
    session.add(medicine)
    session.flush()
    return medicine


def change_limits(
    session: Session, medicine: Medicine, gap_minutes: int | None, most_in_24h: int | None, quantity: Decimal | None,
    zone: ZoneInfo,
) -> None:  # fmt: skip
    """Say what the label says now. Raises `BadRegimen` as `add_as_needed` does."""
    check_limits(gap_minutes, most_in_24h)
    check_quantity(quantity)
    medicine.gap_minutes, medicine.most_in_24h, medicine.quantity = gap_minutes, most_in_24h, quantity
    session.flush()
    keep_stock_in_step(session, medicine.tenant, zone)


def check_limits(gap_minutes: int | None, most_in_24h: int | None) -> None:
    """Raise `BadRegimen` for a gap or number that cannot be meant."""
    if gap_minutes is not None and not 1 <= gap_minutes <= LONGEST_GAP // timedelta(minutes=1):
        raise BadRegimen("gap")
    check_most(most_in_24h)


def standing_of(session: Session, medicine: Medicine) -> Standing:
    """How it stands now."""
    return standings_of(session, [medicine])[0]


def standings_of(session: Session, medicines: Sequence[Medicine]) -> list[Standing]:
    """How each stands now, in one query. Doses further back than the longest gap weigh nothing."""
    now = clock.now()
    doses = session.scalars(
        select(AsNeededDose)
        .where(
            AsNeededDose.medicine_id.in_([medicine.id for medicine in medicines]),
            AsNeededDose.taken_at > now - LONGEST_GAP - ROLLING,
        )
        .order_by(AsNeededDose.taken_at.desc(), AsNeededDose.id.desc())
    ).all()
    return [
        Standing(medicine, Limits.of(medicine), [dose for dose in doses if dose.medicine_id == medicine.id], now)
        for medicine in medicines
    ]


def record_as_needed(
    session: Session, medicine: Medicine, key: UUID, zone: ZoneInfo, *, at: datetime | None = None, sure: bool = False
) -> AsNeededDose:
    """Record that one was taken, now or at `at` (UTC). The same `key` again is the same dose.

    Raises `TooSoon` where that goes past what was written down and the tenant is not `sure`; `StillToCome` for a
    moment that has not come; `DayClosed` for one too long ago; `BadRegimen` for a medicine that is no longer taken.
    """
    if not medicine.as_needed or medicine.stopped_at is not None:
        raise BadRegimen("no-longer-taken")
    now = clock.now()
    moment = _recordable(at, now, zone)
    tenant = medicine.tenant
    hold(session, tenant)
    known = _with_key(session, medicine, key)
    if known is not None:
        return known
    standing = standing_of(session, medicine)
    if not sure and standing.limits.broken_by(moment, [dose.taken_at for dose in standing.doses]):
        raise TooSoon(standing)
    put_if_absent(session, AsNeededDose, [{
        "id": new_id(), "medicine_id": medicine.id, "tenant_id": tenant.id, "taken_at": moment,
        "quantity": medicine.quantity, "key": key, "recorded_at": now,
    }])  # fmt: skip
    recorded = _with_key(session, medicine, key)
    assert recorded is not None
    keep_stock_in_step(session, tenant, zone)
    return recorded


def correct_as_needed(session: Session, dose: AsNeededDose, at: datetime, zone: ZoneInfo) -> None:
    """Say when it really was (UTC). Raises `StillToCome` and `DayClosed`."""
    if not may_record(dose.taken_at.astimezone(zone).date(), zone):
        raise DayClosed(dose.taken_at)
    dose.taken_at = _recordable(at, clock.now(), zone)
    session.flush()
    keep_stock_in_step(session, dose.medicine.tenant, zone)


def undo_as_needed(session: Session, dose: AsNeededDose, zone: ZoneInfo) -> None:
    """It was not taken after all. Raises `DayClosed`."""
    if not may_record(dose.taken_at.astimezone(zone).date(), zone):
        raise DayClosed(dose.taken_at)
    tenant = dose.medicine.tenant
    session.delete(dose)
    session.flush()
    keep_stock_in_step(session, tenant, zone)


def _recordable(at: datetime | None, now: datetime, zone: ZoneInfo) -> datetime:
    moment = at or now
    if moment > now:
        raise StillToCome(at)
    if not may_record(moment.astimezone(zone).date(), zone):
        raise DayClosed(at)
    return moment


def _with_key(session: Session, medicine: Medicine, key: UUID) -> AsNeededDose | None:
    return session.scalar(select(AsNeededDose).where(AsNeededDose.medicine_id == medicine.id, AsNeededDose.key == key))
