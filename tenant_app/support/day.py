"""A tenant's day, put together from the rooms: what is now, what comes later, this week, and what is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.chats.models import Chat
from tenant_app.chats.rules import agreed_between, to_answer
from tenant_app.check_ins.rules import may_be_mentioned
from tenant_app.goals.models import Review, Step
from tenant_app.goals.rules import next_step, steps_done_on, unseen_reviews
from tenant_app.groups import titles
from tenant_app.groups.after import moods
from tenant_app.groups.rules import booked_between
from tenant_app.groups.waiting import offers_to
from tenant_app.medication.rules import Slot, current_slots
from tenant_app.medication.stock.supply import Errand, errands
from tenant_app.move_on.reviewing import review_due
from tenant_app.reminders.models import LostChannel
from tenant_app.reminders.subscriptions import lost_channels
from tenant_app.rent.rules import NextPayment, next_payment
from tenant_app.repairs import words as repair_words
from tenant_app.repairs.models import Repair
from tenant_app.repairs.rules import visits_between
from tenant_app.repairs.visits.rules import to_choose
from tenant_app.support_plan.models import PlanReview
from tenant_app.support_plan.rules import for_today
from tenant_app.web.locale import isolate, say, tell_day, tell_money, tell_time

AHEAD = timedelta(days=7)
"""How far "this week" looks."""


@dataclass(frozen=True)
class Entry:
    """One line of the day or the week: when, what, where, and the page it leads to."""

    day: date
    at: time | None
    """None: at some time of that day."""
    icon: str
    title: object
    place: object
    endpoint: str
    values: dict[str, object] = field(default_factory=dict)
    until: time | None = None


@dataclass(frozen=True)
class Day:
    """What Today shows."""

    now: datetime
    today: date
    due: Slot | None
    """The medicines that may be answered now."""
    later: list[Entry]
    week: list[Entry]
    reviews: list[Review]
    step: Step | None
    taken: list[Slot]
    steps_done: list[Step]
    plan_review: PlanReview | None
    """The review of the support plan that is near, or waits for a signature."""
    lost: list[LostChannel]
    """Phones that reminders no longer reach, until the tenant has seen it."""

    @property
    def lit(self) -> str:
        """The one thing that is lit: medicines due, else words from the keyworker, else the next step."""
        return "due" if self.due else "reviews" if self.reviews else "step" if self.step else ""

    @property
    def quiet(self) -> bool:
        """Whether nothing at all waits."""
        return not (self.due or self.later or self.week or self.reviews or self.plan_review or self.step)


def day_of(session: Session, tenant: Tenant, zone: ZoneInfo) -> Day:
    """The day of this tenant at this moment."""
    now = clock.now()
    today = now.astimezone(zone).date()
    slots = current_slots(session, tenant, zone)
    payment = next_payment(session, tenant, today)
    ahead = sorted(
        [
            *(_medicines(slot, today) for slot in slots if slot.to_come),
            *(_errand(errand, today) for errand in errands(session, tenant, zone)),
            *_bookings(session, tenant, now, zone),
            *_chats(session, tenant, now, zone),
            *_just_over(session, tenant, today),
            *_check_in(session, tenant, today),
            *_move_on(session, tenant, today),
            *(_to_choose(repair, today) for repair in to_choose(session, tenant)),
            *(_visit(repair) for repair in visits_between(session, tenant, today, today + AHEAD)),
            *([_payment(payment)] if payment and payment.day <= today + AHEAD else []),
        ],
        key=lambda entry: (entry.day, entry.at or time()),
    )
    return Day(
        now=now,
        today=today,
        due=next((slot for slot in slots if slot.due), None),
        later=[entry for entry in ahead if entry.day == today],
        week=[entry for entry in ahead if entry.day > today],
        reviews=unseen_reviews(session, tenant),
        step=next_step(session, tenant),
        taken=[slot for slot in slots if slot.taken],
        steps_done=steps_done_on(session, tenant, today, zone),
        plan_review=for_today(session, tenant, today),
        lost=lost_channels(session, tenant),
    )


def greeting(now: datetime, zone: ZoneInfo, name: str) -> Markup:
    """`Good morning, Amina`, by the tenant's clock."""
    hour = now.astimezone(zone).hour
    if 4 <= hour < 12:
        return say("Good morning, %(name)s", name=isolate(name))
    if 12 <= hour < 18:
        return say("Good afternoon, %(name)s", name=isolate(name))
    return say("Good evening, %(name)s", name=isolate(name))


def _medicines(slot: Slot, today: date) -> Entry:
    return Entry(today, slot.wall_time, "glass", slot.title, slot.count_words, "medication.index")


def _errand(errand: Errand, today: date) -> Entry:
    words = {
        Errand.ORDER: gettext("Time to order more"), Errand.COLLECT: gettext("Something may be ready to collect")
    }[errand]  # fmt: skip
    return Entry(today, None, "bell", words, gettext("Medicines"), "medicine_stock.index")


def _bookings(session: Session, tenant: Tenant, now: datetime, zone: ZoneInfo) -> list[Entry]:
    found = [
        Entry(now.astimezone(zone).date(), None, "people",
              say("A place is free for you: %(title)s", title=isolate(titles.title(held.group_session.kind))),
              say("We hold it for you until %(until_day)s, %(until)s.", until_day=tell_day(held.offered_until),
                  until=tell_time(held.offered_until)),
              "groups.show", {"session_id": held.group_session.id})
        for held in offers_to(session, tenant) if held.offered_until
    ]  # fmt: skip
    for booking in booked_between(session, tenant, now, now + AHEAD):
        planned = booking.group_session
        starts, ends = planned.starts_at.astimezone(zone), planned.ends_at.astimezone(zone)
        found.append(
            Entry(starts.date(), starts.time(), "people", titles.title(planned.kind),
                  titles.where(planned), "groups.show", {"session_id": planned.id}, ends.time())
        )  # fmt: skip
    return found


def _chats(session: Session, tenant: Tenant, now: datetime, zone: ZoneInfo) -> list[Entry]:
    today = now.astimezone(zone).date()

    def entry(chat: Chat, title: Markup, *, asks: bool) -> Entry:
        assert chat.starts_at is not None
        assert chat.ends_at is not None
        starts, ends = chat.starts_at.astimezone(zone), chat.ends_at.astimezone(zone)
        where: dict[str, object] = {"chat_id": chat.id}
        if asks:  # it is the answer that is due today, whenever the chat may be
            suits = say("%(day)s, %(time)s. Does that suit you?", day=tell_day(starts), time=tell_time(starts))
            return Entry(today, None, "talk", title, suits, "chats.show", where)
        return Entry(starts.date(), starts.time(), "talk", title, isolate(chat.place), "chats.show", where, ends.time())

    def name(chat: Chat) -> Markup:
        return isolate(chat.worker.known_as)

    asked = [entry(chat, say("%(name)s suggests a time for your chat", name=name(chat)), asks=True)
             for chat in to_answer(session, tenant)]  # fmt: skip
    agreed = agreed_between(session, tenant, now, now + AHEAD)
    return asked + [entry(chat, say("A chat with %(name)s", name=name(chat)), asks=False) for chat in agreed]


def _just_over(session: Session, tenant: Tenant, today: date) -> list[Entry]:
    over = moods.just_over(session, tenant)
    if over is None:
        return []
    title = say("How are you after %(title)s?", title=isolate(titles.title(over.group_session.kind)))
    where = {"session_id": over.session_id, "_anchor": "moods"}
    return [Entry(today, None, "talk", title, gettext("One tap, if you like"), "groups.show", where)]


def _check_in(session: Session, tenant: Tenant, today: date) -> list[Entry]:
    if not may_be_mentioned(session, tenant, today):
        return []
    return [Entry(today, None, "edit", gettext("How was your week?"), gettext("A minute, if you like"),
                  "check_ins.today")]  # fmt: skip


def _move_on(session: Session, tenant: Tenant, today: date) -> list[Entry]:
    if review_due(session, tenant, today) is None:
        return []
    return [Entry(today, None, "door", gettext("Your move-on plan: is it still what you want?"),
                  gettext("Ten quiet minutes, when you like"), "move_on.review")]  # fmt: skip


def _visit(repair: Repair) -> Entry:
    assert repair.visit_on is not None
    starts, ends = repair.visit_hours or (None, None)
    return Entry(
        repair.visit_on, starts, "wrench", say("Visit: %(what)s", what=repair_words.kind_of(repair.kind).name),
        repair_words.rooms_of(repair), "repairs.show", {"repair_id": repair.id}, ends,
    )  # fmt: skip


def _to_choose(repair: Repair, today: date) -> Entry:
    what = isolate(repair_words.kind_of(repair.kind).name)
    title, where = say("When may we come? %(what)s", what=what), {"repair_id": repair.id}
    return Entry(today, None, "wrench", title, gettext("Choose a time"), "repair_visits.times", dict(where))


def _payment(payment: NextPayment) -> Entry:
    title = say("%(sum)s to pay", sum=tell_money(payment.pence))
    return Entry(payment.day, None, "pound", title, gettext("For your home"), "rent.show")
