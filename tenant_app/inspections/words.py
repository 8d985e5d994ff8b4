"""What is said of inspections, in the reader's language, at both doors."""

from __future__ import annotations

from markupsafe import Markup

from tenant_app.inspections.outcomes import Outcome
from tenant_app.web.locale import say


def outcome_words(outcome: Outcome) -> Markup:
    """What an outcome is called, on a button that is a third of a phone wide."""
    return {
        Outcome.OK: say("OK"), Outcome.FAILED: say("Failed"), Outcome.NOT_APPLICABLE: say("Not applicable"),
    }[outcome]  # fmt: skip
