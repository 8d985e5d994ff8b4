"""Around the sessions that people came to: how they felt, what they said of the last ones, and a step that counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from tenant_app.accounts.consent import Category, give_consent
from tenant_app.accounts.models import Tenant
from tenant_app.demo.people import ALMA, RESIDENTS
from tenant_app.demo.town import Town
from tenant_app.groups.after.been import came
from tenant_app.groups.after.feedback import LASTS, answer, may_answer
from tenant_app.groups.after.models import Moment, Mood, Said
from tenant_app.groups.after.moods import may_say, say_mood
from tenant_app.groups.models import Booking, GroupSession
from tenant_app.support.stepping.rules import link, open_steps

BEFORE = (Mood.LOW, Mood.IN_BETWEEN, Mood.VERY_LOW, Mood.LOW, Mood.GOOD)
AFTER = (Mood.IN_BETWEEN, Mood.GOOD, Mood.IN_BETWEEN, Mood.GOOD, Mood.VERY_GOOD, Mood.LOW)
SENTENCES = (
    "I was glad that I came.", "", "The room was a bit cold.", "", "I would like to do this every week.",
)  # fmt: skip


def look_back(town: Town, secret: str) -> None:
    """Two residents tap how they are, one of them shows it to their keyworker; whoever came lately says how it was;
    the first resident's next place counts as a step. `secret` is the house's seal."""
    people = [town.tenants[resident.name] for resident in RESIDENTS if resident.home == ALMA]
    for number, tenant in enumerate(people[:2]):
        for turn, booking in enumerate(reversed(town.session.scalars(came(tenant)).all())):
            _feel(town, booking, number + turn)
    if people[0].keyworker is not None:
        with town.at(-10, 12):
            give_consent(town.session, people[0], Category.CHECK_INS, people[0].keyworker, town.settings.zone)
    _say_how_it_was(town, secret)
    _count_as_step(town, people)


def _feel(town: Town, booking: Booking, turn: int) -> None:
    it = booking.group_session
    if turn % 4 != 3:  # nobody says it every time
        with town.at_moment(it.starts_at):
            if may_say(booking, Moment.BEFORE):
                say_mood(town.session, booking, Moment.BEFORE, BEFORE[turn % len(BEFORE)])
    with town.at_moment(it.ends_at + timedelta(hours=1)):
        if may_say(booking, Moment.AFTER):
            say_mood(town.session, booking, Moment.AFTER, AFTER[turn % len(AFTER)])


def _say_how_it_was(town: Town, secret: str) -> None:
    over = GroupSession.ends_at < town.now, GroupSession.ends_at > town.now - 4 * LASTS
    for it in town.session.scalars(select(GroupSession).where(*over).order_by(GroupSession.starts_at)).all():
        with town.at_moment(it.ends_at + timedelta(hours=2)):
            # One who came leaves it to the others, and can still be asked.
            for number, booking in enumerate(town.session.scalars(Booking.expected_at(it)).all()[1:]):
                if may_answer(booking):
                    answer(
                        town.session, booking, secret, helped=Said.PARTLY if number % 3 == 2 else Said.YES,
                        welcome=Said.YES, words=SENTENCES[number % len(SENTENCES)],
                    )  # fmt: skip


def _count_as_step(town: Town, people: Sequence[Tenant]) -> None:
    for tenant in people:
        steps = open_steps(town.session, tenant)
        ahead = town.session.scalars(
            Booking.of(tenant).where(GroupSession.starts_at > town.now, Booking.in_register()).limit(1)
        ).first()
        if steps and ahead is not None:
            link(town.session, tenant, steps[-1], ahead.group_session, every=True)
            return
