"""What moods are called, and how a picture of them is told."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext
from markupsafe import Markup

from tenant_app.groups.after.models import Mood
from tenant_app.groups.after.moods import Felt
from tenant_app.groups.titles import programme, title
from tenant_app.web import charts
from tenant_app.web.locale import tell_day, tell_short_day

DRAWN = 12
"""Sessions in a picture: more would be too small to tell apart on a phone."""


def mood_words(mood: Mood) -> str:
    """What a mood is called, in the reader's language."""
    return {
        Mood.VERY_LOW: gettext("Very low"), Mood.LOW: gettext("Low"), Mood.IN_BETWEEN: gettext("So-so"),
        Mood.GOOD: gettext("Good"), Mood.VERY_GOOD: gettext("Very good"),
    }[mood]  # fmt: skip


def draw(newest_first: Sequence[Felt]) -> Markup:
    """The last sessions as a picture, the oldest first; empty where there is nothing to draw."""
    shown = list(reversed(newest_first[:DRAWN]))
    if not shown:
        return Markup("")
    pairs = [(each.before.height if each.before else 0, each.after.height if each.after else 0) for each in shown]
    first, last = shown[0].group_session.day, shown[-1].group_session.day
    label = gettext(
        "Moods before and after each session, from %(first)s to %(last)s. The table below says it in words.",
        first=tell_day(first), last=tell_day(last),
    )  # fmt: skip
    ends = mood_words(Mood.VERY_LOW), mood_words(Mood.VERY_GOOD)
    return charts.before_and_after(pairs, ends, (tell_short_day(first), tell_short_day(last)), label)


def in_templates() -> dict[str, object]:
    """What pages about moods ask for: sessions by name, moods in words, and all five in order."""
    return {"programme": programme, "title_of": title, "mood_words": mood_words, "moods": list(Mood)}
