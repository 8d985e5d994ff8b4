"""What is owed on a day, from an account's terms and its entries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tenant_app.database import Pence
from tenant_app.rent.calendar import due_days
from tenant_app.rent.models import EntryKind, Part, RentAccount, RentEntry, charge_reference, charged_on


def owed_through(account: RentAccount, entries: Sequence[RentEntry], day: date) -> Pence:
    """Charges up to and including `day`, written yet or not, less everything paid."""
    written = {entry.reference: entry for entry in entries}
    due = due_days(account, account.first_due_on, day)
    counted = {charge_reference(part, on) for on in due for part in Part}
    others = (
        entry.owed
        for entry in entries
        if entry.kind is EntryKind.PAYMENT or (entry.reference not in counted and entry.day <= day)
    )
    return sum(others) + sum(pence for on in due for _, pence in charged_on(account, written, on))


def owed_as_of(account: RentAccount, entries: Sequence[RentEntry], day: date) -> Pence:
    """The same as it stood at the end of `day`, without what was paid later."""
    return owed_through(account, [entry for entry in entries if entry.day <= day or entry.owed > 0], day)
