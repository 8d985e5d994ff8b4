"""Charges: written on the days on which they fall due, changed from a day on, and stopped when an account ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from tenant_app.chores import apart
from tenant_app.database import Pence, new_id, put_many_if_absent
from tenant_app.rent.calendar import due_days
from tenant_app.rent.models import (
    AFTER_THE_END,
    ChargePeriod,
    EntryKind,
    Part,
    Rates,
    RentAccount,
    RentEntry,
    charge_reference,
)


class AlreadyCharged(ValueError):
    """Charges of that day or later are written already, and stay what they are."""


def charge_due(session: Session, account: RentAccount, through: date) -> int:
    """Write the charges of all due days up to `through`; returns how many are new. Each is written once, however
    often and by however many processes this is asked. Where charges are imported, none is written."""
    written = put_many_if_absent(session, RentEntry, list(_missing(account, through)))
    if not account.charges_imported:
        account.charged_through = max(through, account.charged_through or through)
    return written


def charge_all_due(session: Session, today: date, most: int = 500) -> bool:
    """Write what is due by `today` on at most `most` accounts. Returns whether more wait.

    One step of the worker, to be committed by itself: an account is done when its `charged_through` says so, so a
    step that was cut short is simply asked again.
    """
    done = RentAccount.charged_through
    accounts = session.scalars(
        select(RentAccount)
        .where(
            RentAccount.charges_imported.is_(False),
            or_(done.is_(None), done < today),
            or_(RentAccount.ended_on.is_(None), done.is_(None), done < RentAccount.ended_on),
        )
        .order_by(RentAccount.id)
        .limit(most)
        .options(selectinload(RentAccount.changes))
        .with_for_update(skip_locked=True, of=RentAccount)
    ).all()
    charges: list[dict[str, Any]] = []
    for account in accounts:
        with apart(session, "charge_all_due", account.id):
            charges += list(_missing(account, today))
        account.charged_through = today
    put_many_if_absent(session, RentEntry, charges)
    return len(accounts) == most


def unwritten_charges(session: Session, account: RentAccount, through: date) -> list[tuple[date, Part, Pence]]:
    """Charges due by `through` that nobody has written yet: the worker does so once a day."""
    missing = list(_missing(account, through))
    if not missing:
        return []
    written = set(
        session.scalars(
            select(RentEntry.reference).where(
                RentEntry.account_id == account.id, RentEntry.kind == EntryKind.CHARGE,
                RentEntry.day >= missing[0]["day"],
            )
        )
    )  # fmt: skip
    return [(row["day"], row["part"], row["pence"]) for row in missing if row["reference"] not in written]


def written_from(session: Session, account: RentAccount, day: date) -> bool:
    """Whether charges of `day` or a later one are written, where Homeward writes them."""
    return not account.charges_imported and bool(_charges_from(session, account, day))


def change_charges(session: Session, account: RentAccount, begins_on: date, rates: Rates, today: date) -> ChargePeriod:
    """Charge other sums from `begins_on` on; the same day again replaces what was said of it.

    Raises `AlreadyCharged` where that day's charges or later ones are written, and `ValueError` for a sum below
    nothing or a day before the account began. Ask `keep_reminding` afterwards.
    """
    sums = rates.eligible_rent_pence, rates.service_charge_pence
    if min(sums) < 0 or begins_on < account.began_on or any(type(pence) is not int for pence in sums):
        raise ValueError("charges are whole pence, not below nothing, and begin when the account has begun")
    charge_due(session, account, today)
    if written_from(session, account, begins_on):
        raise AlreadyCharged
    change = next((change for change in account.changes if change.begins_on == begins_on), None)
    if change is None:
        change = ChargePeriod(account_id=account.id, begins_on=begins_on)
        session.add(change)
    change.eligible_rent_pence, change.service_charge_pence = sums
    change.benefit_pays_rent = rates.benefit_pays_rent
    session.flush()
    session.expire(account, ["changes"])
    return change


def end_account(session: Session, account: RentAccount, ended_on: date) -> int:
    """The tenancy or licence ended. What was charged for due days after that is taken back by entries of their own;
    returns how many. Ask `keep_reminding` afterwards.

    Raises `ValueError` for a day before the account began, and where another end stands already.
    """
    if ended_on < account.began_on or account.ended_on not in (None, ended_on):
        raise ValueError("an account ends once, after it began")
    account.ended_on = ended_on
    session.flush()
    return put_many_if_absent(session, RentEntry, [
        {"id": new_id(), "account_id": account.id, "day": charge.day, "kind": EntryKind.CREDIT, "part": charge.part,
         "pence": charge.pence, "note": "", "reference": f"{AFTER_THE_END}{charge.reference}"[:80]}
        for charge in _charges_from(session, account, ended_on + timedelta(days=1))
    ])  # fmt: skip


def _missing(account: RentAccount, through: date) -> Iterator[dict[str, Any]]:
    """Rows of the charges up to `through` that `charged_through` does not vouch for."""
    if account.charges_imported:
        return
    first = account.first_due_on
    if account.charged_through is not None:
        first = max(first, account.charged_through + timedelta(days=1))
    for day in due_days(account, first, through):
        for part, pence in account.parts_on(day):
            yield {
                "id": new_id(), "account_id": account.id, "day": day, "kind": EntryKind.CHARGE, "part": part,
                "pence": pence, "note": "", "reference": charge_reference(part, day),
            }  # fmt: skip


def _charges_from(session: Session, account: RentAccount, day: date) -> Sequence[RentEntry]:
    charges = RentEntry.of(account).where(RentEntry.kind == EntryKind.CHARGE, RentEntry.day >= day)
    return session.scalars(charges).all()
