"""What is asked at the shelf, of the second person, about a level, and of whoever reads without being asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, StringField, validators

from tenant_app.accounts.rules import read_numbers
from tenant_app.accounts.safeguarding import LEAST_REASON
from tenant_app.medication.auditing.models import Level
from tenant_app.medication.auditing.rules import Counting
from tenant_app.medication.auditing.words import level_words_to_staff
from tenant_app.medication.models import Medicine
from tenant_app.web.forms import DayField, Form, RadioField, own_words
from tenant_app.web.locale import language

_QUANTITY = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]{1,2}))?")


class QuantityField(StringField):
    """How many there are: a number from nought, with at most two places. What was typed is kept as it was."""

    counted: Decimal | None = None

    def pre_validate(self, form: Any) -> None:
        """Read it, in Western digits on any keyboard."""
        typed = (self.data or "").strip()
        if not typed:
            raise validators.StopValidation(gettext("Write how many there are. If there are none, write 0"))
        found = _QUANTITY.fullmatch(read_numbers(typed))
        if found is None or "-" in typed:  # which `read_numbers` leaves out, as people write it inside codes
            raise validators.StopValidation(gettext("Write a number such as 28 or 2.5"))
        self.counted = Decimal(f"{found[1]}.{found[2] or '0'}")


class NumberField(HiddenField):
    """Which entry a page was about."""

    @property
    def entry(self) -> int:
        """0 for anything that is no number of an entry."""
        said = self.data or ""
        return int(said) if re.fullmatch(r"[0-9]{1,4}", said) else 0


class CountForm(Form):
    """A count of the shelf; `count_form` adds a field for each medicine."""

    number = NumberField()
    """Of the entry that this one follows, as the page showed it."""
    because = own_words(
        _("Why is it counted again?"), _("What this count puts right. The earlier one stays as it is."), longest=1000
    )
    found = own_words(
        _("What did you see?"), _("Anything worth knowing. The tenant reads it. You can leave this out."),
        longest=1000, long=True, rows=3,
    )  # fmt: skip
    action = own_words(
        _("What did you do about it?"), _("Needed where a count differs from what is expected."),
        longest=1000, long=True, rows=3,
    )  # fmt: skip
    fields: dict[UUID, str]

    @property
    def quantities(self) -> list[QuantityField]:
        return [self[name] for name in self.fields.values()]

    @property
    def said(self) -> Counting:
        """What was written down, once valid."""
        return Counting(
            counts={medicine_id: self[name].counted for medicine_id, name in self.fields.items()},
            found=self.found.data or "", action=self.action.data or "", because=self.because.data or "",
            language=language().code,
        )  # fmt: skip


def count_form(medicines: Sequence[Medicine], **values: str) -> CountForm:
    """The form for a count of these medicines, each by its name."""
    fields = {medicine.id: f"count_{medicine.id.hex}" for medicine in medicines}
    shown = {"inputmode": "decimal", "autocomplete": "off", "maxlength": 7}
    inputs = {
        fields[medicine.id]: QuantityField(medicine.name, description=medicine.amount, render_kw=shown)
        for medicine in medicines
    }
    form: CountForm = type("ShelfForm", (CountForm,), {"fields": fields, **inputs}).asked(**values)  # type: ignore[attr-defined]
    return form


class SignatureForm(Form):
    """A second person's word. Which button was pressed says whether they saw the same."""

    number = NumberField()
    words = own_words(
        _("What did you see?"), _("Needed if you saw something else. The tenant reads it."),
        longest=1000, long=True, rows=3,
    )  # fmt: skip


class LevelForm(Form):
    """A level of self-administration, agreed by both."""

    level = RadioField(_("How does it go?"), validate_choice=False)
    tenant_words = own_words(
        _("In their own words"), _("What they say goes well, and what would help. You can leave this out."),
        longest=1000, long=True, rows=3,
    )  # fmt: skip
    worker_words = own_words(
        _("In your words"), _("What shows that this level fits. The tenant reads it."),
        needed=_("Write what shows that this level fits"), longest=1000, long=True, rows=3,
    )  # fmt: skip
    review_on: Any = DayField(
        _("When do you look at it again together?"), [validators.InputRequired(_("Choose the day of the next look"))]
    )
    agreed = BooleanField(
        _("We talked about it and agree"),
        [validators.InputRequired(_("A level is agreed by both. Talk about it first"))],
    )

    def offer(self) -> LevelForm:
        """The same form with the levels to choose from."""
        self.level.choices = [(level.value, level_words_to_staff(level)) for level in Level]
        return self

    def validate_level(self, field: RadioField) -> None:
        """One of the four."""
        if field.data not in [level.value for level in Level]:
            raise validators.StopValidation(gettext("Choose the level that you agreed on"))


class ReasonForm(Form):
    """Why somebody reads what was not shared with them."""

    reason = own_words(
        _("What are you worried about?"),
        _("Write what happened and why you need to see the medicines now. The person reads this, with your name."),
        needed=_("Write what you are worried about"), longest=1000, long=True, rows=5,
    )  # fmt: skip

    def validate_reason(self, field: Any) -> None:
        """More than a word."""
        if field.data and len(field.data) < LEAST_REASON:
            raise validators.StopValidation(gettext("Say a little more, so that it can be understood later"))
