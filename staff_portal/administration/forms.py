"""What is asked about a new tenant and a new colleague."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import validators

from staff_portal.roles import footing_words, role_words
from tenant_app.accounts.models import Footing, Occupancy, Role, Worker
from tenant_app.web.forms import DayField, Form, SelectField, own_words
from tenant_app.web.locale import offered


class TenantForm(Form):
    """A new tenant. What is not asked here is theirs to say."""

    name = own_words(_("Name"), _("As they write it."), needed=_("Write their name"), longest=80, autocomplete="off")
    known_as = own_words(
        _("What they like to be called"), _("Leave it empty for the first part of the name."), longest=40,
        autocomplete="off",
    )  # fmt: skip
    building = SelectField(_("Property"))
    flat = own_words(_("Flat or room"), longest=20, autocomplete="off")
    occupancy = SelectField(_("Agreement"))
    moved_in_on = DayField(_("Moved in on"), [validators.InputRequired(_("Choose the day they moved in"))])
    keyworker = SelectField(_("Keyworker"))
    language = SelectField(_("Language they read"))

    def offer(self, buildings: list[Any], keyworkers: list[Any], *, alone: bool) -> TenantForm:
        """Fill the lists to choose from. `alone`: whoever asks is the only keyworker who may be chosen."""
        self.building.choices = [(str(one.id), one.name) for one in buildings]
        nobody = [] if alone else [("", gettext("Nobody yet"))]
        self.keyworker.choices = [*nobody, *((str(one.id), one.name) for one in keyworkers)]
        self.language.choices = [(one.code, one.name) for one in offered()]
        self.occupancy.choices = [
            (Occupancy.LICENCE.value, gettext("Licence")), (Occupancy.TENANCY.value, gettext("Tenancy"))
        ]  # fmt: skip
        return self


class FootingForm(Form):
    """On what footing somebody is here."""

    footing = SelectField(
        _("Here as"), default=Footing.EMPLOYEE.value,
        description=_("It decides which training they need. What they see stays with their role."),
    )  # fmt: skip

    def offer_footings(self) -> Self:
        """Fill the list to choose from."""
        self.footing.choices = [(each.value, footing_words(each)) for each in Footing]
        return self


class CoordinatorForm(Form):
    """Who supervises somebody."""

    coordinator = SelectField(
        _("Supervised by"),
        description=_("A coordinator sees the caseloads of those they supervise, and nobody else’s."),
    )  # fmt: skip

    def offer(self, coordinators: Sequence[Worker]) -> CoordinatorForm:
        """Fill the list to choose from."""
        named = [(str(one.id), one.name) for one in coordinators]
        self.coordinator.choices = [("", gettext("Nobody by name: every coordinator")), *named]
        return self


class WorkerForm(FootingForm):
    """A new colleague."""

    name = own_words(_("Name"), needed=_("Write their name"), longest=80, autocomplete="off")
    email = own_words(
        _("Work email"), _("They sign in with it."), needed=_("Write their work email"), longest=254, type="email",
        autocomplete="off", autocapitalize="none", dir="ltr",
    )  # fmt: skip
    role = SelectField(_("Role"), description=_("It decides what they see."))
    building = SelectField(_("Property"))

    def offer(self, buildings: list[Any]) -> WorkerForm:
        """Fill the lists to choose from."""
        self.offer_footings()
        self.role.choices = [(role.value, role_words(role)) for role in Role]
        self.building.choices = [("", gettext("All of them")), *((str(one.id), one.name) for one in buildings)]
        return self

    def validate_email(self, field: Any) -> None:
        """One `@` with something on both sides; whether it arrives, only a message could tell."""
        before, at, after = (field.data or "").rpartition("@")
        if field.data and not (before and at and "." in after and not any(sign.isspace() for sign in field.data)):
            raise validators.StopValidation(gettext("Write an address like name@example.org"))
