"""What everyone in the demo house has been trained in: most valid, some running out, one volunteer still to begin.

Ruth, a peer, helps with the evenings about money; Kit, a volunteer, waits for a course before he may help anywhere.
"""

from __future__ import annotations

from datetime import timedelta

from tenant_app.demo.people import DEVON, GRACE, JOANA, KIT, MAEVE, NASRIN, PRIYA, RUTH, TARIQ, Colleague
from tenant_app.demo.town import Town
from tenant_app.training.models import Course, Duty
from tenant_app.training.rules import write_record

SAFEGUARDING, BOUNDARIES, FIRST_AID, ALONE, FOOD = (
    Course(slug, months, frozenset(Duty))
    for slug, months in (
        ("safeguarding-adults", 36), ("boundaries", 24), ("first-aid", 36), ("lone-working", 24), ("food-hygiene", 36),
    )
)  # fmt: skip

DONE: tuple[tuple[Colleague, Course, int], ...] = (
    *((one, SAFEGUARDING, 300 + 30 * number) for number, one in enumerate((GRACE, TARIQ, JOANA, NASRIN, PRIYA))),
    *((one, BOUNDARIES, 200 + 20 * number) for number, one in enumerate((GRACE, TARIQ, MAEVE, JOANA, NASRIN, PRIYA))),
    *((one, FIRST_AID, 400 + 40 * number) for number, one in enumerate((GRACE, TARIQ, MAEVE, JOANA, PRIYA, DEVON))),
    *((one, ALONE, 150 + 15 * number) for number, one in enumerate((GRACE, TARIQ, MAEVE, JOANA, NASRIN, DEVON, PRIYA))),
    (JOANA, FOOD, 500), (GRACE, FOOD, 1200), (GRACE, FOOD, 90),
    (MAEVE, SAFEGUARDING, 1090), (DEVON, SAFEGUARDING, 1050), (DEVON, BOUNDARIES, 745), (NASRIN, FIRST_AID, 1072),
    (RUTH, SAFEGUARDING, 60), (RUTH, BOUNDARIES, 710), (KIT, BOUNDARIES, 12),
)  # fmt: skip
"""Who did what, and how many days ago."""


def train_everyone(town: Town) -> None:
    """Write the certificates down as they would have been, and let Ruth agree that tenants read she is a peer."""
    nasrin, priya = town.staff[NASRIN.name], town.staff[PRIYA.name]
    for colleague, course, ago in DONE:
        worker, done_on = town.staff[colleague.name], town.today - timedelta(days=ago)
        write_record(
            town.session, worker, course, done_on=done_on, valid_until=course.holds_until(done_on),
            checked_by=priya if worker is nasrin else nasrin, today=town.today,
        )  # fmt: skip
    town.staff[RUTH.name].tell_footing(told=True)
