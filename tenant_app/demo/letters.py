"""What people in the demo wrote to their keyworkers, and one change of keyworker."""

from __future__ import annotations

from tenant_app.demo.people import GRACE, NASRIN, RESIDENTS, TARIQ
from tenant_app.demo.town import Town
from tenant_app.messages.rules import answer, opened, write
from tenant_app.supervision.reassigning import reassign

THREADS: dict[str, tuple[tuple[int, int, bool, str], ...]] = {
    RESIDENTS[0].name: (
        (-9, 10, False, "Hello Amina. I have found a chopping board that nobody uses. Shall I bring it on Friday?"),
        (-9, 18, True, "Yes. And the big pot, if it is still there"),
        (-8, 9, False, "It is. See you on Friday at eleven."),
        (-2, 17, True, "The library rang back. I can look at the room next week"),
        (-1, 9, False, "That is good news. Would you like company on the way there?"),
        (-1, 19, True, "The first time, yes"),
    ),
    RESIDENTS[1].name: (
        (-6, 16, True, "They put me on for Saturday too"),
        (-5, 9, False, "Well earned. How did the second shift go?"),
        (-5, 21, True, "Good. Hot. I like the others there"),
    ),
    RESIDENTS[2].name: ((-1, 20, True, "صباح الخير غريس. هل نذهب إلى البنك معًا يوم الخميس؟"),),
}
"""By tenant: (day, hour, by the tenant, words), in the order of writing."""


def write_letters(town: Town) -> None:
    """Grace answers, and reads what came since; Selam had her as keyworker before Tariq."""
    for name, thread in THREADS.items():
        tenant = town.tenants[name]
        for day, hour, by_tenant, words in thread:
            _say(town, name, GRACE.name, day, hour, by_tenant, words)
        with town.at(-1, 12):
            opened(town.session, town.staff[GRACE.name], tenant, town.settings.zone)
    selam = "Selam Tesfaye"
    tenant = town.tenants[selam]
    with town.at(-40, 9):
        reassign(town.session, [tenant], town.staff[GRACE.name], town.staff[NASRIN.name])
    _say(town, selam, GRACE.name, -30, 15, True, "Which form is it for the railcard?")
    _say(town, selam, GRACE.name, -29, 10, False, "The blue one. I have put it in your letter box.")
    with town.at(-15, 9):
        reassign(town.session, [tenant], town.staff[TARIQ.name], town.staff[NASRIN.name])
    _say(town, selam, TARIQ.name, -14, 9, False, "Hello Selam, I am Tariq, and your keyworker from today.")
    _say(town, selam, TARIQ.name, -13, 18, True, "Hello Tariq. The railcard has come")


def _say(town: Town, name: str, worker: str, day: int, hour: int, by_tenant: bool, words: str) -> None:
    tenant, keyworker = town.tenants[name], town.staff[worker]
    with town.at(day, hour, 10):
        if by_tenant:
            write(town.session, tenant, keyworker.id, words, tenant.language)
        else:
            answer(town.session, keyworker, tenant, words, "en")
