"""A field for a sum of money, as people write one, kept as whole pence."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any

import flask_babel
from wtforms import StringField

from tenant_app.database import Pence

LARGEST = 10_000_000
"""Pence. No rent account comes near it, and a slip of the finger does."""

_SUM = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.(\d{1,2}))?")


def read_money(typed: str) -> Pence | None:
    """`£1,200.50`, `12.5` or `٥` in pence; None for what is not a sum. A comma before two digits is a decimal point,
    as in much of the world."""
    plain = "".join(
        str(unicodedata.decimal(sign)) if unicodedata.decimal(sign, None) is not None else sign for sign in typed
    )
    plain = re.sub(r"[\s£\u066c]", "", plain).replace("\u066b", ".")
    plain = re.sub(r",(\d{2})$", r".\1", plain)
    found = _SUM.fullmatch(plain)
    if found is None:
        return None
    return int(Decimal(found[1].replace(",", "")) * 100) + int((found[2] or "").ljust(2, "0"))


class MoneyField(StringField):
    """A sum in pounds. `data` is whole pence, or None where nothing was written or it is not a sum."""

    data: Pence | None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the sum; raise what to do about one that is none."""
        self.written = valuelist[0] if valuelist else ""
        self.data = read_money(self.written) if self.written.strip() else None
        if self.written.strip() and (self.data is None or self.data > LARGEST):
            self.data = None
            raise ValueError(flask_babel.gettext("Write a sum of money, such as 12.50"))

    def _value(self) -> Any:
        written = getattr(self, "written", None)
        if written is not None:
            return written
        return "" if self.data is None else f"{self.data // 100}.{self.data % 100:02d}"
