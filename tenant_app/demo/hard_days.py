"""Plans for hard days in the demo: written over the first weeks, one of them shared."""

from __future__ import annotations

from tenant_app.accounts.consent import Category, give_consent
from tenant_app.demo.people import RESIDENTS
from tenant_app.demo.town import Town
from tenant_app.safety_plan.models import Part
from tenant_app.safety_plan.rules import write_line

PLANS: dict[str, tuple[tuple[Part, str, str], ...]] = {
    RESIDENTS[0].name: (
        (Part.SIGNS, "I stop opening my letters", ""), (Part.SIGNS, "I lie awake after three", ""),
        (Part.HELPS, "Radio on, kettle on, window open", ""), (Part.HELPS, "Walk to the canal and back", ""),
        (Part.PLACES, "The library on Essex Road", ""), (Part.PEOPLE, "Leyla, my sister", "020 7946 0112"),
        (Part.PROFESSIONALS, "Dr Owusu at the surgery", "020 7946 0177"),
        (Part.SAFE, "Leyla keeps my spare tablets", ""),
    ),
    RESIDENTS[1].name: ((Part.HELPS, "Cold water on my face", ""), (Part.PEOPLE, "Piotr from upstairs", "")),
}  # fmt: skip


def write_plans(town: Town) -> None:
    """The first shares theirs with their keyworker."""
    for name, lines in PLANS.items():
        with town.at(-5 * 7, 19):
            for part, words, phone in lines:
                write_line(town.session, town.tenants[name], part, words, phone=phone, language="en")
    with town.at(-10, 18):
        sharing = town.tenants[RESIDENTS[0].name]
        assert sharing.keyworker is not None
        give_consent(town.session, sharing, Category.SAFETY_PLAN, sharing.keyworker, town.settings.zone)
