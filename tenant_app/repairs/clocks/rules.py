"""Writing a repair's clocks from what is known of it, and noting what clocks ask for.

`keep_clocks` may be called at any time and as often as one likes: it writes what follows from the repair, and the same
again changes nothing. Whatever changes awareness, investigation, works, pauses or the state of a repair calls it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.reminders.rules import announce
from tenant_app.repairs.clocks.counting import Limit, Unit, due_at
from tenant_app.repairs.clocks.models import ClockPause, PauseReason, RepairClock, RepairCourse, end_of
from tenant_app.repairs.clocks.policy import Kind, Policy, Priority, Start, in_force
from tenant_app.repairs.models import OPEN, Repair, State

NEWS = "repairs.clock"
"""Kind of notice: we wrote what we found, we paused a clock, or we offer another place to stay."""
NEWS_LASTS = timedelta(days=3)


class NotYet(ValueError):
    """A moment that has not come, or lies before the one that it follows from."""


@dataclass(frozen=True)
class _Wanted:
    kind: Kind
    rule: str
    limit: Limit
    started_at: datetime
    met_at: datetime | None
    ended_at: datetime | None


def course_of(session: Session, repair: Repair, policy: Policy | None = None) -> RepairCourse:
    """How the work on a repair went; begun where there is none yet."""
    if repair.course is None:
        emergency = (policy or in_force()).is_emergency(repair.urgent)
        repair.course = RepairCourse(round=1, emergency=emergency, works_needed=True)
        session.flush()
    return repair.course


def keep_clocks(session: Session, repair: Repair, policy: Policy | None = None) -> None:
    """Write every clock of the repair's present round as it follows from what is known now. Drafts have none."""
    if repair.draft or repair.aware_at is None:
        return
    policy = policy or in_force()
    session.flush()
    course = course_of(session, repair, policy)
    _catch_up(repair, course, policy)
    now_kept = {row.kind: row for row in repair.clocks if row.round == course.round}
    pauses = session.scalars(ClockPause.of(repair)).all() if now_kept else []
    for wanted in _wanted(repair, course, policy):
        row = now_kept.pop(wanted.kind, None)
        if row is None:
            if wanted.ended_at is not None:
                continue  # what there is nothing to do about never begins
            row = RepairClock(round=course.round, kind=wanted.kind)
            repair.clocks.append(row)
        _write(row, wanted, [each for each in pauses if each.kind is wanted.kind], policy)
    for row in now_kept.values():
        row.paused_at = None
        if row.running:
            row.ended_at = clock.now()
    session.flush()


def begin_again(session: Session, repair: Repair, policy: Policy | None = None) -> None:
    """What was mended is not: a new round of clocks, from now. Those of before stay as they were."""
    now = clock.now()
    for row in repair.clocks:
        row.paused_at = None
        if row.running:
            row.ended_at = now
    for pause in session.scalars(ClockPause.of(repair).where(ClockPause.until.is_(None))):
        pause.until = max(pause.since, now)
    course_of(session, repair, policy).begin_round(now)
    keep_clocks(session, repair, policy)


def set_level(
    session: Session, repair: Repair, *, hazard: bool, emergency: bool = False, priority: Priority | None = None,
    policy: Policy | None = None,
) -> None:  # fmt: skip
    """What the desk makes of it: an emergency hazard (24 hours), another hazard, or an ordinary repair of a priority
    (None: that of its kind). A clock that no longer applies ends; what it came to until then stays counted."""
    course = course_of(session, repair, policy)
    repair.hazard, course.emergency, course.priority = hazard or emergency, emergency, priority
    _changed(session, repair, policy)


def note_awareness(session: Session, repair: Repair, moment: datetime, policy: Policy | None = None) -> None:
    """We knew of it earlier (UTC) than is written: every clock that counts from there moves. Raises `NotYet` for a
    moment to come; a later one than is known changes nothing."""
    if moment > clock.now():
        raise NotYet("nobody knows tomorrow")
    course = course_of(session, repair, policy)
    repair.aware_at = min(moment, repair.aware_at or moment)
    if course.started_at is not None:
        course.started_at = min(course.started_at, moment)
    _changed(session, repair, policy)


def note_investigated(session: Session, repair: Repair, moment: datetime, policy: Policy | None = None) -> None:
    """Looking into it ended at this moment (UTC). Raises `NotYet` for one to come, or before we knew."""
    policy = policy or in_force()
    course_of(session, repair, policy).investigated_at = _past(repair, moment)
    repair.investigated_on = moment.astimezone(policy.zone).date()
    _changed(session, repair, policy)


def note_made_safe(session: Session, repair: Repair, moment: datetime, policy: Policy | None = None) -> None:
    """It was made safe at this moment (UTC). Raises `NotYet` as above."""
    course_of(session, repair, policy).made_safe_at = _past(repair, moment)
    _changed(session, repair, policy)


def note_works_begun(session: Session, repair: Repair, moment: datetime, policy: Policy | None = None) -> None:
    """Further work began at this moment (UTC). Raises `NotYet` as above."""
    course_of(session, repair, policy).works_begun_at = _past(repair, moment)
    _changed(session, repair, policy)


def pause(
    session: Session, worker: Worker, repair: Repair, kind: Kind, reason: PauseReason, words: str, *, since: datetime,
    until: datetime | None = None, language: str = "en", policy: Policy | None = None,
) -> ClockPause:  # fmt: skip
    """Stop one running clock for a reason, from `since` until it goes on, or until a moment that is known (UTC). The
    tenant is told why. Raises `ValueError` without words, for a clock that does not run or stands still then already,
    and `NotYet` for a pause that begins in the future or before the clock did."""
    row = next((each for each in running(repair) if each.kind is kind), None)
    if row is None:
        raise ValueError("only a clock that runs can stop")
    if not words.strip():
        raise ValueError("a pause says why")
    if since > clock.now() or since < row.started_at:
        raise NotYet("a pause is no plan, and no clock stops before it runs")
    if until is not None and until <= since:
        raise ValueError("a pause ends after it begins")
    every = session.scalars(ClockPause.of(repair).where(ClockPause.kind == kind)).all()
    if any((until is None or each.since < until) and (each.until is None or since < each.until) for each in every):
        raise ValueError("it stands still then already")
    paused = ClockPause(
        repair_id=repair.id, kind=kind, since=since, until=until, reason=reason, words=words, language=language,
        worker=worker,
    )  # fmt: skip
    session.add(paused)
    _changed(session, repair, policy)
    tell(session, repair, "pause", paused.id.hex, worker)
    return paused


def go_on(session: Session, repair: Repair, paused: ClockPause, policy: Policy | None = None) -> None:
    """The clock goes on from now. One that went on already stays as it is."""
    now = clock.now()
    if paused.lasts_at(now):
        paused.until = now
        _changed(session, repair, policy)


def running(repair: Repair) -> list[RepairClock]:
    """Clocks of the present round that are still to be met, what is due first before the rest. The law's last day for
    works says nothing while the earlier one runs in time."""
    found = sorted((row for row in repair.clocks if row.running), key=lambda row: row.due_at)
    begun = any(row.kind is Kind.BEGIN_WORKS and not row.breached for row in found)
    return [row for row in found if not (begun and row.kind is Kind.BACKSTOP)]


def fill_in(session: Session, limit: int = 200) -> bool:
    """Clocks for open repairs that have none: reported before there were any. For the worker; returns whether more
    wait."""
    without = (
        select(Repair).where(Repair.state.in_(OPEN), Repair.aware_at.is_not(None), ~Repair.course.has())
        .order_by(Repair.reported_at, Repair.id).limit(limit)
    )  # fmt: skip
    found = session.scalars(without).all()
    for repair in found:
        keep_clocks(session, repair)
    return len(found) == limit


def tell(session: Session, repair: Repair, what: str, occurrence: str, worker: Worker) -> None:
    """A notice to the tenant: `summary`, `pause` or `stay`. A summary of what was found in a shared part goes to all
    who live in that house (SI 2025/1042)."""
    told = [repair.tenant] if repair.tenant else neighbours(session, repair) if what == "summary" else []
    for tenant in told:
        # Of what several are told, each has a source of their own: it is said once for each source.
        source = f"repair-clock:{repair.id}" + ("" if repair.tenant else f":{tenant.id}")
        announce(
            session, tenant, NEWS, source=source, occurrence=f"{what}:{occurrence}", lasts=NEWS_LASTS,
            facts={"repair": str(repair.id), "kind": repair.kind, "what": what, "from": worker.known_as},
        )  # fmt: skip


def neighbours(session: Session, repair: Repair) -> Sequence[Tenant]:
    """Who lives in the house that it is a shared part of; nobody, where it is none."""
    if not repair.shared:
        return []
    here = Tenant.property_id == repair.property_id, Tenant.left_at.is_(None)
    return session.scalars(select(Tenant).where(*here).order_by(Tenant.id)).all()


def touch(repair: Repair) -> None:
    """The repair changed, although none of its own columns did: a page made before is out of date."""
    flag_modified(repair, "state")


def _changed(session: Session, repair: Repair, policy: Policy | None) -> None:
    touch(repair)
    keep_clocks(session, repair, policy)


def _past(repair: Repair, moment: datetime) -> datetime:
    if moment > clock.now() or (repair.aware_at is not None and moment < repair.aware_at):
        raise NotYet("what was done was done after we knew, and by now")
    return moment


def _catch_up(repair: Repair, course: RepairCourse, policy: Policy) -> None:
    """Moments that follow from the repair's state and days."""
    now = clock.now()
    if repair.open:
        course.mended_at = course.closed_at = None
    elif repair.state is State.FIXED:
        course.mended_at, course.closed_at = course.mended_at or now, None
    else:
        course.closed_at = course.closed_at or now
    if course.mended_at and (repair.hazard or course.emergency) and repair.investigated_on is None:
        repair.investigated_on = course.mended_at.astimezone(policy.zone).date()  # what is mended was looked into
    if repair.investigated_on is None:
        course.investigated_at = None
        return
    known = course.investigated_at and course.investigated_at.astimezone(policy.zone).date()
    if known != repair.investigated_on:
        last = clock.at(repair.investigated_on, datetime.min.time(), policy.zone)
        course.investigated_at = min(now, end_of(last, policy.zone))


def _wanted(repair: Repair, course: RepairCourse, policy: Policy) -> Iterator[_Wanted]:
    """What has to be done about it, by which limit, from when; and when it was."""
    aware = repair.aware_at
    assert aware is not None
    hazard = repair.hazard or course.emergency
    rule = policy.hazard_of(repair.kind, emergency=course.emergency, aware_at=aware) if hazard else None
    if rule is None:
        priority = course.priority or policy.priority_of(repair.kind, now=repair.dangerous)
        yield _Wanted(
            Kind.MEND, priority.value, policy.priorities[priority], course.started_at or aware, course.mended_at,
            None if course.mended_at else course.closed_at,
        )  # fmt: skip
        return
    done = {
        Kind.INVESTIGATE: course.investigated_at, Kind.SUMMARY: course.summarised_at,
        Kind.MAKE_SAFE: course.made_safe_at or course.mended_at,
        Kind.BEGIN_WORKS: course.works_begun_at or course.mended_at,
        Kind.BACKSTOP: course.works_begun_at or course.mended_at,
    }  # fmt: skip
    for kind, (start, limit) in rule.clocks.items():
        began = aware if start is Start.AWARENESS else course.investigated_at
        if began is None:
            continue
        met, ended = done[kind], None
        if met is None and kind not in (Kind.INVESTIGATE, Kind.SUMMARY) and (
            course.hazard_found is False or (kind is not Kind.MAKE_SAFE and not course.works_needed)
        ):
            ended = course.investigated_at
        elif met is None and kind is not Kind.SUMMARY:
            ended = course.closed_at
        yield _Wanted(kind, rule.slug, limit, began, met, ended)


def _write(row: RepairClock, wanted: _Wanted, pauses: list[ClockPause], policy: Policy) -> None:
    if row.rule != wanted.rule:
        row.rule, row.amount, row.unit = wanted.rule, wanted.limit.amount, Unit(wanted.limit.unit)
    row.started_at, row.met_at, row.ended_at = wanted.started_at, wanted.met_at, wanted.ended_at
    now = clock.now()
    stopped = row.met_at or row.ended_at
    if stopped is not None:
        for each in pauses:
            if each.until is None:
                each.until = max(each.since, stopped)
    row.paused_at = min((each.since for each in pauses if each.until is None and each.since <= now), default=None)
    row.due_at = due_at(row.started_at, row.limit, policy.zone, [each.span for each in pauses])
