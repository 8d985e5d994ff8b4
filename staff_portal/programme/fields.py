"""Kinds of field that planning asks with."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from urllib.parse import urlencode

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import IntegerField, StringField, TimeField, validators

from tenant_app.web.forms import Form, tidy


class ClockField(TimeField):
    """A time of day, in hours and minutes. What is not one is asked for again, in the reader's language."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("Enter a time, such as 11:00")) from None


MOST = 10**9
"""No count is larger; what is typed beyond it is as much too large."""


class CountField(IntegerField):
    """A whole number of people or weeks."""

    data: int | None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("Enter a number, such as 8")) from None
        if self.data is not None:  # limits are compared as floats, which have an end
            self.data = max(-MOST, min(self.data, MOST))


def link_field(label: Any, hint: Any) -> StringField:
    """A field for an address on the web, which may be left out."""
    return StringField(
        label,
        [
            validators.Optional(),
            validators.Length(max=300, message=_("Use at most %(number)s letters", number=300)),
            validators.Regexp(r"https://[^\s<>\"]+\Z", message=_("Enter a link that begins with https://")),
        ],
        filters=[tidy], description=hint, render_kw={"inputmode": "url", "maxlength": 300, "dir": "ltr"},
    )  # fmt: skip


class LookedForm(Form):
    """A form whose answers are first looked at by a GET, and only then sent by a POST: the same fields in both."""

    @classmethod
    def looked(cls, **values: Any) -> Any:
        """From a POST, else from the address of the page that shows what would come of it, else with `values`."""
        given = request.form if request.method == "POST" else request.args
        return cls(given or None, **values)

    @property
    def shown(self) -> bool:
        """Whether there is something to look at or to do, rather than questions to ask."""
        return request.method == "POST" or (bool(request.args) and "change" not in request.args)

    def carried(self, *, but: tuple[str, ...] = ()) -> list[tuple[str, str]]:
        """What was typed, as (name, value), to carry along; without the fields named in `but`."""
        given = request.form if request.method == "POST" else request.args
        names = [name for name in self._fields if name not in but]
        return [(name, value) for name in names for value in given.getlist(name)]

    def to_change(self) -> str:
        """What was typed as the end of an address, so that what was looked at can be changed."""
        return "?" + urlencode([*self.carried(), ("change", "1")])


def wall_time(moment: datetime) -> time:
    """The time that a clock shows, as it is typed."""
    return moment.time().replace(fold=0)
