"""Accounts of a file, opened one by one, and new charges from a day on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Occupancy, Tenant
from tenant_app.accounts.rules import tenant_named
from tenant_app.database import new_id, put_if_absent
from tenant_app.rent.charging import AlreadyCharged, change_charges, end_account
from tenant_app.rent.importing.cells import day_of, pence_of, reference_of, word_of
from tenant_app.rent.importing.files import Row
from tenant_app.rent.importing.landing import Landed, Run
from tenant_app.rent.importing.problems import BadCell, Problem, Why
from tenant_app.rent.models import OPENING, EntryKind, Frequency, Part, Rates, RentAccount, RentEntry
from tenant_app.rent.rules import open_account

FREQUENCIES: dict[str, object] = {
    "weekly": Frequency.WEEKLY, "fortnightly": Frequency.FORTNIGHTLY, "fourweekly": Frequency.FOUR_WEEKLY,
    "4weekly": Frequency.FOUR_WEEKLY, "monthly": Frequency.MONTHLY, "calendarmonthly": Frequency.MONTHLY,
}  # fmt: skip
OCCUPANCIES: dict[str, object] = {"tenancy": Occupancy.TENANCY, "licence": Occupancy.LICENCE}
YES_NO: dict[str, object] = {"yes": True, "y": True, "no": False, "n": False}
WRITTEN_BY: dict[str, object] = {"homeward": False, "imported": True}


def open_accounts(session: Session, rows: Sequence[Row], run: Run, zone: ZoneInfo) -> Landed:
    """Open the account of each row, with what was owed before. One known with the same terms changes nothing."""
    return _each(session, rows, lambda row: _open(session, row, run, zone))


def charge_from(session: Session, rows: Sequence[Row], run: Run) -> Landed:
    """Charge other sums from a day on, account by account: the rise of rents in April."""
    return _each(session, rows, lambda row: _change(session, row, run))


def _each(session: Session, rows: Sequence[Row], take: Callable[[Row], bool]) -> Landed:
    landed = Landed()
    for row in rows:
        try:
            with session.begin_nested():
                new = take(row)
        except BadCell as bad:
            landed.problems.append(Problem(row.line, bad.why, bad.cell, bad.column))
        except DBAPIError:
            landed.problems.append(Problem(row.line, Why.DATABASE))
        else:
            landed.new, landed.known = landed.new + new, landed.known + (not new)
    return landed


def _open(session: Session, row: Row, run: Run, zone: ZoneInfo) -> bool:
    cell = _cells(row)
    reference = reference_of(cell("account"), "Rent Account Reference", 40)
    tenant = tenant_named(session, reference_of(cell("tenant"), "Tenant Reference"))
    if tenant is None:
        raise BadCell(Why.TENANT, cell("tenant"))
    terms = _terms(cell, tenant, run)
    balance = cell("balance")
    owed = pence_of(balance, "Opening Balance", may_be_below=True, may_be_nothing=True) if balance.strip() else 0
    before = session.scalar(select(RentAccount).where(RentAccount.reference == reference))
    if before is not None:
        if before.tenant_id != tenant.id:
            raise BadCell(Why.TERMS, reference)
        return _again(session, before, terms) | _bring_forward(session, before, owed, run)
    try:
        account = open_account(session, tenant, reference=reference, zone=zone, **terms)
    except ValueError:
        raise BadCell(Why.GOES_ON) from None
    if account.reference != reference:
        raise BadCell(Why.TERMS, account.reference)
    _bring_forward(session, account, owed, run)
    return True


def _again(session: Session, account: RentAccount, terms: dict[str, Any]) -> bool:
    """An account that is known: the same terms change nothing, an end is news."""
    ended_on = terms["ended_on"]
    if any(getattr(account, name) != value for name, value in terms.items() if name != "ended_on"):
        raise BadCell(Why.TERMS, account.reference)
    if ended_on is None or ended_on == account.ended_on:
        return False
    if account.ended_on is not None:
        raise BadCell(Why.TERMS, account.reference)
    end_account(session, account, ended_on)
    account.reminders_behind = True
    return True


def _terms(cell: Callable[[str], str], tenant: Tenant, run: Run) -> dict[str, Any]:
    began_on = day_of(cell("began_on"), run.today, "Tenancy Start Date")
    ended_on = day_of(cell("ended_on"), run.today, "Tenancy End Date") if cell("ended_on").strip() else None
    if ended_on is not None and ended_on < began_on:
        raise BadCell(Why.ORDER)
    rates = _rates(cell)
    return {
        "began_on": began_on,
        "ended_on": ended_on,
        "first_due_on": day_of(cell("first_due_on"), run.today, "First Due Date"),
        "frequency": word_of(cell("frequency"), FREQUENCIES, "Rent Frequency"),
        "occupancy": word_of(cell("occupancy") or tenant.occupancy, OCCUPANCIES, "Tenancy Type"),
        "charges_imported": word_of(cell("charges") or "homeward", WRITTEN_BY, "Charges"),
        "eligible_rent_pence": rates.eligible_rent_pence,
        "service_charge_pence": rates.service_charge_pence,
        "benefit_pays_rent": rates.benefit_pays_rent,
    }


def _bring_forward(session: Session, account: RentAccount, owed: int, run: Run) -> bool:
    """What was owed before the first due day, as an entry of its own. Returns whether it is new."""
    if not owed:
        return False
    kind = EntryKind.DEBIT if owed > 0 else EntryKind.CREDIT
    new = put_if_absent(session, RentEntry, [{
        "id": new_id(), "account_id": account.id, "day": account.first_due_on, "kind": kind, "part": Part.SERVICE,
        "pence": abs(owed), "note": "", "reference": OPENING, "import_id": run.import_id,
    }])  # fmt: skip
    if not new:
        known = session.scalars(RentEntry.of(account).where(RentEntry.reference == OPENING)).one()
        if known.owed != owed:
            raise BadCell(Why.OTHERWISE, account.reference)
        return False
    account.reminders_behind = True
    return True


def _change(session: Session, row: Row, run: Run) -> bool:
    cell = _cells(row)
    reference = reference_of(cell("account"), "Rent Account Reference", 40)
    account = session.scalar(select(RentAccount).where(RentAccount.reference == reference))
    if account is None:
        raise BadCell(Why.ACCOUNT, reference)
    begins_on, rates = day_of(cell("begins_on"), run.today, "Charge Start Date"), _rates(cell)
    if any(one.begins_on == begins_on and account.rates_on(begins_on) == rates for one in account.changes):
        return False
    try:
        change_charges(session, account, begins_on, rates, run.today)
    except AlreadyCharged:
        raise BadCell(Why.CHARGED, begins_on.isoformat()) from None
    except ValueError:
        raise BadCell(Why.LONG_AGO, begins_on.isoformat()) from None
    account.reminders_behind = True
    return True


def _rates(cell: Callable[[str], str]) -> Rates:
    return Rates(
        pence_of(cell("rent"), "Eligible Rent", may_be_nothing=True),
        pence_of(cell("service"), "Service Charge", may_be_nothing=True),
        bool(word_of(cell("benefit") or "yes", YES_NO, "Housing Benefit")),
    )


def _cells(row: Row) -> Callable[[str], str]:
    return lambda key: row.cells.get(key, "")
