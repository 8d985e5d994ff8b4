"""What is asked at the supervision desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import validators

from tenant_app.accounts.models import Worker
from tenant_app.supervision.models import LONGEST, MOST_ACTIONS
from tenant_app.web.forms import DayField, Form, SelectField, own_words
from tenant_app.web.locale import say_number


def with_sizes(workers: Sequence[Worker], sizes: Mapping[UUID, int]) -> list[tuple[str, str]]:
    """Choices that say how many tenants each of them has."""
    return [
        (str(one.id), f"{one.name}, " + str(say_number("%(num)s tenant", "%(num)s tenants", sizes.get(one.id, 0))))
        for one in workers
    ]


class MoveForm(Form):
    """Whose keyworker somebody is to be. Which tenants, the page reads itself."""

    to = SelectField(_("Their new keyworker"), validate_choice=False)

    def offer(self, choices: list[tuple[str, str]]) -> MoveForm:
        """Fill the list to choose from."""
        self.to.choices = [("", gettext("Choose one")), *choices]
        return self

    def validate_to(self, field: Any) -> None:
        """One of those that were offered: whoever left meanwhile is not."""
        if not field.data or field.data not in dict(field.choices):
            raise validators.StopValidation(gettext("Choose somebody who works here"))


class CoverForm(Form):
    """Who stands in, and on which days."""

    covered_by = SelectField(_("Who stands in"), validate_choice=False)
    from_on = DayField(_("First day away"), [validators.InputRequired(_("Choose the first day"))])
    until_on = DayField(_("Last day away"), [validators.InputRequired(_("Choose the last day"))])
    reason = own_words(
        _("What for"),
        _("If it helps colleagues: leave, a course. Nothing about anyone’s health. Tenants do not see it."),
        longest=200,
    )  # fmt: skip

    def offer(self, choices: list[tuple[str, str]]) -> CoverForm:
        """Fill the list to choose from."""
        self.covered_by.choices = [("", gettext("Choose one")), *choices]
        return self

    def validate_covered_by(self, field: Any) -> None:
        """One of those that were offered."""
        if not field.data or field.data not in dict(field.choices):
            raise validators.StopValidation(gettext("Choose somebody who works here"))


class NoteForm(Form):
    """A meeting about somebody's practice. The agreed actions are fields of the same name, numbered."""

    met_on = DayField(_("When you met"), [validators.InputRequired(_("Choose the day you met"))])
    words = own_words(
        _("What you talked about"),
        _("What was seen and said about the work. Nothing about a tenant’s health, and no names of tenants."),
        needed=_("Write a few words"), longest=LONGEST, long=True, rows=8,
    )  # fmt: skip


for _number in range(1, MOST_ACTIONS + 1):
    setattr(NoteForm, f"action_{_number}", own_words(_("Agreed action"), longest=200))
    setattr(NoteForm, f"by_{_number}", DayField(_("By when"), [validators.Optional()]))


def agreed(form: NoteForm) -> list[tuple[str, date]] | None:
    """The actions that were typed, with their days. None after blaming what is half said or not after the meeting."""
    found: list[tuple[str, date]] = []
    whole = True
    for number in range(1, MOST_ACTIONS + 1):
        what, by_on = form[f"action_{number}"].data, form[f"by_{number}"].data
        if what and by_on is None:
            form.blame(f"by_{number}", gettext("Say by when"))
            whole = False
        elif by_on and not what:
            form.blame(f"action_{number}", gettext("Say what was agreed"))
            whole = False
        elif what and by_on and form.met_on.data and by_on < form.met_on.data:
            form.blame(f"by_{number}", gettext("Choose a day that is not before the meeting"))
            whole = False
        elif what and by_on:
            found.append((what, by_on))
    return found if whole else None


class AnswerForm(Form):
    """What the worker says to it."""

    words = own_words(
        _("Your answer"), _("It stands beside the note. Your coordinator reads it, and nobody else."),
        needed=_("Write a few words"), longest=LONGEST, long=True, rows=5,
    )  # fmt: skip
