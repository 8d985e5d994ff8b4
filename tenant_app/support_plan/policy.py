"""How often a support plan is looked at. The association's own choice, and nobody's law: change it in the settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tenant_app.settings import Settings


@dataclass(frozen=True)
class Policy:
    """When reviews fall due. As it stands here it is a usual practice of supported housing."""

    first_weeks: int = 4
    """From moving in to the first review."""
    every_weeks: int = 12
    """From one review to the next, where the two agree on no other day."""
    change_days: int = 7
    """From a change of circumstances to the review that it asks for."""
    opens_days: int = 14
    """How long before it is due a review can be prepared."""
    told_days: int = 7
    """How long before it is due the tenant is reminded, and staff find it among what is due."""
    furthest_weeks: int = 26
    """Nobody agrees on a next review later than this."""
    unanswered_days: int = 14
    """How long a tenant has to answer before a review may be closed without their word."""

    @classmethod
    def of(cls, settings: Settings) -> Policy:
        """What this association chose."""
        return cls(
            first_weeks=settings.review_first_weeks, every_weeks=settings.review_every_weeks,
            change_days=settings.review_change_days,
        )  # fmt: skip

    def first_due(self, moved_in_on: date) -> date:
        """The day of the first review of somebody who moved in on that day."""
        return moved_in_on + timedelta(weeks=self.first_weeks)

    def next_due(self, met_on: date) -> date:
        """The day that is offered for the next review."""
        return met_on + timedelta(weeks=self.every_weeks)


DEFAULT = Policy()
