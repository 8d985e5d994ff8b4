"""The shifts of a house that is staffed around the clock: their names and hours are content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tenant_app import clock
from tenant_app.handover.models import Handover
from tenant_app.handover.rules import ShiftHours
from tenant_app.web import content
from tenant_app.web.house import house


@dataclass(frozen=True)
class Shift:
    """One shift: its wall times, and what it is called in the reader's language."""

    id: str
    name: str
    starts: time
    ends: time

    def on(self, day: date, zone: ZoneInfo) -> ShiftHours:
        """The shift that begins on `day`. One that ends before it starts goes on into the next morning."""
        last = day if self.ends > self.starts else day + timedelta(days=1)
        return ShiftHours(self.id, day, clock.at(day, self.starts, zone), clock.at(last, self.ends, zone))


def shifts() -> list[Shift]:
    """All of them, in the order of the day."""
    page = content.page("handover", "shifts")
    return [
        Shift(one["id"], one["name"], time.fromisoformat(one["starts"]), time.fromisoformat(one["ends"]))
        for one in page["shifts"]
    ]


def shift_name(handover: Handover) -> str:
    """What a handover's shift is called; one that the house has no more is called by its id."""
    return next((one.name for one in shifts() if one.id == handover.shift), handover.shift)


def shifts_at(moment: datetime) -> list[tuple[Shift, ShiftHours]]:
    """Shifts for which somebody would write at this moment: those that run now, and the last that ended, the one that
    ends next first."""
    zone = house().settings.zone
    today = moment.astimezone(zone).date()
    days = [today - timedelta(days=1), today]
    found = [(each, each.on(day, zone)) for day in days for each in shifts()]
    found.sort(key=lambda one: one[1].ends_at)
    running = [one for one in found if one[1].starts_at <= moment < one[1].ends_at]
    return [*running, *[one for one in found if one[1].ends_at <= moment][-1:]]
