"""What the count makes of pushes: a run is worth what its count can tell apart."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from tests.faults.counting import Outcome, count
from tests.faults.push_service import Try

FIRST, SECOND = "mailto:worker1@wrenfield.org.uk", "mailto:worker2@wrenfield.org.uk"


def _counted(tries: list[Try], killed: dict[str, float] | None = None) -> Outcome:
    """What is made of these pushes to two phones, `/a` and `/b`."""
    service: Any = SimpleNamespace(tries=tries, problems=[])
    found = Outcome(2)
    count(found, service, ["/a", "/b"], killed or {})
    return found


def _try(came: float, worker: str = FIRST, *, status: int = 201, path: str = "/a", **other: Any) -> Try:
    given = {"topic": "T" + path, "tag": "T" + path, "heard": True, **other}
    return Try(path, worker, came, came + 0.1, status, **given)


def test_a_phone_that_was_sent_nothing_has_lost_its_reminder() -> None:
    assert _counted([_try(1), _try(2, path="/b", status=503)]).lost == 1
    assert _counted([_try(1), _try(2, path="/b")]).lost == 0


def test_a_repeat_is_laid_at_a_kills_door_only_if_its_worker_was_dead_by_then() -> None:
    repeated = [_try(1), _try(3, SECOND)]

    assert _counted(repeated, {FIRST: 2}).repeats_without_a_kill == 0
    assert _counted(repeated, {FIRST: 4}).repeats_without_a_kill == 1
    assert _counted(repeated, {SECOND: 2}).repeats_without_a_kill == 1
    assert _counted(repeated, {FIRST: 2}).most_repeats_of_a_kill == 1


def test_a_worker_that_hung_up_before_the_answer_is_counted_apart() -> None:
    found = _counted([_try(1, heard=False), _try(3)])

    assert (found.repeats, found.repeats_after_a_time_out, found.repeats_without_a_kill) == (1, 1, 0)


def test_a_repeat_with_another_tag_or_topic_would_be_seen() -> None:
    killed = {FIRST: 2.0}

    assert _counted([_try(1), _try(3)], killed).visible_repeats == 0
    assert _counted([_try(1), _try(3, tag="another")], killed).visible_repeats == 1
    assert _counted([_try(1), _try(3, topic="another")], killed).visible_repeats == 1


def test_asking_again_before_the_time_that_was_named_is_early_by_however_little() -> None:
    busy = _try(1, status=429, not_before=5.0)

    assert _counted([busy, _try(4.999)]).early == 1
    assert _counted([busy, _try(5.0)]).early == 0
    assert _counted([busy, _try(4, path="/b")]).early == 0
    assert _counted([busy, _try(2, status=0), _try(6)]).early == 1
    assert _counted([busy, _try(1.05)]).early == 0, "it came before the answer was given"
