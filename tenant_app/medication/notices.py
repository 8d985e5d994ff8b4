"""How reminders of medicines are worded: by the time of day, never by name."""

from __future__ import annotations

from datetime import time

from flask_babel import gettext

from tenant_app.medication.slots import DOSE
from tenant_app.medication.words import slot_title_with_count
from tenant_app.reminders.wording import Sayable, Words, worded


@worded(DOSE, urgent=True)
def due(notice: Sayable) -> Words:
    """Something is to be taken now."""
    return Words(
        title=slot_title_with_count(time.fromisoformat(notice.facts["time"]), notice.facts["count"]),
        body=gettext("Tap to say whether you have taken them."),
        address="/medicines",
    )
