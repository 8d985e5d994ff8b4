"""How a plan is told: each part of the list as a row of stones with a table beside it, for the tenant and, if they
agree, their keyworker. Counts of things; there is no number for a person."""

from __future__ import annotations

from babel.lists import format_list
from flask_babel import gettext
from markupsafe import Markup

from tenant_app.move_on.checklist import part_words
from tenant_app.move_on.models import Ready
from tenant_app.move_on.standing import PartStanding
from tenant_app.web import charts
from tenant_app.web.locale import language, say_number

_STONES = {Ready.DONE: charts.DID, Ready.WORKING: charts.HERE, Ready.NOT_YET: charts.TO_COME}


def state_words(state: Ready) -> str:
    """`Working on it`."""
    return {
        Ready.NOT_YET: gettext("Not yet"), Ready.WORKING: gettext("Working on it"), Ready.DONE: gettext("Done"),
        Ready.NOT_MINE: gettext("Does not apply"),
    }[state]  # fmt: skip


def tell_part(part: PartStanding) -> str:
    """`2 done, 1 under way, 3 to come`, as far as there are any."""
    counted = (
        say_number("%(num)s done", "%(num)s done", part.count(Ready.DONE)) if part.count(Ready.DONE) else "",
        say_number("%(num)s under way", "%(num)s under way", part.count(Ready.WORKING))
        if part.count(Ready.WORKING) else "",
        say_number("%(num)s to come", "%(num)s to come", part.count(Ready.NOT_YET))
        if part.count(Ready.NOT_YET) else "",
    )  # fmt: skip
    said = [str(one) for one in counted if one]
    return format_list(said, style="unit", locale=language().locale) if said else gettext("Nothing here applies")


def draw(part: PartStanding) -> Markup:
    """A stone for each thing that applies; empty where none does."""
    if not part.applies:
        return Markup("")
    label = f"{part_words(part.part).name}: {tell_part(part)}"
    return charts.shelf([_STONES[thing.state] for thing in part.applies], label)


def in_templates() -> dict[str, object]:
    """What the templates of both doors call these by."""
    return {
        "part_words": part_words, "state_words": state_words, "tell_part": tell_part, "draw_part": draw,
        "ready_states": list(Ready),
    }  # fmt: skip
