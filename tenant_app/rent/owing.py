"""What is owed on a day, from an account's terms and its entries, in whole pence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from tenant_app.database import Pence
from tenant_app.rent.calendar import due_days
from tenant_app.rent.models import EntryKind, Part, RentAccount, RentEntry


def owed_through(account: RentAccount, entries: Sequence[RentEntry], day: date) -> Pence:
    """Everything written up to and including `day`, and charges due by then that are not written yet."""
    charged = charged_by_day(entries)
    missing = [] if account.charges_imported else due_days(account, account.first_due_on, day)
    return sum(entry.owed for entry in entries if entry.day <= day) + sum(
        pence for on in missing if on not in charged for _, pence in account.parts_on(on)
    )


def behind_on(account: RentAccount, entries: Sequence[RentEntry], day: date, covered: Pence = 0) -> Pence:
    """What is owed on `day` beside what is covered, and without what only falls due on it: a payment may still come
    until that day is over. Below nothing: paid ahead."""
    owed = owed_through(account, entries, day) - covered
    falls_due = charged_by_day(entries).get(day)
    if falls_due is None and not account.charges_imported and due_days(account, day, day):
        falls_due = account.parts_on(day)
    return owed if owed <= 0 else max(owed - sum(pence for _, pence in falls_due or ()), 0)


owed_as_of = owed_through
"""The same by another name: as it stood at the end of a day, without what was paid later."""


def charged_by_day(entries: Sequence[RentEntry]) -> Mapping[date, list[tuple[Part, Pence]]]:
    """What was charged on each day, part by part, the service charge first."""
    found: dict[date, dict[Part, Pence]] = {}
    for entry in entries:
        if entry.kind is EntryKind.CHARGE:
            parts = found.setdefault(entry.day, {})
            parts[entry.part] = parts.get(entry.part, 0) + entry.pence
    return {day: [(part, parts[part]) for part in (Part.SERVICE, Part.RENT) if part in parts]
            for day, parts in found.items()}  # fmt: skip
