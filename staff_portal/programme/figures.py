"""How full the programme is, and who came, in numbers: pictures with their tables, and files to take home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flask import Response, abort, render_template, request
from flask_babel import gettext

from staff_portal.programme.room import room
from staff_portal.roles import REGISTER_KEEPERS
from staff_portal.spans import SpanForm
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.groups.after.feedback import FEWEST, helped_by_kind
from tenant_app.groups.programme.figures import SessionFigures, Sum, by_kind, by_week, figures, total
from tenant_app.groups.titles import title
from tenant_app.web.audience import open_to
from tenant_app.web.house import house, session
from tenant_app.web.workbooks import table_answer

WEEKS = 12
"""Weeks behind us that are looked at unless somebody asks for others."""


@dataclass(frozen=True)
class Found:
    """What a span has come to."""

    first: date
    last: date
    sessions: list[SessionFigures]
    helped: dict[str, tuple[int, int]]
    """Kind to (who said that it helped, who answered); without those too few answered about."""

    @property
    def kinds(self) -> list[Sum]:
        return by_kind(self.sessions)

    @property
    def weeks(self) -> list[Sum]:
        return by_week(self.sessions, self.first, self.last)

    @property
    def total(self) -> Sum:
        return total(self.sessions)


@room.get("/programme/figures", endpoint="figures")
@open_to(*REGISTER_KEEPERS)
def show() -> str | tuple[str, int]:
    """Fill rate and attendance by kind, and week by week."""
    form, found = _asked(house().settings.zone)
    page = render_template("programme/figures.html", form=form, found=found, title_of=title, fewest=FEWEST)
    return page if found else (page, 422)


@room.get("/programme/figures.<suffix>")
@open_to(*REGISTER_KEEPERS)
def export(suffix: str) -> Response:
    """The same as a file, by `kind` or by `session`. Counts only: no name leaves the house this way."""
    by, (_form, found) = request.args.get("by"), _asked(house().settings.zone)
    if found is None or by not in ("kind", "session"):
        abort(400)
    rows = _kind_rows(found) if by == "kind" else _session_rows(found)
    return table_answer(suffix, rows, f"programme-by-{by}-{found.first}-{found.last}", title=gettext("Programme"))


def _asked(zone: ZoneInfo) -> tuple[SpanForm, Found | None]:
    """The span that was asked for, and what it came to; None where it makes no sense."""
    form, span = SpanForm.from_address(clock.today(zone) - timedelta(weeks=WEEKS) + timedelta(days=1))
    if span is None:
        return form, None
    return form, Found(span.first, span.last, figures(session(), worker(), *span.moments),
                       helped_by_kind(session(), worker(), *span.moments))  # fmt: skip


def _kind_rows(found: Found) -> list[list[object]]:
    head: list[object] = [
        gettext("Group"), gettext("Sessions"), gettext("Over"), gettext("Places"), gettext("Booked"),
        gettext("Full, in percent"), gettext("Came"), gettext("Sent word"), gettext("Not here"), gettext("Not marked"),
    ]  # fmt: skip
    return [head, *(
        [title(str(each.of)), each.sessions, each.over, each.places, each.booked, each.fill, each.came,
         each.sent_word, each.not_here, each.unmarked]
        for each in found.kinds
    )]  # fmt: skip


def _session_rows(found: Found) -> list[list[object]]:
    head: list[object] = [
        gettext("Group"), gettext("Day"), gettext("Starts at"), gettext("Where"), gettext("Places"), gettext("Booked"),
        gettext("Waiting"), gettext("Came"), gettext("Sent word"), gettext("Not here"), gettext("Not marked"),
    ]  # fmt: skip
    return [head, *(
        [title(each.kind), each.day.isoformat(), f"{each.starts_at.astimezone(ZoneInfo(each.zone)):%H:%M}",
         each.place or gettext("Online"), each.capacity, each.booked, each.waiting, each.came, each.sent_word,
         each.not_here, each.unmarked if each.over else ""]
        for each in found.sessions
    )]  # fmt: skip
