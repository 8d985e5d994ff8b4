"""The room of reviews at the desk."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint

from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.move_on import telling as move_on_telling
from tenant_app.strengths.words import strength_words
from tenant_app.support_plan.models import PlanReview
from tenant_app.support_plan.policy import Policy
from tenant_app.support_plan.words import asked, kind_words, stage_tag, who_words
from tenant_app.web.house import find, house

room = Blueprint("plan_reviews", __name__, template_folder="templates")


@room.context_processor
def in_templates() -> dict[str, Any]:
    """Words that every page of the room uses."""
    return {
        "kind_words": kind_words, "who_words": who_words, "asked": asked, "stage_tag": stage_tag,
        "strength_words": strength_words, **move_on_telling.in_templates(),
    }  # fmt: skip


def review_seen(review_id: UUID) -> PlanReview:
    """A review of somebody whom this worker supports now, or 404."""
    return find(PlanReview.seen_by(worker()), review_id)


def policy() -> Policy:
    """When reviews fall due here."""
    return Policy.of(house().settings)


def today() -> date:
    """By the house's clock."""
    return clock.today(house().settings.zone)
