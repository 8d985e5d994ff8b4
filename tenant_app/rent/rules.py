"""What is owed, when the next payment is due, and what it is made of. All sums are whole pence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Occupancy, Tenant, Worker
from tenant_app.database import Pence, new_id, put_if_absent
from tenant_app.rent.aside import EVERYTHING, Aside, set_aside
from tenant_app.rent.calendar import due_days, due_from
from tenant_app.rent.charging import charge_due, unwritten_charges
from tenant_app.rent.models import EntryKind, Frequency, Part, RentAccount, RentEntry
from tenant_app.rent.owing import charged_by_day, owed_through
from tenant_app.rent.reminding import remind_from

__all__ = [
    "LOOKS_AHEAD", "NextPayment", "balance", "charge_due", "correct", "due_days", "keep_reminding", "next_payment",
    "next_payment_of", "open_account", "owed_through", "record_payment", "remind_all_changed",
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
    occupancy: Occupancy | None = None, began_on: date | None = None, ended_on: date | None = None,
    charges_imported: bool = False,
) -> RentAccount:  # fmt: skip
    """An account for a tenant's tenancy or licence, with the reminders of its payments. Opening it again, by the day
    on which it began, returns the first. `occupancy` is the tenant's if not given, `began_on` the first due day.

    Raises `ValueError` for a sum below nothing, for an end before the beginning, while another account of the tenant
    goes on without an end, and if another account has the reference; `TypeError` for a sum that is not whole pence.
    """
    for pence in (service_charge_pence, eligible_rent_pence):
        if whole(pence) < 0:
            raise ValueError("a charge is not below nothing")
    began_on = began_on or first_due_on
    if ended_on is not None and ended_on < began_on:
        raise ValueError("an account ends after it begins")
    put_if_absent(session, RentAccount, [{
        "id": new_id(), "tenant_id": tenant.id, "frequency": Frequency(frequency), "first_due_on": first_due_on,
        "service_charge_pence": service_charge_pence, "eligible_rent_pence": eligible_rent_pence,
        "benefit_pays_rent": benefit_pays_rent, "reference": reference, "zone": zone.key, "began_on": began_on,
        "ended_on": ended_on, "occupancy": occupancy or tenant.occupancy, "charges_imported": charges_imported,
    }])  # fmt: skip
    account = session.scalar(RentAccount.all_of(tenant).where(RentAccount.began_on == began_on))
    if account is None:
        raise ValueError("another account of this tenant goes on, or another has the reference")
    keep_reminding(session, account)
    return account


def record_payment(
    session: Session, account: RentAccount, pence: Pence, day: date, reference: str, *, part: Part = Part.SERVICE,
    note: str = "", by: Worker | None = None,
) -> bool:  # fmt: skip
    """The tenant paid. Reminders of what is now covered are withdrawn. Returns whether it is new: the same payment
    again (by `reference`) changes nothing. `by` is who wrote it down by hand.

    Raises `ValueError` for nothing or less, and if `reference` is known with another sum; `TypeError` for a sum that
    is not whole pence.
    """
    if whole(pence) <= 0:
        raise ValueError("a payment is more than nothing")
    return _write(session, account, EntryKind.PAYMENT, pence, day, reference, part, note, by)


def correct(
    session: Session, account: RentAccount, by: Worker, pence: Pence, day: date, reason: str, reference: str,
) -> bool:  # fmt: skip
    """Set a mistake right by an entry of its own: above nothing adds to what is owed, below takes from it. Returns
    whether it is new, by `reference`. The tenant reads `reason`.

    Raises `ValueError` for nothing, without a reason, and if `reference` is known with another sum.
    """
    if whole(pence) == 0 or not reason.strip():
        raise ValueError("a correction has a sum and a reason")
    kind = EntryKind.DEBIT if pence > 0 else EntryKind.CREDIT
    return _write(session, account, kind, abs(pence), day, reference, Part.SERVICE, reason, by)


def balance(session: Session, account: RentAccount, today: date) -> Pence:
    """What the tenant owes at the end of `today`: charges up to then less payments. Below nothing: paid ahead."""
    written = session.scalar(
        select(func.sum(RentEntry.signed())).where(RentEntry.account_id == account.id, RentEntry.day <= today)
    )
    return int(written or 0) + sum(pence for _, _, pence in unwritten_charges(session, account, today))


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
    # Money that came today, or is on its way, covers what falls due from now on.
    before = owed_through(account, entries, today - timedelta(days=1)) + sum(
        entry.owed for entry in entries if entry.day >= today and entry.kind is not EntryKind.CHARGE
    )
    charged = charged_by_day(entries)
    for day, rent_is_due in islice(aside.days(due_from(account, today), today), LOOKS_AHEAD):
        parts = (charged.get(day) or account.parts_on(day)) if rent_is_due else []
        owed = before + sum(pence for _, pence in parts)
        if owed > aside.on(day):
            made: list[tuple[Made, Pence]] = [
                ("service" if part is Part.SERVICE else "rent", pence) for part, pence in parts
            ]
            return NextPayment(day, owed - aside.on(day), (*made, *_of_before(before, day, today, aside)))
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
    account.reminders_behind = False


def remind_all_changed(session: Session, most: int = 50) -> bool:
    """Put the reminders of accounts right whose money came or went in bulk. Returns whether more of them wait."""
    accounts = session.scalars(
        select(RentAccount).where(RentAccount.reminders_behind).order_by(RentAccount.id).limit(most)
        .with_for_update(skip_locked=True, of=RentAccount)
        # What was written in bulk is not known to the session, which would else see nothing to change.
        .execution_options(populate_existing=True)
    ).all()  # fmt: skip
    for account in accounts:
        keep_reminding(session, account)
    return len(accounts) == most


def whole(pence: Pence) -> Pence:
    """The same sum. Raises `TypeError` for anything but whole pence."""
    if type(pence) is not int:
        raise TypeError("money is whole pence")
    return pence


def _write(
    session: Session, account: RentAccount, kind: EntryKind, pence: Pence, day: date, reference: str, part: Part,
    note: str, by: Worker | None,
) -> bool:  # fmt: skip
    new = put_if_absent(session, RentEntry, [{
        "id": new_id(), "account_id": account.id, "day": day, "kind": kind, "part": part, "pence": pence,
        "note": note, "reference": reference, "worker_id": by.id if by else None,
    }])  # fmt: skip
    if not new:
        known = session.scalars(RentEntry.of(account).where(RentEntry.reference == reference)).one()
        if (known.kind, known.pence) != (kind, pence):
            raise ValueError("another entry has this reference")
        return False
    keep_reminding(session, account)
    return True


def _entries(session: Session, account: RentAccount) -> Sequence[RentEntry]:
    return session.scalars(RentEntry.of(account)).all()
