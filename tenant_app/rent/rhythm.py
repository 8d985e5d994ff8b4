"""How often rent falls due, changed from a day on.

Rent is charged in whole periods, each on its first day (`charging`); nothing is charged by the day. A new rhythm
therefore begins on a day on which rent falls due anyway: the period before ends there, and none overlaps it.
"""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.database import Pence
from tenant_app.reminders.rules import announce, withdraw
from tenant_app.rent.calendar import due_before, due_from
from tenant_app.rent.charging import AlreadyCharged, change_charges, charge_due, written_from
from tenant_app.rent.models import Frequency, Rates, RentAccount, RentRhythm

RHYTHM = "rent.rhythm"
"""Kind of notice: rent will fall due in another rhythm."""
SAID_FOR = timedelta(days=3)

A_YEAR = {Frequency.WEEKLY: 52, Frequency.FORTNIGHTLY: 26, Frequency.FOUR_WEEKLY: 13, Frequency.MONTHLY: 12}
"""Periods of a year, as rents are worked out from one rhythm to another: 52 weeks are 12 months."""


class NotDue(ValueError):
    """Nothing falls due on that day. `before` and `after` are the nearest days on which it does, if there are any."""

    def __init__(self, before: date | None, after: date | None) -> None:
        super().__init__("a rhythm begins on a day on which rent falls due")
        self.before, self.after = before, after


class PlannedLater(ValueError):
    """Another rhythm is written down from a later `day` on."""

    def __init__(self, day: date) -> None:
        super().__init__("another rhythm begins later")
        self.day = day


class SameRhythm(ValueError):
    """Rent falls due in this rhythm already."""


def same_a_year(pence: Pence, was: Frequency, will: Frequency) -> Pence:
    """The sum that comes to the same a year in another rhythm, to the nearest penny; half a penny is one."""
    return (2 * pence * A_YEAR[was] + A_YEAR[will]) // (2 * A_YEAR[will])


def same_rates(account: RentAccount, begins_on: date, frequency: Frequency) -> Rates:
    """What the account charges on `begins_on`, in another rhythm."""
    rates, was = account.rates_on(begins_on), account.frequency_on(begins_on)
    return Rates(
        same_a_year(rates.eligible_rent_pence, was, frequency),
        same_a_year(rates.service_charge_pence, was, frequency), rates.benefit_pays_rent,
    )  # fmt: skip


def change_frequency(
    session: Session, account: RentAccount, begins_on: date, frequency: Frequency, rates: Rates, today: date
) -> bool:
    """Let rent fall due in another rhythm from `begins_on` on, at `rates` each time; what was charged before stays.

    The same day again replaces what was said of it, and the rhythm of the day before takes it back. Charges that are
    written down from a later day on come to the same a year in the new rhythm. Returns whether anything changed. Ask
    `keep_reminding` and `tell_of_rhythm` afterwards.

    Raises `AlreadyCharged` for a day that is not to come, `NotDue` for one on which nothing falls due, `PlannedLater`
    where another rhythm begins later, `SameRhythm` where it is no change, and `ValueError` for a sum below nothing.
    """
    charge_due(session, account, today)
    if begins_on <= today or written_from(session, account, begins_on):
        raise AlreadyCharged
    planned = next((one for one in account.rhythms if one.begins_on == begins_on), None)
    later = next((one for one in account.rhythms if one.begins_on > begins_on), None)
    if later is not None:
        raise PlannedLater(later.begins_on)
    if next(due_from(account, begins_on), None) != begins_on:
        raise NotDue(*_nearest(account, begins_on, today))
    before = account.frequency_on(begins_on - timedelta(days=1))
    if planned is None and frequency is before:
        raise SameRhythm
    if planned is not None and (planned.frequency, account.rates_on(begins_on)) == (frequency, rates):
        return False
    was = account.frequency_on(begins_on)
    for change in account.changes:
        if change.begins_on > begins_on:
            change.eligible_rent_pence = same_a_year(change.eligible_rent_pence, was, frequency)
            change.service_charge_pence = same_a_year(change.service_charge_pence, was, frequency)
    _write_down(session, account, planned, begins_on, frequency, before)
    change_charges(session, account, begins_on, rates, today)
    return True


def tell_of_rhythm(session: Session, account: RentAccount, begins_on: date) -> None:
    """Tell the tenant what was changed. What was still to be said of an earlier choice is not said any more; where it
    was taken back before anybody heard of it, nothing is."""
    source, changes = f"rhythm:{account.id}", any(one.begins_on == begins_on for one in account.rhythms)
    unheard = withdraw(session, source)
    if changes or not unheard:
        announce(session, account.tenant, RHYTHM, source=source, occurrence=clock.now().isoformat(), lasts=SAID_FOR,
                 facts={"changes": changes})  # fmt: skip


def due_to_come(account: RentAccount, today: date) -> date | None:
    """The next day after today from which another rhythm could begin."""
    return next(due_from(account, today + timedelta(days=1)), None)


def _write_down(
    session: Session, account: RentAccount, planned: RentRhythm | None, begins_on: date, frequency: Frequency,
    before: Frequency,
) -> None:  # fmt: skip
    if frequency is before:
        assert planned is not None
        session.delete(planned)
    elif planned is not None:
        planned.frequency = frequency
    else:
        session.add(RentRhythm(account_id=account.id, begins_on=begins_on, frequency=frequency))
    session.flush()
    session.expire(account, ["rhythms"])


def _nearest(account: RentAccount, day: date, today: date) -> tuple[date | None, date | None]:
    before = due_before(account, day)
    is_one = before > today and before >= account.first_due_on
    return before if is_one else None, next(due_from(account, day), None)
