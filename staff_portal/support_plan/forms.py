"""What is asked of a keyworker about a review."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, validators

from tenant_app.accounts.models import Tenant, Worker
from tenant_app.support_plan.kinds import Kind, Who
from tenant_app.support_plan.models import LONGEST, LONGEST_LINE, MOST_LINES, PlanReview
from tenant_app.support_plan.policy import Policy
from tenant_app.support_plan.recording import BACK_DATED, Agreed, Draft, draft_of
from tenant_app.support_plan.words import kind_words, who_words
from tenant_app.web.forms import DayField, Form, RadioField, SelectField, own_words

FURTHEST_LINE = timedelta(days=731)


class SeenForm(Form):
    """A form that knows which version of a text its page showed."""

    seen = HiddenField(validators=[validators.Optional()])

    @property
    def version(self) -> int:
        """0 for what is no number."""
        said = self.seen.data or ""
        return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0

    def show_version(self, version: int) -> None:
        """Whoever sends it once more has read this version."""
        self.seen.data, self.seen.raw_data = str(version), None


class LineForm(Form):
    """Something that was agreed. A line without words is none."""

    what = own_words(_("What is to be done"), longest=LONGEST_LINE, dir="auto")
    who = SelectField(_("Who does it?"), default=Who.TENANT.value)
    by = DayField(_("By when?"), [validators.Optional()])

    @property
    def empty(self) -> bool:
        return not self.what.data and not self.by.data and not self.by.errors


class RecordForm(SeenForm):
    """What the two talked about and agreed. All of it may be kept half-written; to sign it, it has to be whole."""

    met_on = DayField(
        _("When did you meet?"), [validators.Optional()],
        description=_("Leave this empty while you prepare."),
    )  # fmt: skip
    talked = own_words(
        _("What you talked about"), _("What is so, and who said it. They read every word of it."), longest=LONGEST,
        long=True, rows=6, dir="auto",
    )  # fmt: skip
    view = own_words(
        _("What you think"), _("Your own view, apart from the facts. You can leave this out."), longest=LONGEST,
        long=True, rows=3, dir="auto",
    )  # fmt: skip
    next_on = DayField(_("When is the next review?"), [validators.Optional()])

    def __init__(self, formdata: Any = None, lines: tuple[Agreed, ...] = (), **values: Any) -> None:
        super().__init__(formdata, **values)
        known = [{"who": line.who.value, "what": line.what, "by": line.by} for line in lines]
        known += [{}] * (MOST_LINES - len(known))
        self.lines = [LineForm(formdata, prefix=f"line{number}-", **one) for number, one in enumerate(known)]

    @classmethod
    def of(cls, review: PlanReview, worker: Worker, today: date, policy: Policy) -> RecordForm:
        """What was sent; else what stands, or what is usual."""
        now = draft_of(review.record)
        shown: dict[str, Any] = {
            "met_on": now.met_on, "talked": now.talked, "view": now.view, "lines": tuple(now.lines),
            "next_on": now.next_on if review.version else policy.next_due(today), "seen": str(review.version),
        }  # fmt: skip
        form = cls(request.form, seen="") if request.method == "POST" and "talked" in request.form else cls(**shown)
        tenant: Tenant = review.tenant
        for line in form.lines:
            line.who.choices = [(who.value, who_words(who, tenant, worker).striptags()) for who in Who]
        return form

    @property
    def shown(self) -> list[LineForm]:
        """The lines that have something in them, and two more."""
        filled = max((number for number, line in enumerate(self.lines, 1) if not line.empty), default=0)
        return self.lines[: max(filled + 2, 3)]

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Those of the lines too."""
        return [*super().problems, *(problem for line in self.lines for problem in line.problems)]

    def makes_sense(self, today: date, policy: Policy) -> bool:
        """Every field valid, and every day within what anybody plans."""
        for form in (self, *self.lines):
            form.valid()
        if self.met_on.data and not today - BACK_DATED <= self.met_on.data <= today:
            self.blame("met_on", gettext("Choose a day of the last two months"))
        if self.next_on.data and not today < self.next_on.data <= today + timedelta(weeks=policy.furthest_weeks):
            self.blame("next_on", gettext("Choose a day in the next six months"))
        for line in self.lines:
            if line.by.data and not line.what.data:
                line.blame("what", gettext("Write what is to be done"))
            if line.by.data and not today - BACK_DATED <= line.by.data <= today + FURTHEST_LINE:
                line.blame("by", gettext("Choose a day in the next two years"))
        return not self.problems

    @property
    def draft(self) -> Draft:
        """What the fields say."""
        lines = tuple(
            Agreed(Who(line.who.data), line.what.data, line.by.data) for line in self.lines if line.what.data
        )
        return Draft(
            self.met_on.data, self.talked.data or "", self.view.data or "", lines, self.next_on.data
        )


class SignForm(SeenForm):
    """Which text is signed."""


class CloseForm(SeenForm):
    """The worker's answer to a tenant who sees it otherwise; or what was tried, where they said nothing."""

    reply = own_words(
        _("Your answer"), _("It stands beside their words. Neither changes the other’s."), longest=LONGEST, long=True,
        rows=3, dir="auto",
    )  # fmt: skip


class ChangeForm(Form):
    """What changed in a tenant’s life."""

    kind = RadioField(_("What has changed?"), validators=[validators.Optional()], default="")
    words = own_words(
        _("What is known"), _("Facts, and who said them. They read this."), longest=1000, long=True, rows=3,
        dir="auto",
    )

    def makes_sense(self) -> bool:
        """Valid, and one of the kinds."""
        self.offer()
        if not self.valid():
            return False
        if not self.kind.data:
            self.blame("kind", gettext("Choose what has changed"))
        return not self.problems

    def offer(self) -> None:
        """Fill in what can be chosen."""
        self.kind.choices = [(kind.value, kind_words(kind)) for kind in Kind]
