"""How long an as-needed (PRN) medicine lasts, by how often it was taken lately. Part of the room's rules.

No plan says when the next one is taken, so two things are looked at, and whichever speaks first is heard:

- Its pace: doses recorded in the last 28 days, today among them, for each of those days. Days before it was written
  down and days on which medicines rested are left out on both sides. Fewer than 4 doses, or fewer than 7 days, say too
  little: then there is no pace, and nobody says how long it lasts.
- A floor: fewer whole doses left than the label allows in 24 hours, and never fewer than 4. Who takes one now and then
  would otherwise stand before an empty box on the one bad day.

Neither says anything of how often one should be taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from tenant_app import clock
from tenant_app.medication.models import Medicine
from tenant_app.medication.pausing.models import MedicinePause

LATELY = 28
"""Days of use that are looked at, today among them."""

LEAST_DOSES, LEAST_DAYS = 4, 7
"""With less there is no pace."""

FEWEST = 4
"""Doses below which it is time to order, whatever the label allows."""

NOON = time(12)


@dataclass(frozen=True)
class Pace:
    """How often an as-needed medicine was taken lately, and how far what is left reaches."""

    doses: int
    """Recorded in those days."""
    days: int
    left: int
    """Whole doses of what is left; none below nought."""
    floor: int
    """With fewer doses left it is time to order."""
    resting: bool
    """Whether medicines rest now: then nothing is asked for."""

    @classmethod
    def of(
        cls, medicine: Medicine, left: Decimal, taken: Iterable[datetime], pauses: Sequence[MedicinePause],
        zone: ZoneInfo,
    ) -> Pace:  # fmt: skip
        """The pace of a medicine that says how many units a dose takes, with `left` units and doses `taken` (UTC)."""
        assert medicine.quantity
        today = clock.today(zone)
        days = {day for day in (today - timedelta(days=ago) for ago in range(LATELY)) if day >= medicine.starts_on}
        days = {day for day in days if not _rests(day, pauses, zone)}
        return cls(
            doses=sum(moment.astimezone(zone).date() in days for moment in taken), days=len(days),
            left=max(int(left // medicine.quantity), 0), floor=max(FEWEST, medicine.most_in_24h or 0),
            resting=any(pause.covers(clock.now()) for pause in pauses),
        )  # fmt: skip

    @property
    def known(self) -> bool:
        """Whether there was enough use to judge by."""
        return self.doses >= LEAST_DOSES and self.days >= LEAST_DAYS

    @property
    def low(self) -> bool:
        """Whether there are fewer doses left than the floor, and medicines do not rest."""
        return self.left < self.floor and not self.resting

    def runs_out_on(self, pauses: Sequence[MedicinePause], furthest: int, zone: ZoneInfo) -> date | None:
        """The first day that is not wholly covered if it goes on so; None without a pace, or `furthest` days off."""
        if not self.known:
            return None
        today, left = clock.today(zone), Fraction(self.left)
        for day in (today + timedelta(days=ahead) for ahead in range(furthest)):
            if _rests(day, pauses, zone):
                continue
            left -= Fraction(self.doses, self.days)
            if left < 0:
                return day
        return None


def _rests(day: date, pauses: Sequence[MedicinePause], zone: ZoneInfo) -> bool:
    return any(pause.covers(clock.at(day, NOON, zone)) for pause in pauses)
