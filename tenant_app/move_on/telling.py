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


def count_part(part: PartStanding) -> list[Markup]:
    """`2 done`, `1 does not apply`: one for each state that anything is in."""
    done, working, to_come, not_mine = (
        part.count(state) for state in (Ready.DONE, Ready.WORKING, Ready.NOT_YET, Ready.NOT_MINE)
    )
    counted = (
        (done, say_number("%(num)s done", "%(num)s done", done)),
        (working, say_number("%(num)s under way", "%(num)s under way", working)),
        (to_come, say_number("%(num)s to come", "%(num)s to come", to_come)),
        (not_mine, say_number("%(num)s does not apply", "%(num)s do not apply", not_mine)),
    )
    return [words for number, words in counted if number]


def tell_part(part: PartStanding) -> str:
    """`2 done, 1 under way, 3 to come`, of what applies."""
    said = [str(words) for words in count_part(PartStanding(part.part, part.applies))]
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
        "part_words": part_words, "state_words": state_words, "count_part": count_part, "tell_part": tell_part,
        "draw_part": draw, "ready_states": list(Ready),
    }  # fmt: skip
