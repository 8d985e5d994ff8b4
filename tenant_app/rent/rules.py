"""What is owed, when the next payment is due, and what it is made of. All sums are whole pence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.database import Pence, new_id, put_if_absent
from tenant_app.rent.aside import EVERYTHING, Aside, set_aside
from tenant_app.rent.calendar import due_days, due_from
from tenant_app.rent.models import EntryKind, Frequency, Part, RentAccount, RentEntry, charge_reference, charged_on
from tenant_app.rent.owing import owed_through
from tenant_app.rent.reminding import remind_from

__all__ = [
    "LOOKS_AHEAD", "NextPayment", "balance", "charge_due", "due_days", "next_payment", "next_payment_of",
    "open_account", "owed_through", "record_payment",
]  # fmt: skip

LOOKS_AHEAD = 260
"""Due days that are looked at for the next one that is not paid yet: somebody may have paid years ahead."""

Made = Literal["service", "rent", "plan", "before", "ahead"]
"""What a part of a payment is for: the service charge, the rent, an instalment of the agreement, what is still to pay
from before; and, taken off, what was paid ahead."""


@dataclass(frozen=True)
class NextPayment:
    """What a tenant pays next. `pence` is the sum of the parts."""

    day: date
    pence: Pence
    parts: tuple[tuple[Made, Pence], ...]


def open_account(
    session: Session, tenant: Tenant, *, frequency: Frequency, first_due_on: date, service_charge_pence: Pence,
    eligible_rent_pence: Pence, zone: ZoneInfo, benefit_pays_rent: bool = True, reference: str = "",
) -> RentAccount:  # fmt: skip
    """A tenant's account, with the reminders of its payments. A tenant has one: opening it again returns the first.

    Raises `ValueError` for a sum below nothing, `TypeError` for one that is not whole pence.
    """
    for pence in (service_charge_pence, eligible_rent_pence):
        if _whole(pence) < 0:
            raise ValueError("a charge is not below nothing")
    put_if_absent(session, RentAccount, [{
        "id": new_id(), "tenant_id": tenant.id, "frequency": Frequency(frequency), "first_due_on": first_due_on,
        "service_charge_pence": service_charge_pence, "eligible_rent_pence": eligible_rent_pence,
        "benefit_pays_rent": benefit_pays_rent, "reference": reference, "zone": zone.key,
    }])  # fmt: skip
    account = session.scalars(RentAccount.of(tenant)).one()
    keep_reminding(session, account)
    return account


def charge_due(session: Session, account: RentAccount, through: date) -> int:
    """Write the charges of all due days up to `through`; returns how many are new. Each is written once, however
    often and by however many processes this is asked."""
    written = set(session.scalars(select(RentEntry.reference).where(RentEntry.account_id == account.id)))
    charges = [
        {"id": new_id(), "account_id": account.id, "day": day, "kind": EntryKind.CHARGE, "part": part, "pence": pence,
         "note": "", "reference": charge_reference(part, day)}
        for day in due_days(account, account.first_due_on, through)
        for part, pence in account.own_parts
        if charge_reference(part, day) not in written
    ]  # fmt: skip
    return put_if_absent(session, RentEntry, charges)


def record_payment(
    session: Session, account: RentAccount, pence: Pence, day: date, reference: str, *, part: Part = Part.SERVICE,
    note: str = "",
) -> bool:  # fmt: skip
    """The tenant paid. Reminders of what is now covered are withdrawn. Returns whether it is new: the same payment
    again (by `reference`) changes nothing.

    Raises `ValueError` for nothing or less, and if `reference` is known with another sum; `TypeError` for a sum that
    is not whole pence.
    """
    if _whole(pence) <= 0:
        raise ValueError("a payment is more than nothing")
    new = put_if_absent(session, RentEntry, [{
        "id": new_id(), "account_id": account.id, "day": day, "kind": EntryKind.PAYMENT, "part": part, "pence": pence,
        "note": note, "reference": reference,
    }])  # fmt: skip
    if not new:
        known = session.scalars(RentEntry.of(account).where(RentEntry.reference == reference)).one()
        if (known.kind, known.pence) != (EntryKind.PAYMENT, pence):
            raise ValueError("another entry has this reference")
        return False
    keep_reminding(session, account)
    return True


def balance(session: Session, account: RentAccount, today: date) -> Pence:
    """What the tenant owes at the end of `today`: charges up to then less payments. Below nothing: paid ahead."""
    return owed_through(account, _entries(session, account), today)


def next_payment(session: Session, tenant: Tenant, today: date) -> NextPayment | None:
    """What this tenant pays next; None without an account, or where nothing is to be paid."""
    account = session.scalar(RentAccount.of(tenant))
    if account is None:
        return None
    entries = _entries(session, account)
    return next_payment_of(account, entries, today, set_aside(session, account, entries, today))


def next_payment_of(
    account: RentAccount, entries: Sequence[RentEntry], today: date, aside: Aside = EVERYTHING
) -> NextPayment | None:
    """The first day from `today` on that payments so far do not cover, with what is to be paid by then, less what is
    set aside: what an agreement asks for later, or what Breathing Space covers."""
    before, written = owed_through(account, entries, today - timedelta(days=1)), _by_reference(entries)
    for day, rent_is_due in islice(aside.days(due_from(account, today), today), LOOKS_AHEAD):
        charged = charged_on(account, written, day) if rent_is_due else []
        owed = before + sum(pence for _, pence in charged)
        if owed > aside.on(day):
            parts: list[tuple[Made, Pence]] = [
                ("service" if part is Part.SERVICE else "rent", pence) for part, pence in charged
            ]
            return NextPayment(day, owed - aside.on(day), (*parts, *_of_before(before, day, today, aside)))
        before = owed
    return None


def _of_before(before: Pence, day: date, today: date, aside: Aside) -> Iterator[tuple[Made, Pence]]:
    """What of the sum asked for on `day` is not rent that falls due on it."""
    rest = before - aside.on(day)
    plan = min(max(rest, 0), aside.asked(today, day))
    if plan:
        yield "plan", plan
    if rest - plan:
        yield ("before" if rest > 0 else "ahead"), rest - plan


def keep_reminding(session: Session, account: RentAccount) -> None:
    """Remind of the first payment that is not covered, and of those after it; called whenever money or sums changed."""
    entries, today = _entries(session, account), clock.today(ZoneInfo(account.zone))
    upcoming = next_payment_of(account, entries, today, set_aside(session, account, entries, today))
    remind_from(session, account, upcoming.day if upcoming else None)


def _entries(session: Session, account: RentAccount) -> Sequence[RentEntry]:
    return session.scalars(RentEntry.of(account)).all()


def _by_reference(entries: Sequence[RentEntry]) -> dict[str, RentEntry]:
    return {entry.reference: entry for entry in entries}


def _whole(pence: Pence) -> Pence:
    if type(pence) is not int:
        raise TypeError("money is whole pence")
    return pence
