"""The rows of a course whose amount changes, as one field of a form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext
from wtforms import Field
from wtforms.utils import unset_value
from wtforms.validators import StopValidation

from tenant_app.medication.forms import read_quantity
from tenant_app.medication.rules import MOST_PHASES, Phase
from tenant_app.medication.words import tell_quantity
from tenant_app.web.forms import tidy


@dataclass(frozen=True)
class Typed:
    """One row of a course whose amount changes, as it was typed."""

    day: str = ""
    amount: str = ""
    quantity: str = ""


class PhasesField(Field):
    """From which day how much: rows of three inputs. Empty rows are left out; what was typed is kept."""

    data: list[Phase] | None
    unread: str = ""

    def process_data(self, value: list[Phase] | None) -> None:
        """Rows the form starts with."""
        self.data = list(value or [])
        self.typed = [
            Typed(each.first_day.isoformat(), each.amount, tell_quantity(each.quantity) if each.quantity else "")
            for each in self.data
        ]

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read the three lists of inputs, or what the form starts with."""
        self.process_errors: list[str] = []
        self.process_data(None if data is unset_value else data)
        if formdata is None:
            return
        lists = [formdata.getlist(f"{self.name}_{part}") for part in ("day", "amount", "quantity")]
        rows = [tuple((tidy(str(value)) or "")[:120] for value in row) for row in zip(*lists, strict=False)]
        self.typed = [Typed(*row) for row in rows if any(row)][: MOST_PHASES + 1]
        self.data, self.unread = [], ""
        for row in self.typed:
            try:
                day = date.fromisoformat(row.day)
            except ValueError:
                self.unread = gettext("Choose a day for each amount")
                continue
            quantity = read_quantity(row.quantity) if row.quantity else None
            if row.quantity and quantity is None:
                self.unread = gettext("Write a number, like 1 or 0.5")
            self.data.append(Phase(day, row.amount, quantity))

    def pre_validate(self, form: Any) -> None:
        """What cannot be read; the rules find what does not fit together."""
        if self.unread:
            raise StopValidation(self.unread)
        if len(self.data or ()) < 2:
            raise StopValidation(gettext("Write at least two amounts, each with its first day"))

    @property
    def inputs(self) -> list[Typed]:
        """What each row shows: what is known, then empty ones."""
        shown = self.typed[:MOST_PHASES]
        return [*shown, *[Typed()] * (MOST_PHASES - len(shown))]
