"""How reminders of medicines are worded: by the time of day, never by name."""

from __future__ import annotations

from datetime import time

from flask_babel import gettext

from tenant_app.medication.restocking import COLLECT, ORDER
from tenant_app.medication.slots import DOSE
from tenant_app.medication.words import slot_title, slot_title_with_count
from tenant_app.reminders.models import Notice
from tenant_app.reminders.wording import Discreet, Words, worded


@worded(DOSE, urgent=True)
def due(notice: Notice) -> Words:
    """Something is to be taken now."""
    wall_time, count = time.fromisoformat(notice.facts["time"]), notice.facts.get("count")
    return Words(
        title=slot_title(wall_time) if count is None else slot_title_with_count(wall_time, count),
        body=gettext("Tap to say whether you have taken them."),
        address="/medicines",
    )


@worded(ORDER, discreet=Discreet.PLAN)
def to_order(notice: Notice) -> Words:
    """Something should be ordered, by what was written down."""
    return Words(title=gettext("Time to order more"), body=gettext("Tap to see which."), address="/medicines/stock")


@worded(COLLECT, discreet=Discreet.PLAN)
def to_collect(notice: Notice) -> Words:
    """What was ordered should be ready."""
    return Words(
        title=gettext("Something may be ready to collect"), body=gettext("Tap to see which."),
        address="/medicines/stock",
    )  # fmt: skip
