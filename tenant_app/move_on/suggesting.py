"""What a keyworker suggests for the list. It stands beside the list until the tenant takes it, or not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.move_on.models import MoveOnPlan, MoveOnSuggestion, Part
from tenant_app.move_on.reminding import SUGGESTED
from tenant_app.move_on.rules import ListFull, add_item
from tenant_app.reminders.rules import announce

MOST_WAITING = 5
"""Suggestions that may wait for a tenant's answer: more would be a list of demands."""
NEWS_LASTS = timedelta(days=3)
"""How long a push about a suggestion is worth delivering to a phone that was off."""


def suggest(
    session: Session, worker: Worker, plan: MoveOnPlan, part: Part, words: str, *, language: str = ""
) -> MoveOnSuggestion:
    """Suggest a thing for the list of a plan that was found among `MoveOnPlan.shared_with(worker)`; the tenant is told.
    The same again, while it waits, is a double tap. Raises `ListFull` where enough waits for the tenant."""
    session.execute(select(MoveOnPlan.id).where(MoveOnPlan.id == plan.id).with_for_update())
    open_ones = open_suggestions(session, plan.tenant)
    same = next((one for one in open_ones if (one.part, one.words) == (part, words)), None)
    if same is not None:
        return same
    if len(open_ones) >= MOST_WAITING:
        raise ListFull
    made = MoveOnSuggestion(
        plan=plan, worker=worker, part=part, words=words, language=language, suggested_at=clock.now()
    )
    session.add(made)
    session.flush()
    announce(
        session, plan.tenant, SUGGESTED, source=f"move-on-suggestion:{made.id}", facts={"from": worker.known_as},
        lasts=NEWS_LASTS,
    )  # fmt: skip
    return made


def open_suggestions(session: Session, tenant: Tenant) -> Sequence[MoveOnSuggestion]:
    """Those that wait for this tenant's answer, oldest first."""
    waiting = MoveOnSuggestion.of(tenant).where(MoveOnSuggestion.accepted.is_(None))
    return session.scalars(waiting.order_by(MoveOnSuggestion.id)).all()


def answer_suggestion(session: Session, plan: MoveOnPlan, suggestion: MoveOnSuggestion, *, accepted: bool) -> None:
    """Take it onto the list, or leave it. The first answer stands. `plan` is fresh from `begin`. Raises `ListFull`."""
    session.refresh(suggestion)
    if suggestion.accepted is not None:
        return
    if accepted:
        add_item(session, plan, suggestion.part, suggestion.words, language=suggestion.language)
    suggestion.accepted, suggestion.answered_at = accepted, clock.now()
    session.flush()
