"""Rows of files, and what was refused of them."""

from __future__ import annotations

import csv
import io

from tenant_app.rent.importing.problems import Problem, Why

HEAD = ["Rent Account Reference", "Transaction Date", "Transaction Type", "Transaction Amount",
        "Transaction Reference", "Transaction Description"]  # fmt: skip
ACCOUNTS = ("Rent Account Reference,Tenant Reference,Tenancy Type,Tenancy Start Date,Tenancy End Date,Rent Frequency,"
            "First Due Date,Eligible Rent,Service Charge,Housing Benefit,Charges,Opening Balance")  # fmt: skip

Cells = list[str]


def table(*rows: Cells) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([HEAD, *rows])
    return out.getvalue().encode()


def paid(amount: str = "14.20", day: str = "26/11/2026", reference: str = "", note: str = "", kind: str = "payment") -> Cells:
    return ["WH 0042", day, kind, amount, reference, note]


def told(problems: list[Problem]) -> list[tuple[int, Why]]:
    return [(problem.line, problem.why) for problem in problems]
