"""What is asked about a line of a handover."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import validators

from tenant_app.accounts.models import Tenant
from tenant_app.handover.models import LONGEST, About
from tenant_app.web.forms import Form, RadioField, SelectField, own_words


class WordsForm(Form):
    """The words of a line."""

    words = own_words(
        _("What the next shift should know"),
        _("Facts, and what to do. Leave health and medicines out: they are shared by consent, not here."),
        needed=_("Write a few words"), longest=LONGEST, long=True, rows=3,
    )  # fmt: skip


class LineForm(WordsForm):
    """A new line."""

    about = RadioField(_("What is it"), default=About.HAPPENED.value, validate_choice=False)
    tenant = SelectField(
        _("Who is it about"), validate_choice=False,
        description=_("Somebody of this building whom you support, or nobody. They see who reads it."),
    )  # fmt: skip

    def offer(self, tenants: Sequence[Tenant]) -> LineForm:
        """Fill the lists to choose from."""
        self.about.choices = [
            (About.HAPPENED.value, gettext("This happened")), (About.NEEDS.value, gettext("This is to be done"))
        ]  # fmt: skip
        self.tenant.choices = [("", gettext("Nobody by name")), *((str(one.id), one.name) for one in tenants)]
        return self

    def validate_about(self, field: Any) -> None:
        """One of the two."""
        if field.data not in dict(field.choices):
            raise validators.StopValidation(gettext("Choose one of the two"))

    def validate_tenant(self, field: Any) -> None:
        """One of those that were offered: whoever moved meanwhile is not."""
        if field.data and field.data not in dict(field.choices):
            raise validators.StopValidation(gettext("Choose somebody of this list, or nobody"))
