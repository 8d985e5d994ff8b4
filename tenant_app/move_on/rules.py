"""Decisions about a plan for moving on: where it begins, what is on its list, when it is looked over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.chores import apart
from tenant_app.database import new_id
from tenant_app.move_on.models import (
    Checklist,
    MoveOnItem,
    MoveOnPlan,
    MoveOnReview,
    MoveOnSuggestion,
    Part,
    Ready,
    Standing,
    Wishes,
)
from tenant_app.move_on.reminding import SUGGESTED, remind
from tenant_app.reminders.rules import announce
from tenant_app.settings import Settings

MOST_OWN = 20
"""Things that a tenant may add to one part of the list."""
MOST_WAITING = 5
"""Suggestions that may wait for a tenant's answer: more would be a list of demands."""
FURTHEST = relativedelta(years=10)
"""How far ahead a day to move may lie. Whoever means later does not know yet, and may say so."""
NEWS_LASTS = timedelta(days=3)
"""How long a push about a suggestion is worth delivering to a phone that was off."""
LATER = timedelta(weeks=2)
"""For how long a review that comes at a bad time is put off."""
MOST_AT_ONCE = 200


@dataclass(frozen=True)
class ReviewRhythm:
    """When plans are looked over: our policy and no law, which an association changes in its settings."""

    first_weeks: int = 4
    """After moving in."""
    weeks: int = 12
    """After each review."""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """As this association has it."""
        return cls(settings.move_on_first_weeks, settings.move_on_weeks)


class Meanwhile(ValueError):
    """The wishes were changed elsewhere since a form showed them; `plan` has them as they are."""

    def __init__(self, plan: MoveOnPlan) -> None:
        super().__init__(plan.version)
        self.plan = plan


class ListFull(ValueError):
    """A part of the list has as many own things as anyone keeps in mind."""


@dataclass(frozen=True)
class PartStanding:
    """One part of the list. Counts of things, never of a person."""

    part: Part
    things: Sequence[Standing] = field(default_factory=tuple)

    def count(self, state: Ready | str) -> int:
        """How many stand so."""
        return sum(thing.state == state for thing in self.things)

    @property
    def applies(self) -> Sequence[Standing]:
        """Those that apply, what is done first, then what is worked on."""
        order = [Ready.DONE, Ready.WORKING, Ready.NOT_YET]
        return sorted((thing for thing in self.things if thing.state in order), key=lambda it: order.index(it.state))


def first_review(tenant: Tenant, today: date, rhythm: ReviewRhythm) -> date:
    """When a plan that begins now is first looked over. Who moved in long before is not asked at once."""
    return max(tenant.moved_in_on, today) + timedelta(weeks=rhythm.first_weeks)


def begin(session: Session, tenant: Tenant, rhythm: ReviewRhythm, zone: ZoneInfo) -> MoveOnPlan:
    """This tenant's plan, begun now if it was not yet; as the database has it now, whatever was read before."""
    # Two taps at the same moment queue here; the second then finds what the first wrote.
    session.execute(select(Tenant.id).where(Tenant.id == tenant.id).with_for_update(key_share=True))
    plan = session.scalar(MoveOnPlan.of(tenant).execution_options(populate_existing=True))
    if plan is None:
        plan = MoveOnPlan(tenant=tenant, review_on=first_review(tenant, clock.today(zone), rhythm), version=0)
        session.add(plan)
        session.flush()
        remind(session, plan, zone)
    return plan


def begin_all(session: Session, rhythm: ReviewRhythm, zone: ZoneInfo) -> bool:
    """Begin the plans of those who moved in and have none. Returns whether more remain."""
    none = ~exists().where(MoveOnPlan.tenant_id == Tenant.id)
    waiting = select(Tenant).where(none, Tenant.left_at.is_(None), Tenant.moved_in_on <= clock.today(zone))
    tenants = session.scalars(waiting.order_by(Tenant.id).limit(MOST_AT_ONCE)).all()
    begun = 0
    for tenant in tenants:
        with apart(session, "begin_move_on_plan", tenant.id):
            begin(session, tenant, rhythm, zone)
            begun += 1
    return begun == MOST_AT_ONCE


def say_wishes(session: Session, plan: MoveOnPlan, wishes: Wishes, *, seen: int, language: str = "") -> None:
    """Keep what the tenant wants. `seen` is the version that the form showed. The same again is a double tap.

    `plan` is fresh from `begin`. Raises `Meanwhile` where another page changed them since.
    """
    if plan.wishes == wishes:
        return
    if plan.version != seen:
        raise Meanwhile(plan)
    plan.wish(wishes, language)
    session.flush()


def say_state(session: Session, plan: MoveOnPlan, key: str, part: Part, state: Ready) -> MoveOnItem:
    """Say how one thing on the list stands; `plan` is fresh from `begin`."""
    item = _item(session, plan, key, part)
    item.stand(state)
    session.flush()
    return item


def note_down(session: Session, plan: MoveOnPlan, key: str, part: Part, note: str, language: str = "") -> MoveOnItem:
    """Keep a note beside one thing on the list, in place of the one it had; `plan` is fresh from `begin`."""
    item = _item(session, plan, key, part)
    if item.note != note:
        item.note, item.note_language = note, language if note else ""
    session.flush()
    return item


def add_item(session: Session, plan: MoveOnPlan, part: Part, words: str, *, language: str = "") -> MoveOnItem:
    """Put a thing of the tenant's own on the list; `plan` is fresh from `begin`. The same words again are the one that
    is there: a double tap. Raises `ListFull`."""
    own = [item for item in plan.items if item.own and item.part is part]
    same = next((item for item in own if item.words == words), None)
    if same is not None:
        return same
    if len(own) >= MOST_OWN:
        raise ListFull
    made = new_id()
    item = MoveOnItem(id=made, key=str(made), part=part, words=words, language=language, state=Ready.NOT_YET)
    plan.items.append(item)
    session.flush()
    return item


def standing(checklist: Checklist, items: Iterable[MoveOnItem]) -> list[PartStanding]:
    """The whole list part by part: the association's things, then the tenant's own. What the association took off its
    list is told no more."""
    said = {item.key: item for item in items}
    things: dict[Part, list[Standing]] = {part: [] for part in Part}
    for listed in checklist.values():
        item = said.get(listed.key)
        things[listed.part].append(
            Standing(
                listed.key, listed.part, listed.words, listed.language, item.state, item.changed_at, item.note,
                item.note_language,
            ) if item else Standing(listed.key, listed.part, listed.words, listed.language, Ready.NOT_YET)
        )  # fmt: skip
    for item in said.values():
        if item.own:
            things[item.part].append(
                Standing(
                    item.key, item.part, item.words, item.language, item.state, item.changed_at, item.note,
                    item.note_language, own=True,
                )
            )  # fmt: skip
    return [PartStanding(part, things[part]) for part in Part]


def hold_review(
    session: Session, plan: MoveOnPlan, checklist: Checklist, changed: str, rhythm: ReviewRhythm, zone: ZoneInfo, *,
    language: str = "",
) -> MoveOnReview:  # fmt: skip
    """Keep how the plan stands today, with what the tenant says has changed, and ask again in due time. A second one
    with the same words on the same day is a double tap. `plan` is fresh from `begin`."""
    today = clock.today(zone)
    last = session.scalar(MoveOnReview.of(plan.tenant).limit(1))
    if last is not None and last.changed == changed and last.held_at.astimezone(zone).date() == today:
        return last
    wishes = plan.wishes
    review = MoveOnReview(
        plan=plan, held_at=clock.now(), changed=changed, language=language if changed else "",
        wished_in=plan.language, standing=_snapshot(standing(checklist, plan.items)), **asdict(wishes),
    )  # fmt: skip
    session.add(review)
    plan.review_on = today + timedelta(weeks=rhythm.weeks)
    session.flush()
    remind(session, plan, zone)
    return review


def put_off(session: Session, plan: MoveOnPlan, zone: ZoneInfo) -> None:
    """Ask again later: nobody has to look ahead in a hard week. What is not due yet stays as it is."""
    today = clock.today(zone)
    if plan.review_on <= today:
        plan.review_on = today + LATER
        session.flush()
        remind(session, plan, zone)


def review_due(session: Session, tenant: Tenant, today: date) -> MoveOnPlan | None:
    """This tenant's plan, where it is time to look it over."""
    return session.scalar(MoveOnPlan.of(tenant).where(MoveOnPlan.review_on <= today))


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


def move_on_reviews_due(session: Session, worker: Worker, today: date) -> Sequence[MoveOnPlan]:
    """Plans of this worker's tenants who share them, and who are asked to look them over by now: the longest due
    first. Each has its `tenant` at hand; two questions to the database, however many there are."""
    due = MoveOnPlan.shared_with(worker).where(MoveOnPlan.review_on <= today)
    return session.scalars(due.order_by(MoveOnPlan.review_on, MoveOnPlan.id)).all()


def _item(session: Session, plan: MoveOnPlan, key: str, part: Part) -> MoveOnItem:
    item = plan.item(key)
    if item is None:
        item = MoveOnItem(key=key, part=part, state=Ready.NOT_YET)
        plan.items.append(item)
    return item


def _snapshot(parts: Iterable[PartStanding]) -> list[dict[str, str]]:
    return [
        {"part": thing.part.value, "key": thing.key, "words": thing.words, "language": thing.language,
         "state": thing.state.value}
        for part in parts for thing in part.things
    ]  # fmt: skip


def stood(review: MoveOnReview) -> list[PartStanding]:
    """The list as it stood at a review. What no part or state is known for any more is left out."""
    things: dict[Part, list[Standing]] = {part: [] for part in Part}
    for told in review.standing:
        try:
            part, state = Part(told["part"]), Ready(told["state"])
        except (KeyError, ValueError):
            continue
        things[part].append(Standing(told["key"], part, told["words"], told["language"], state))
    return [PartStanding(part, things[part]) for part in Part]
