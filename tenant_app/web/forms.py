"""Forms as these pages ask questions: checked on the server, and shown again with everything that was typed."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

import flask_babel
import wtforms
from flask import abort, request
from wtforms import BooleanField, DateField, IntegerField, StringField, TextAreaField, validators
from wtforms import Form as WTForm
from wtforms.fields.choices import Choice
from wtforms.meta import DefaultMeta

_INVISIBLE = {"Cc", "Cs", "Co", "Cn"}
_KEPT = {"\n", "\t"}

EARLIEST, LATEST = date(1900, 1, 1), date(2100, 1, 1)


def tidy(text: str | None) -> str | None:
    """What a person meant to type: no control characters, nulls or lone surrogates, one way of writing each accent.

    PostgreSQL refuses a null byte inside text, and a name typed on two phones should be found by one search.
    """
    if text is None:
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(letter for letter in text if letter in _KEPT or unicodedata.category(letter) not in _INVISIBLE)
    return unicodedata.normalize("NFC", kept).strip()


class Form(WTForm):
    """A form filled in from the request. `valid()` answers whether it may be acted on."""

    class Meta(DefaultMeta):
        """Each input says for itself what describes it and whether it needs another look."""

        def render_field(self, field: Any, render_kw: Any) -> Any:
            """The input's HTML, tied to its hint and its error for those who hear the page."""
            described = [f"{field.id}-hint"] if field.description else []
            if field.errors:
                described.append(f"{field.id}-error")
                render_kw.setdefault("aria-invalid", "true")
            if described and not isinstance(field, BooleanField):
                render_kw.setdefault("aria-describedby", " ".join(described))
            # Or an empty field is refused by the browser, in a bubble and in its own language, and never by our words.
            render_kw.setdefault("required", False)
            if isinstance(field, IntegerField):  # so is a number beyond its limits, and a word is not even sent
                render_kw |= {"type": "text", "inputmode": "numeric", "min": False, "max": False}
            return super().render_field(field, render_kw)

    @classmethod
    def asked(cls, **values: Any) -> Any:
        """The form, with what this POST sent; on a GET with `values`."""
        return cls(request.form if request.method == "POST" else None, **values)

    def valid(self) -> bool:
        """Check every field. After False, `problems` has what to say, and the answer's status is 422."""
        return bool(self.validate())

    @property
    def problems(self) -> list[tuple[str, str]]:
        """(field id, what to do) for each field that needs another look, in the order asked."""
        return [(field.id, str(error)) for field in self if field.errors for error in field.errors[:1]]

    def blame(self, field: str, problem: str) -> None:
        """Add a problem that only a rule could find."""
        self[field].errors = [*self[field].errors, problem]


def own_words(
    label: Any, hint: Any = "", *, needed: Any = "", longest: int = 200, long: bool = False, **shown: Any
) -> Any:
    """A field for a person's own words. `needed` is what to say when it is empty; without it the field may be."""
    checks: list[Any] = [validators.InputRequired(needed), not_blank(needed)] if needed else [validators.Optional()]
    checks.append(
        validators.Length(
            max=longest,
            message=flask_babel.lazy_gettext("Use at most %(number)s letters", number=longest),
        )
    )
    kind = TextAreaField if long else StringField
    return kind(label, checks, filters=[tidy], description=hint, render_kw={"maxlength": longest, **shown})


class not_blank:
    """Refuse what is only spaces, which `InputRequired` lets through because it looks before the filters."""

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, form: WTForm, field: Any) -> None:
        if not field.data:
            raise validators.StopValidation(self.message)


class DayField(DateField):
    """A calendar day. What is not one, or lies further off than anyone plans, is asked for again."""

    data: date | None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day; a year that no one means is nearly always a slip of the finger."""
        problem = flask_babel.gettext("Choose a day from the calendar")
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(problem) from None
        if self.data is not None and not EARLIEST <= self.data <= LATEST:
            self.data = None
            raise ValueError(problem)


class _Offering:
    """A field whose `choices` are pairs: what is sent, and what is shown.

    WTForms is about to want an object of its own for each, wherever choices are given; here they become one for it.
    """

    choices: Any
    many = False

    def __init__(self, *args: Any, choices: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = None if choices is None else list(choices)

    def iter_choices(self: Any) -> list[Choice]:
        """Each choice, and whether it is chosen."""
        chosen = (self.data or ()) if self.many else (self.data,)
        return [Choice(sent, shown, self.coerce(sent) in chosen, {}) for sent, shown in self.choices or ()]

    def has_groups(self) -> bool:
        """They are never in groups."""
        return False


class RadioField(_Offering, wtforms.RadioField):
    """One of several, all of them in sight."""


class SelectField(_Offering, wtforms.SelectField):
    """One of several, from a list that opens."""


class SelectMultipleField(_Offering, wtforms.SelectMultipleField):
    """As many of several as are so."""

    many = True


def stated(name: str) -> bool:
    """What a button states, `1` or `0`; 400 for anything else. Never "toggle": a double tap must change nothing."""
    value = request.form.get(name)
    if value not in ("0", "1"):
        abort(400)
    return value == "1"


def sent_json(largest: int = 64 * 1024) -> dict[str, Any]:
    """The JSON object that a script of ours sent, of at most `largest` bytes; 400 for anything else."""
    request.max_content_length = largest
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        abort(400)
    return body
