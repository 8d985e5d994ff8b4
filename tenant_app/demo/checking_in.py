"""Check-ins in the demo: ten weeks of them, seen by a keyworker; and a few that nobody else sees."""

from __future__ import annotations

from datetime import time

from tenant_app import clock
from tenant_app.accounts.consent import Category, give_consent
from tenant_app.accounts.models import Tenant
from tenant_app.check_ins.reminding import Weekly, remind
from tenant_app.check_ins.rules import SUNDAY, Asked, check_in
from tenant_app.demo.people import RESIDENTS
from tenant_app.demo.town import Town

STATEMENTS = ("home", "body", "people", "money", "days", "hope")
Week = tuple[str, str]
SHARED: tuple[Week, ...] = (
    ("221212", "The boxes are still there. I slept a little."), ("222212", ""),
    ("321-22", "Leyla rang. We laughed about the old flat."), ("232123", "The money came late, and I managed."),
    ("33322-", ""), ("343233", "Soup on Thursday. I brought the bread."), ("334233", "A quiet week."),
    ("43-234", ""), ("344334", "Twice to the canal and back."), ("444344", "The library card came."),
)  # fmt: skip
"""One letter for each statement, 1 to 5, or - where it was left out; and the sentence. The oldest first."""
PRIVATE: tuple[Week, ...] = (("44-143", ""), ("34-242", "Work rang back."), ("45-243", ""))


def check_in_weekly(town: Town) -> None:
    """The first resident shows theirs to their keyworker and is reminded on Sundays; the second keeps theirs."""
    first, second = (town.tenants[resident.name] for resident in RESIDENTS[:2])
    _live(town, first, SHARED)
    _live(town, second, PRIVATE)
    assert first.keyworker is not None
    with town.at(-10, 12):
        give_consent(town.session, first, Category.CHECK_INS, first.keyworker, town.settings.zone)
        remind(town.session, first, Weekly(SUNDAY, time(18)), town.settings.zone)


def _live(town: Town, tenant: Tenant, weeks: tuple[Week, ...]) -> None:
    for ago, (letters, words) in zip(range(len(weeks), 0, -1), weeks, strict=True):
        answers: dict[Asked, int | None] = {
            Asked("weekly", statement, 1): int(letter)
            for statement, letter in zip(STATEMENTS, letters, strict=True)
            if letter != "-"
        }
        with town.at(-7 * ago, 19):
            day = clock.today(town.settings.zone)
            check_in(town.session, tenant, day, answers, words, language="en" if words else "")
