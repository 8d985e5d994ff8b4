"""Whatever people and workers do, in whatever order: random histories, and what must hold after each step of them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.groups.booking import book_place, bring_supporter, cancel_place
from tenant_app.groups.models import Booking, Standing
from tenant_app.groups.places import Full, NoPlace, NoSecondPlace
from tenant_app.groups.rules import call_off
from tenant_app.groups.waiting import (
    LAST_HOUR,
    join_waiting_list,
    leave_waiting_list,
    pass_on_all,
    turns,
)
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups.programme import neighbours, plan

HISTORIES, STEPS = 500, 15
PEOPLE = 5
someone = st.integers(0, PEOPLE - 1)


class Group(RuleBasedStateMachine):
    """One session of one to three places, five people who may come, and a worker who looks in now and then."""

    session: Session
    cast: Cast
    people: list[Tenant]

    @initialize(capacity=st.integers(1, 3), hours=st.integers(1, 72))
    def begins(self, capacity: int, hours: int) -> None:
        self.nested = self.session.begin_nested()
        self.now = THURSDAY
        self.planned = plan(self.session, self.cast, capacity=capacity, starts_at=THURSDAY + timedelta(hours=hours))
        self.queue: list[UUID] = []

    def teardown(self) -> None:
        if hasattr(self, "nested"):
            self.nested.rollback()

    @rule(who=someone, supporter=st.booleans())
    def books(self, who: int, supporter: bool) -> None:
        before = self._standing(who)
        with suppress(NoPlace):
            try:
                booking = self._do(book_place, who, supporter=supporter)
            except (Full, NoSecondPlace):
                assert self.planned.places_left < 1 + supporter
                raise
            assert booking.has_place
            assert before == Standing.PLACE or booking.supporter is supporter

    @rule(who=someone)
    def gives_back(self, who: int) -> None:
        with suppress(NoPlace):
            self._do(cancel_place, who)
            assert self._standing(who) not in (Standing.PLACE, Standing.OFFERED)

    @rule(who=someone)
    def waits(self, who: int) -> None:
        with suppress(NoPlace):
            booking = self._do(join_waiting_list, who)
            assert booking.waiting or booking.has_place or booking.offered

    @rule(who=someone)
    def declines(self, who: int) -> None:
        self._do(leave_waiting_list, who)
        assert self._standing(who) not in (Standing.WAITING, Standing.OFFERED)

    @rule(who=someone, comes=st.booleans())
    def asks_a_supporter(self, who: int, comes: bool) -> None:
        with suppress(NoPlace):
            self._do(bring_supporter, who, comes=comes)

    @rule(minutes=st.sampled_from((1, 20, 60, 400, 1500)))
    def time_goes_by(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def the_worker_looks_in(self) -> None:
        with clock.stopped_at(self.now):
            pass_on_all(self.session)
            if self.planned.cancelled or self.planned.starts_at - self.now <= LAST_HOUR:
                return
            assert self.planned.full or not self._bookings(Standing.WAITING)
            for booking in self._bookings(Standing.OFFERED):
                assert booking.offered_until is not None
                assert booking.offered_until > self.now

    @precondition(lambda self: self.planned.capacity < 4)
    @rule()
    def a_chair_is_found(self) -> None:
        self.planned.capacity += 1
        self.session.flush()

    @precondition(lambda self: self.now > THURSDAY + timedelta(days=1))
    @rule()
    def it_is_called_off(self) -> None:
        with clock.stopped_at(self.now):
            call_off(self.session, self.planned)

    @rule(who=someone)
    def looks(self, who: int) -> None:
        """Turns are counted from one, without a gap, and tell how many stand before."""
        queue = [*self.queue, self.people[who].id]
        turn = turns(self.session, self.people[who], [self.planned.id]).get(self.planned.id, 0)
        assert turn == (queue.index(self.people[who].id) + 1) % len(queue)

    @invariant()
    def holds(self) -> None:
        """Exactly what is held is counted, never more than there is; and nobody is asked before who waited longer."""
        if not hasattr(self, "planned"):
            return
        bookings = {booking.tenant_id: booking for booking in self._bookings()}
        assert sum(booking.places for booking in bookings.values()) == self.planned.places_taken
        assert self.planned.places_taken <= self.planned.capacity
        for booking in bookings.values():
            if booking.offered:
                assert booking.offered_until is not None
                assert booking.offered_until <= self.planned.starts_at
        asked = [turn for turn, tenant_id in enumerate(self.queue) if bookings[tenant_id].offered]
        passed_over = [turn for turn, tenant_id in enumerate(self.queue) if bookings[tenant_id].waiting]
        assert not asked or not passed_over or max(asked) < min(passed_over)
        waiting = [booking for booking in bookings.values() if booking.waiting]
        self.queue = [each.tenant_id for each in sorted(waiting, key=lambda one: (one.waiting_since, one.id))]

    def _do(self, act: Callable[..., Any], who: int, **how: Any) -> Any:
        # Each tap at a moment of its own, as in life: whoever taps first is first.
        self.now += timedelta(seconds=1)
        with clock.stopped_at(self.now):
            return act(self.session, self.people[who], self.planned, **how)

    def _bookings(self, *standings: Standing) -> list[Booking]:
        found = select(Booking).where(Booking.session_id == self.planned.id)
        if standings:
            found = found.where(Booking.standing.in_(standings))
        return list(self.session.scalars(found))

    def _standing(self, who: int) -> Standing | None:
        mine = [each.standing for each in self._bookings() if each.tenant_id == self.people[who].id]
        return mine[0] if mine else None


# Each history lives in the database, and five hundred are what is promised: the profile is not asked for its number.
@pytest.mark.parametrize(("backend", "histories"), [("sqlite", HISTORIES), ("postgresql", HISTORIES // 10)],
                         indirect=["backend"])  # fmt: skip
def test_five_hundred_random_histories_keep_every_promise_about_places(
    session: Session, cast: Cast, histories: int
) -> None:
    class Here(Group):
        pass

    Here.session, Here.cast, Here.people = session, cast, neighbours(session, cast, PEOPLE)
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=histories, stateful_step_count=STEPS, deadline=None, database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
        ),
    )
