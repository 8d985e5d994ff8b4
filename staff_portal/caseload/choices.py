"""What the choices of a caseload are called."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext

from staff_portal.caseload.asked import Show, Sort
from tenant_app.accounts.models import Intensity, Stage
from tenant_app.accounts.placement import intensity_words, stage_words


def choices() -> dict[str, Any]:
    """For the template: everything one can choose, in the order of the page, with its words."""
    return {
        "shows": {
            Show.EVERYONE: gettext("Everyone"),
            Show.SIGN: gettext("Ask how they are"),
            Show.REVIEW: gettext("Review overdue"),
            Show.COVERED: gettext("A colleague’s"),
        },
        "sorts": {
            Sort.NAME: gettext("Name"),
            Sort.CONTACT: gettext("Last contact, longest ago first"),
            Sort.REVIEW: gettext("Next review"),
            Sort.STEP: gettext("Last step, newest first"),
        },
        "stages": {stage: stage_words(stage) for stage in Stage},
        "intensities": {intensity: intensity_words(intensity) for intensity in Intensity},
    }
