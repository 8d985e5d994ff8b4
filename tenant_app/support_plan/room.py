"""The room of the tenant's reviews."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, abort

from tenant_app.accounts.gate import tenant
from tenant_app.support_plan.models import PlanReview
from tenant_app.support_plan.words import asked, kind_words, who_words
from tenant_app.web.house import find

room = Blueprint("support_plan", __name__, template_folder="templates")


@room.context_processor
def in_templates() -> dict[str, Any]:
    """Words that every page of the room uses."""
    return {"kind_words": kind_words, "who_words": who_words, "asked": asked}


def open_review(review_id: UUID) -> PlanReview:
    """The tenant's own review that is not closed. 404 for one that is not theirs, 409 for one that is closed."""
    review = find(PlanReview.of(tenant()), review_id)
    return review if review.open else abort(409)
