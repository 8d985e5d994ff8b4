"""What is said of clocks, in the reader's language, at both doors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup

from tenant_app import clock
from tenant_app.repairs.clocks.counting import Limit, Unit, last_day
from tenant_app.repairs.clocks.models import ClockPause, PauseReason, RepairClock
from tenant_app.repairs.clocks.policy import EMERGENCY, Kind
from tenant_app.repairs.clocks.rules import running
from tenant_app.repairs.clocks.stays import StayAnswer
from tenant_app.repairs.hazards import working_days_after
from tenant_app.repairs.models import Repair
from tenant_app.web import content
from tenant_app.web.house import house
from tenant_app.web.locale import say, say_number, tell_day, tell_short_day, tell_time

TOLD_IN_DAYS = 48
"""From so many hours on, days say more: nobody knows how long ago 747 hours are."""


@dataclass(frozen=True)
class Shown:
    """One clock as it stands now, ready to be told."""

    row: RepairClock
    due_on: date
    """The last day in time, by the landlord's wall clock."""
    left: int
    """In the clock's own unit, weeks in days; 0 on the last day or in the last hour."""
    late: int
    done_on: date | None

    @property
    def hours(self) -> bool:
        return self.row.unit is Unit.HOURS

    @property
    def day(self) -> int:
        """Working days gone, pauses left out."""
        return max(self.row.amount - self.left, 0) + self.late


def shown(row: RepairClock) -> Shown:
    """A clock as it stands now; one that is paused as it stood when it stopped."""
    zone, until = house().settings.zone, row.met_at or row.ended_at or row.paused_at or clock.now()
    due_on, today = last_day(row.due_at, zone), until.astimezone(zone).date()
    done_on = row.met_at.astimezone(zone).date() if row.met_at else None
    if row.unit is Unit.HOURS:
        seconds = (row.due_at - until).total_seconds()
        left, late = max(int(seconds // 3600), 0), max(int(-seconds // 3600), 0)
    elif row.unit is Unit.WEEKS:
        left, late = max((due_on - today).days, 0), max((today - due_on).days, 0)
    else:
        left, late = working_days_after(today, due_on), working_days_after(due_on, today)
    return Shown(row, due_on, left, late, done_on)


def next_of(repair: Repair) -> Shown | None:
    """The clock that is over next, or was first; None where none runs. One that stands still comes last."""
    found = sorted(running(repair), key=lambda row: (row.paused_at is not None, row.due_at))
    return shown(found[0]) if found else None


def all_of(repair: Repair) -> list[Shown]:
    """Clocks of the present round, in the order in which things are done. What there was nothing to do about, and the
    law's last day while the earlier one is in time or was, are left out."""
    newest = max((row.round for row in repair.clocks), default=1)
    rows = {row.kind: row for row in repair.clocks if row.round == newest}
    begin = rows.get(Kind.BEGIN_WORKS)
    if begin is not None and (begin.met or not begin.breached):
        rows.pop(Kind.BACKSTOP, None)
    return [shown(rows[kind]) for kind in Kind if kind in rows]


def tell_due(each: Shown) -> str | Markup:
    """`Thursday 10 December`; with the hour where hours count."""
    if each.hours:
        return say("%(day)s, %(time)s", day=tell_day(each.row.due_at), time=tell_time(each.row.due_at))
    return tell_day(each.due_on)


def tell_due_briefly(each: Shown) -> str | Markup:
    """`Thu 10 Dec`; with the hour where hours count."""
    if each.hours:
        return say("%(day)s, %(time)s", day=tell_short_day(each.row.due_at), time=tell_time(each.row.due_at))
    return tell_short_day(each.due_on)


def task(kind: Kind) -> str:
    """What has to be done, at the desk."""
    return {
        Kind.INVESTIGATE: gettext("Look into it"), Kind.SUMMARY: gettext("Write to the tenant"),
        Kind.MAKE_SAFE: gettext("Make it safe"), Kind.BEGIN_WORKS: gettext("Begin further work"),
        Kind.BACKSTOP: gettext("Begin further work, last day"), Kind.MEND: gettext("Mend it"),
    }[kind]  # fmt: skip


def tag(each: Shown) -> tuple[str | Markup, str, str]:
    """How a clock stands: words, kind of tag, icon."""
    row = each.row
    if row.met_at is not None:
        return (gettext("In time"), "good", "check") if row.met else (gettext("Late"), "", "clock")
    if row.ended_at is not None:
        return gettext("Not needed"), "", "minus"
    if row.breached:
        return _lateness(each), "now", "warn"
    if row.paused_at is not None:
        return gettext("Paused"), "wait", "pause"
    days, tone = _days(each, each.left), "" if row.unit is Unit.WEEKS else "now"
    if days is not None:
        return say_number("%(num)s day left", "%(num)s days left", days), tone, "clock"
    if each.hours:
        left = say_number("%(num)s hour left", "%(num)s hours left", each.left)
        return (left if each.left else gettext("Less than an hour left")), tone, "clock"
    return say("Day %(day)s of %(limit)s", day=each.day, limit=row.amount), tone, "clock"


def _days(each: Shown, count: int) -> int | None:
    """What a clock counted in its own unit, in whole days of the calendar; None where it is told as it is counted."""
    if each.hours:
        return count // 24 if count >= TOLD_IN_DAYS else None
    return count if each.row.unit is Unit.WEEKS else None


def _lateness(each: Shown) -> str | Markup:
    if not each.late:
        return gettext("Late")
    days = _days(each, each.late)
    if days is not None:
        return say_number("%(num)s day late", "%(num)s days late", days)
    if each.hours:
        return say_number("%(num)s hour late", "%(num)s hours late", each.late)
    return say_number("%(num)s working day late", "%(num)s working days late", each.late)


def promise(each: Shown) -> Markup:
    """A clock to the tenant: what we do by when, what we should have done, or what we did."""
    kind, row = each.row.kind, each.row
    if row.met_at is not None:
        day = tell_day(row.met_at)
        return {
            Kind.INVESTIGATE: lambda: say("We looked into it on %(day)s.", day=day),
            Kind.SUMMARY: lambda: say("We wrote to you about it on %(day)s.", day=day),
            Kind.MAKE_SAFE: lambda: say("We made it safe on %(day)s.", day=day),
            Kind.MEND: lambda: say("We mended it on %(day)s.", day=day),
        }.get(kind, lambda: say("We began the work on %(day)s.", day=day))()
    due = tell_due(each)
    if row.breached:
        return {
            Kind.INVESTIGATE: lambda: say("We should have looked into this by %(day)s.", day=due),
            Kind.SUMMARY: lambda: say("We should have written to you about it by %(day)s.", day=due),
            Kind.MAKE_SAFE: lambda: say("We should have made it safe by %(day)s.", day=due),
            Kind.MEND: lambda: say("We should have mended it by %(day)s.", day=due),
        }.get(kind, lambda: say("We should have begun the work by %(day)s.", day=due))()
    return {
        Kind.INVESTIGATE: lambda: say("We look into it by %(day)s", day=due),
        Kind.SUMMARY: lambda: say("We write to you about what we found by %(day)s", day=due),
        Kind.MAKE_SAFE: lambda: say("We make it safe by %(day)s", day=due),
        Kind.MEND: lambda: say("We mend it by %(day)s", day=due),
    }.get(kind, lambda: say("We begin the work by %(day)s", day=due))()


_REASONS = {
    PauseReason.TENANT_ASKED: (_("The tenant asked us to wait"), _("You asked us to wait.")),
    PauseReason.NO_ACCESS: (
        _("We gave notice and could not get in"), _("We told you that we would come, and could not get in."),
    ),
    PauseReason.TENANT_AWAY: (_("The tenant is away"), _("You are away.")),
    PauseReason.NOT_SAFE_TO_ENTER: (_("It is not safe to go in"), _("It is not safe to go in.")),
    PauseReason.OUT_OF_OUR_HANDS: (
        _("Somebody else has to act first"), _("Somebody else has to do their part first."),
    ),
}  # fmt: skip
"""At the desk, and to the tenant."""


def reason_words(reason: PauseReason) -> str:
    """Why a clock stands still."""
    return str(_REASONS[reason][0])


def reason_to_tenant(reason: PauseReason) -> str:
    """The same, to the tenant."""
    return str(_REASONS[reason][1])


def answer_words(answer: StayAnswer) -> str:
    """What became of an offer."""
    return {
        StayAnswer.OFFERED: gettext("Offered"), StayAnswer.ACCEPTED: gettext("Accepted"),
        StayAnswer.DECLINED: gettext("Declined"),
    }[answer]  # fmt: skip


def law_of(repair: Repair) -> content.Page | None:
    """What gives these times: the law's page for a hazard, our own for the rest; None before any clock runs."""
    rows = all_of(repair)
    if not rows:
        return None
    rule = rows[0].row.rule
    return content.page("hazards", rule) if rows[0].row.legal else content.page("repairs", "priorities")


def is_emergency(repair: Repair) -> bool:
    """Whether the law's 24 hours run, or ran."""
    return any(each.row.rule == EMERGENCY and each.row.legal for each in all_of(repair))


def told_at(moment: datetime) -> Markup:
    """`Thursday 26 November, 9:00 am`."""
    return say("%(day)s, %(time)s", day=tell_day(moment), time=tell_time(moment))


def lasts(pause: ClockPause) -> bool:
    """Whether the clock stands still now."""
    return pause.lasts_at(clock.now())


def limit_words(limit: Limit) -> Markup:
    """`10 working days`."""
    if limit.unit is Unit.HOURS:
        return say_number("%(num)s hour", "%(num)s hours", limit.amount)
    if limit.unit is Unit.WEEKS:
        return say_number("%(num)s week", "%(num)s weeks", limit.amount)
    return say_number("%(num)s working day", "%(num)s working days", limit.amount)
