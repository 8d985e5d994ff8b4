"""What the stages of a placement and the amounts of support are called."""

from __future__ import annotations

from flask_babel import gettext

from tenant_app.accounts.models import Intensity, Stage


def stage_words(stage: Stage) -> str:
    """Where somebody is on their way, in the reader's language."""
    return {
        Stage.SETTLING_IN: gettext("Settling in"),
        Stage.WORKING_ON_IT: gettext("Working on it"),
        Stage.PREPARING_TO_MOVE: gettext("Preparing to move"),
        Stage.MOVING_ON: gettext("Moving on"),
    }[Stage(stage)]


def intensity_words(intensity: Intensity) -> str:
    """How much support was agreed, in the reader's language."""
    return {
        Intensity.HIGH: gettext("A lot of support"),
        Intensity.MEDIUM: gettext("Some support"),
        Intensity.LOW: gettext("A little support"),
    }[Intensity(intensity)]
