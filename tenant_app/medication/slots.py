"""The medicines of a day, slot by slot. A slot is everything due at one wall time: "Morning medicines, 2 to take"."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, contains_eager

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.medication.models import Answer, Dose, DoseTime, Medicine, SkipReason
from tenant_app.medication.pausing.models import MedicinePause
from tenant_app.medication.words import part_of_day, slot_title, to_take
from tenant_app.reminders.models import Notice

DOSE = "medication.dose"
"""Kind of notice: something is to be taken."""

AGAIN = " again "
"""Between the day and a number, in the occurrence of a notice that was put off: `2026-11-26 again 1`."""

WINDOW = timedelta(hours=4)
"""How long after its time a dose still counts as due now, unless the next slot comes sooner. Afterwards it can be
filled in, but nobody is asked about it: late and next dose side by side would invite a double one."""


class SlotState(enum.StrEnum):
    """Where a slot stands at this moment."""

    TO_COME = "to-come"
    NOW = "now"
    TAKEN = "taken"
    SKIPPED = "skipped"
    NOT_RECORDED = "not-recorded"
    PAUSED = "paused"


@dataclass(frozen=True)
class Slot:
    """All medicines of one tenant at one wall time of one day, and what was said of them."""

    day: date
    wall_time: time
    at: datetime
    """The moment (UTC) at which it becomes due."""
    until: datetime
    """The moment (UTC) at which its window closes."""
    planned: list[DoseTime]
    """One for each medicine, in the order of their names."""
    doses: list[Dose]
    """Of those that were answered."""
    state: SlotState
    asks_again_at: datetime | None = None
    """When a reminder that was put off comes back (UTC)."""

    @property
    def medicines(self) -> list[Medicine]:
        """What is to be taken."""
        return [each.medicine for each in self.planned]

    @property
    def due(self) -> bool:
        """Whether it is to be answered now."""
        return self.state is SlotState.NOW

    @property
    def to_come(self) -> bool:
        return self.state is SlotState.TO_COME

    @property
    def taken(self) -> bool:
        return self.state is SlotState.TAKEN

    @property
    def skipped(self) -> bool:
        return self.state is SlotState.SKIPPED

    @property
    def not_recorded(self) -> bool:
        """Whether its window closed and nobody said anything. That is all that is known of it."""
        return self.state is SlotState.NOT_RECORDED

    @property
    def paused(self) -> bool:
        """Whether it rests, and nothing is recorded of it. Something may be, all the same."""
        return self.state is SlotState.PAUSED

    @property
    def answered(self) -> bool:
        """Whether something is recorded for each of its medicines."""
        return len(self.doses) == len(self.planned)

    @property
    def reason(self) -> SkipReason | None:
        """Why it was not taken, as far as the tenant said."""
        return next((dose.reason for dose in self.doses if dose.reason), None)

    @property
    def reason_words(self) -> str:
        """The same in their own words."""
        return next((dose.reason_words for dose in self.doses if dose.reason_words), "")

    @property
    def taken_at(self) -> datetime | None:
        """When it was taken (UTC), as far as the tenant said."""
        return max((dose.taken_at for dose in self.doses if dose.taken_at), default=None)

    @property
    def part(self) -> str:
        """`Morning`."""
        return part_of_day(self.wall_time)

    @property
    def title(self) -> str:
        """`Morning medicines`: all that may be said of it outside the Medicines pages."""
        return slot_title(self.wall_time)

    @property
    def count_words(self) -> str:
        """`2 to take`."""
        return to_take(len(self.planned))

    @property
    def address(self) -> dict[str, Any]:
        """Its part of an address: `day` and `hhmm`."""
        return {"day": self.day.isoformat(), "hhmm": f"{self.wall_time:%H%M}"}

    @property
    def key(self) -> str:
        """`2026-11-26T0900`."""
        return f"{self.day.isoformat()}T{self.wall_time:%H%M}"


@dataclass(frozen=True)
class Week:
    """Monday to Sunday as a table. A cell is None where nothing was planned."""

    days: list[date]
    rows: list[tuple[time, list[Slot | None]]]

    @classmethod
    def around(cls, day: date, slots: Iterable[Slot]) -> Week:
        """The week that `day` is in, out of `slots`: a row for each wall time."""
        days = week_days(day)
        found = {(slot.wall_time, slot.day): slot for slot in slots if slot.day in days}
        times = sorted({wall_time for wall_time, _ in found})
        return cls(days, [(wall_time, [found.get((wall_time, day)) for day in days]) for wall_time in times])

    def shares_part(self, wall_time: time) -> bool:
        """Whether another row has the same name of its time of day, so that this one needs its clock time too."""
        return sum(part_of_day(other) == part_of_day(wall_time) for other, _ in self.rows) > 1


def slots_of_day(session: Session, tenant: Tenant, day: date, zone: ZoneInfo) -> list[Slot]:
    """The slots of one calendar day in `zone`, in the order they come."""
    return slots_between(session, tenant, day, day, zone)


def current_slots(session: Session, tenant: Tenant, zone: ZoneInfo) -> list[Slot]:
    """Today's slots; and before them one of late last evening, while it is still due after midnight."""
    today = clock.today(zone)
    slots = slots_between(session, tenant, today - timedelta(days=1), today, zone)
    return [slot for slot in slots if slot.day == today or slot.due]


def slot_at(session: Session, tenant: Tenant, day: date, wall_time: time, zone: ZoneInfo) -> Slot:
    """One slot. Raises `LookupError` if this tenant has nothing planned then."""
    for slot in slots_of_day(session, tenant, day, zone):
        if slot.wall_time == wall_time:
            return slot
    raise LookupError("nothing is planned then")


def week_of(session: Session, tenant: Tenant, day: date, zone: ZoneInfo) -> Week:
    """The week, Monday to Sunday, that `day` is in: a row for each wall time."""
    days = week_days(day)
    return Week.around(day, slots_between(session, tenant, days[0], days[6], zone))


def week_days(day: date) -> list[date]:
    """Monday to Sunday of the week that `day` is in."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=number) for number in range(7)]


def slots_between(session: Session, tenant: Tenant, first: date, last: date, zone: ZoneInfo) -> list[Slot]:
    """Slots from `first` to `last`, both included, in the order they come. Four queries, however many there are."""
    following = last + timedelta(days=1)  # a late slot's window ends with the next morning's first
    planned = session.execute(
        select(Medicine, DoseTime)
        .join(DoseTime, DoseTime.medicine_id == Medicine.id)
        .where(
            Medicine.tenant_id == tenant.id,
            DoseTime.first_day <= following,
            or_(DoseTime.last_day.is_(None), DoseTime.last_day >= first),
        )
        .options(contains_eager(DoseTime.medicine))
        .order_by(func.lower(Medicine.name), Medicine.id)
    ).all()
    if not planned:
        return []
    due: defaultdict[tuple[date, time], list[DoseTime]] = defaultdict(list)
    for day in (first + timedelta(days=number) for number in range((following - first).days + 1)):
        for _, dose_time in planned:
            if dose_time.holds_on(day):
                due[day, dose_time.wall_time].append(dose_time)
    doses = {
        (dose.medicine_id, dose.day, dose.wall_time): dose
        for dose in session.scalars(
            select(Dose).where(Dose.tenant_id == tenant.id, Dose.day >= first, Dose.day <= last)
        )
    }
    again = asked_again(session, tenant)
    pauses = session.scalars(MedicinePause.of(tenant)).all()
    moments = {key: clock.at(*key, zone) for key in due}
    return [
        _slot(key, due[key], doses, _closes(moments[key], moments.values()), moments[key], again.get(key),
              paused=any(pause.covers(moments[key]) for pause in pauses))
        for key in sorted(due, key=lambda key: (moments[key], key))
        if key[0] <= last
    ]  # fmt: skip


def source_of(tenant: Tenant, wall_time: time) -> str:
    """What reminders of this time of day are about, for the reminder engine: `medication:<tenant>:09:00`."""
    return f"medication:{tenant.id}:{wall_time:%H:%M}"


def asked_again(session: Session, tenant: Tenant) -> dict[tuple[date, time], datetime]:
    """Slots that were put off, by day and time, with the moment (UTC) at which they come back."""
    found = session.execute(
        select(Notice.source, Notice.occurrence, Notice.due_at).where(
            Notice.tenant_id == tenant.id, Notice.kind == DOSE, Notice.waits(), Notice.due_at > clock.now(),
            Notice.occurrence.contains(AGAIN),
        )
    )  # fmt: skip
    return {
        (date.fromisoformat(occurrence.split(AGAIN)[0]), time.fromisoformat(":".join(source.split(":")[2:4]))): due_at
        for source, occurrence, due_at in found
    }


def _closes(at: datetime, moments: Iterable[datetime]) -> datetime:
    return min([at + WINDOW, *(moment for moment in moments if moment > at)])


def _slot(
    key: tuple[date, time], planned: list[DoseTime], doses: dict[tuple[UUID, date, time], Dose], until: datetime,
    at: datetime, asks_again_at: datetime | None, *, paused: bool,
) -> Slot:  # fmt: skip
    said = [dose for each in planned if (dose := doses.get((each.medicine_id, *key)))]
    now = clock.now()
    if paused and not said:
        state = SlotState.PAUSED
    elif len(said) < len(planned) and now < until and not paused:
        state = SlotState.TO_COME if now < at else SlotState.NOW
    elif not said:
        state = SlotState.NOT_RECORDED
    else:
        state = SlotState.TAKEN if any(dose.answer is Answer.TAKEN for dose in said) else SlotState.SKIPPED
    return Slot(*key, at, until, planned, said, state, asks_again_at if state is SlotState.NOW else None)
