"""How an agreement stands: ongoing rent is paid first, and what remains counts towards the agreement.

Money is followed from the day on which the arrears were reckoned. A payment first pays rent that has fallen due
since; what is left waits, for the next rent or the next instalment, whichever day comes first. What an instalment has
been given stays given, so that rent unpaid later shows at the next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tenant_app.database import Pence
from tenant_app.rent.calendar import due_days, due_from
from tenant_app.rent.models import RentAccount, RentEntry
from tenant_app.rent.owing import owed_as_of, owed_through
from tenant_app.rent.plans import Instalment, total_by


@dataclass(frozen=True)
class Standing:
    """Where an agreement stands at the end of a day, in pence."""

    paid: Pence
    """What instalments have been given so far."""
    waiting: Pence
    """Paid and not given to anything yet."""
    rent_behind: Pence
    """Rent that fell due since the arrears were reckoned and is not paid."""
    missed: Instalment | None
    """The first instalment whose day has come and that is not paid in full."""
    settled: bool
    """Whether all of the arrears are paid."""

    @property
    def on_track(self) -> bool:
        return self.missed is None


def standing_on(
    account: RentAccount, entries: Sequence[RentEntry], arrears: Pence, reckoned_on: date,
    plan: Sequence[Instalment], day: date,
) -> Standing:  # fmt: skip
    """How the agreement over `arrears`, as they were at the end of `reckoned_on`, stands at the end of `day`.

    For a day to come: as it will stand if nothing more is paid.
    """
    charges = [entry for entry in entries if entry.owed > 0]
    came = _came_after(entries, reckoned_on)
    charged, owed = owed_through(account, charges, reckoned_on), owed_as_of(account, entries, reckoned_on)
    # Payments of earlier days may have been written down since, and charges too.
    waiting, behind, paid, settled = max(arrears - owed, 0), max(owed - arrears, 0), 0, False
    charge_days = {entry.day for entry in charges} | set(due_days(account, reckoned_on + timedelta(days=1), day))
    for on in sorted(on for on in {*charge_days, *came, *(one.day for one in plan), day} if reckoned_on < on <= day):
        charge = owed_through(account, charges, on) - charged if on in charge_days else 0
        charged += charge
        waiting, behind = _less(waiting, behind + charge)
        waiting, behind = _less(waiting + came.get(on, 0), behind)
        given = min(waiting, max(total_by(plan, on) - paid, 0))
        waiting, paid = waiting - given, paid + given
        # What is there on the very day on which rent fell due is not needed for that rent.
        settled = settled or paid >= arrears or (charge > 0 and not behind and paid + waiting >= arrears)
    settled = settled or (not behind and paid + waiting >= arrears + _next_charge(account, charges, day))
    missed = next((one for one in plan if one.day <= day and one.total > paid), None)
    return Standing(paid, waiting, behind, None if settled else missed, settled)


def _less(waiting: Pence, behind: Pence) -> tuple[Pence, Pence]:
    used = min(waiting, behind)
    return waiting - used, behind - used


def _came_after(entries: Sequence[RentEntry], day: date) -> dict[date, Pence]:
    """What came in after `day`, by the day on which it came."""
    came: dict[date, Pence] = {}
    for entry in entries:
        if entry.owed < 0 and entry.day > day:
            came[entry.day] = came.get(entry.day, 0) - entry.owed
    return came


def _next_charge(account: RentAccount, charges: Sequence[RentEntry], day: date) -> Pence:
    upcoming = next(due_from(account, day + timedelta(days=1)), None)
    if upcoming is None:
        return 0
    return max(owed_through(account, charges, upcoming) - owed_through(account, charges, day), 0)
