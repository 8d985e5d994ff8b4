"""The story of a goal as a picture: a road through time with what was done on it, and above it how sure they were.

Drawn on the server in the hand of `web/charts.py`; it says in words what it shows, and a table stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext, ngettext
from markupsafe import Markup

from tenant_app import clock
from tenant_app.goals.history import Happened
from tenant_app.goals.models import Goal
from tenant_app.goals.story import Moment, Story
from tenant_app.web.locale import tell_short_day

BEGINS, ENDS, ROAD = 12, 300, 106
"""Where the road lies in a picture 320 by 128."""


def picture_of(goal: Goal, story: Story, until: datetime | None = None) -> Markup | None:
    """The picture of one page of a goal's story, ending `until` (aware) or now. None where there is nothing to draw:
    a goal that was written a moment ago, and nothing since. Time runs with the reading direction."""
    moments = story.moments[::-1]
    ends = until or clock.now()
    if not moments or ends <= moments[0].at:
        return None
    begins = moments[0].at
    whole = (ends - begins).total_seconds()

    def across(at: datetime) -> float:
        return round(BEGINS + (ENDS - BEGINS) * (at - begins).total_seconds() / whole, 1)

    parts = [Markup('<line x1="0" y1="{0}" x2="320" y2="{0}"/>').format(_height(sure)) for sure in (1, 10)]
    for start, end, rests in _stretches(moments, ends, paused_now=goal.paused):
        drawn = Markup('<path class="road {}" d="M{} {}H{}"/>')
        parts.append(drawn.format("rest" if rests else "gone", across(start), ROAD, across(end)))
    sure = [(across(each.at), _height(each.number)) for each in moments if each.number is not None]
    if len(sure) > 1:
        way = Markup("L").join(Markup("{} {}").format(x, y) for x, y in sure)
        parts.append(Markup('<path class="between" fill="none" d="M{}"/>').format(way))
    parts += [Markup('<circle class="after" cx="{}" cy="{}" r="5"/>').format(x, y) for x, y in sure]
    for each in moments:
        x = across(each.at)
        if each.kind == Happened.STEP_DONE:
            parts.append(Markup('<circle class="stone did" cx="{}" cy="{}" r="8"/>').format(x, ROAD))
            parts.append(Markup('<path class="tk" d="M{} {}l2.5 2.5 4.3-5.2"/>').format(round(x - 3.4, 1), ROAD + 0.3))
        elif each.kind == Happened.REACHED:
            parts.append(Markup('<path class="door glow" d="M{} {}v-14a8 8 0 0 1 16 0v14z"/>').format(x - 8, ROAD - 9))
        elif each.kind == "reviewed":
            parts.append(Markup('<circle class="before" cx="{}" cy="{}" r="4"/>').format(x, ROAD + 16))
    return Markup(
        '<figure class="columns"><svg class="chart felt way" viewBox="0 0 320 128" role="img" aria-label="{}">{}</svg>'
        '<figcaption class="meta" aria-hidden="true"><span>{}</span><span>{}</span></figcaption></figure>'
    ).format(_label(moments), Markup("").join(parts), tell_short_day(begins), tell_short_day(ends))


def _height(sure: int | None) -> int:
    """Of 1 to 10: the surest is up."""
    return 92 - 8 * (sure or 1)


def _stretches(moments: list[Moment], ends: datetime, *, paused_now: bool) -> Iterator[tuple[datetime, datetime, bool]]:
    """From when to when the goal was on its way, and when it rested."""
    turns = [each for each in moments if each.kind in (Happened.PAUSED, Happened.RESUMED)]
    # Before the first turn it was the other way round; without any, as it is now.
    rests = turns[0].kind == Happened.RESUMED if turns else paused_now
    since = moments[0].at
    for turn in turns:
        yield since, turn.at, rests
        since, rests = turn.at, turn.kind == Happened.PAUSED
    yield since, ends, rests


def _label(moments: list[Moment]) -> str:
    done = sum(each.kind == Happened.STEP_DONE for each in moments)
    said = [ngettext("%(num)s step done", "%(num)s steps done", done)]
    sure = [each.number for each in moments if each.number is not None]
    if len(sure) > 1:
        said.append(gettext("How sure: from %(first)s to %(last)s of 10", first=sure[0], last=sure[-1]))
    elif sure:
        said.append(gettext("How sure: %(number)s of 10", number=sure[0]))
    if any(each.kind == Happened.REACHED for each in moments):
        said.append(gettext("Reached"))
    return ". ".join(said)
