"""The columns of the three kinds of file, by the names that housing systems use.

The headings speak as HACT's UK Housing Data Standards do (rent account, tenancy or licence, transaction); common other
names for the same are taken too.
"""

from __future__ import annotations

from dataclasses import dataclass

from tenant_app.rent.importing.cells import folded
from tenant_app.rent.importing.kinds import Kind


@dataclass(frozen=True)
class Column:
    """One column. `key` is its name in the code."""

    key: str
    heading: str
    words: str
    example: str
    needed: bool = True
    also: tuple[str, ...] = ()
    """Other headings for the same."""


_ACCOUNT = Column(
    "account", "Rent Account Reference", "the account; what a payment quotes", "WH 0042",
    also=("rent account", "rent account number", "account reference", "account number", "account"),
)  # fmt: skip
_RENT = Column("rent", "Eligible Rent", "each period, in pounds; what Housing Benefit may pay", "221.50")
_SERVICE = Column("service", "Service Charge", "each period, in pounds; what it does not pay", "14.20")
_BENEFIT = Column(
    "benefit", "Housing Benefit", "yes if it pays the eligible rent to you, or no; yes if left out", "yes",
    needed=False,
)  # fmt: skip

COLUMNS: dict[Kind, tuple[Column, ...]] = {
    Kind.TRANSACTIONS: (
        _ACCOUNT,
        Column("day", "Transaction Date", "2026-11-26, 26/11/2026 or 26 Nov 2026", "26/11/2026",
               also=("date", "posting date", "effective date")),
        Column("type", "Transaction Type", "payment, housing benefit, rent charge, service charge or adjustment",
               "payment", also=("type",)),
        Column("amount", "Transaction Amount", "in pounds, without a minus; an adjustment that takes off has one",
               "14.20", also=("amount", "value", "transaction value")),
        Column("reference", "Transaction Reference", "your system's own, never the same twice in one account",
               "FP-20261126-0017", needed=False, also=("transaction id", "transaction number", "unique reference")),
        Column("note", "Transaction Description", "the tenant reads it on the statement; up to 120 letters",
               "Standing order", needed=False, also=("description", "narrative", "note", "notes", "details")),
    ),
    Kind.ACCOUNTS: (
        _ACCOUNT,
        Column("tenant", "Tenant Reference", "the tenant's sign-in name", "amina4821",
               also=("tenant", "sign-in name", "person reference")),
        Column("occupancy", "Tenancy Type", "tenancy or licence; as the tenant's page says if left out", "licence",
               needed=False, also=("occupancy", "occupancy type", "agreement type")),
        Column("began_on", "Tenancy Start Date", "the day it began", "14/09/2026",
               also=("start date", "licence start date")),
        Column("ended_on", "Tenancy End Date", "its last day, if it has one", "", needed=False,
               also=("end date", "licence end date")),
        Column("frequency", "Rent Frequency", "weekly, fortnightly, four-weekly or monthly", "weekly",
               also=("charge frequency", "frequency")),
        Column("first_due_on", "First Due Date", "the first day to charge here; all others are counted from it",
               "18/09/2026", also=("first due", "charge from")),
        _RENT, _SERVICE, _BENEFIT,
        Column("charges", "Charges", "homeward if it writes them, imported if they come in your files; homeward if "
               "left out", "homeward", needed=False, also=("charges written by",)),
        Column("balance", "Opening Balance", "owed before the first due date; with a minus if ahead", "28.40",
               needed=False, also=("balance", "balance brought forward", "arrears")),
    ),
    Kind.CHARGES: (
        _ACCOUNT,
        Column("begins_on", "Charge Start Date", "the day from which these sums hold", "05/04/2027",
               also=("charges from", "rent change date")),
        _RENT, _SERVICE, _BENEFIT,
    ),
}  # fmt: skip


REFUSED_ROW = "Refused Row"
"""Heading of the column by which a row that was refused is known again, however it was mended. The desk's list of
refused rows has it."""


def keys_of(headings: list[str], kind: Kind) -> list[str]:
    """For each heading the key of its column, or "" where there is none. Where a column has its own heading, others
    for the same are left aside: an export may hold both a transaction date and a posting date."""
    there = {folded(heading) for heading in headings}
    names = {folded(REFUSED_ROW): "refusal"}
    for column in COLUMNS[kind]:
        own = folded(column.heading)
        names |= {folded(name): column.key for name in ((own,) if own in there else column.also)}
    return [names.get(folded(heading), "") for heading in headings]


def missing_from(headings: list[str], kind: Kind) -> list[str]:
    """Headings of the columns that this kind of file needs and that are not there."""
    there = set(keys_of(headings, kind))
    return [column.heading for column in COLUMNS[kind] if column.needed and column.key not in there]


def example_of(kind: Kind) -> str:
    """A file of this kind with one row."""
    columns = COLUMNS[kind]
    return ",".join(column.heading for column in columns) + "\n" + ",".join(column.example for column in columns) + "\n"


def describe() -> str:
    """What `homeward import rent --columns` prints."""
    lines = ["A file is comma, semicolon or tab separated text (CSV), its first line the headings below."]
    for kind in Kind:
        lines += ["", f"A file of {kind}:", ""]
        lines += [f"  {column.heading:<24} {'' if column.needed else '(may be left out) '}{column.words}"
                  for column in COLUMNS[kind]]  # fmt: skip
        lines += ["", *(f"    {line}" for line in example_of(kind).splitlines())]
    return "\n".join(lines)
