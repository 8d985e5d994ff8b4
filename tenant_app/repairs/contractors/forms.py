"""What a contractor is asked."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, MultipleFileField

from tenant_app.repairs.models import Repair
from tenant_app.repairs.windows import read_window
from tenant_app.repairs.words import read_by_all
from tenant_app.web.forms import Form, own_words
from tenant_app.web.money import MoneyField
from tenant_app.web.photos import ACCEPTED


class CallOffForm(Form):
    """Why a visit is called off, and which one the page showed."""

    version = HiddenField()
    visit_on = HiddenField()
    visit_window = HiddenField()
    why = own_words(
        _("Why?"), _("The tenant reads this."), needed=_("Write why, so that the tenant knows"), longest=200
    )

    def offer(self, repair: Repair) -> CallOffForm:
        """The same form for one repair: of a house, more than one read it."""
        if repair.tenant is None:
            self.why.description = read_by_all()
        return self

    @property
    def visit(self) -> tuple[date, str] | None:
        """Day and hours of the visit; None for what is none."""
        try:
            window = str(self.visit_window.data)
            return (date.fromisoformat(str(self.visit_on.data)), window) if read_window(window) else None
        except ValueError:
            return None


class FinishForm(Form):
    """What was done, and what it cost."""

    version = HiddenField()
    words = own_words(
        _("What did you do?"), _("The tenant reads this."), needed=_("Write what you did"), longest=1000, long=True,
        rows=4,
    )  # fmt: skip
    cost = MoneyField(
        _("What it cost, in pounds"), description=_("Only staff see this. You can leave it out."),
        render_kw={"inputmode": "decimal", "dir": "ltr"},
    )  # fmt: skip

    def offer(self, repair: Repair) -> FinishForm:
        """The same form for one repair: of a house, more than one read it."""
        if repair.tenant is None:
            self.words.description = read_by_all()
        return self


class WorkPhotosForm(Form):
    """Pictures of the work."""

    photos = MultipleFileField(
        _("Photos of the work"), description=_("We take out where and when they were made."),
        render_kw={"accept": ACCEPTED, "data-shrink": True},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.photos.data = []
