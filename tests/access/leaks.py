"""Everybody reads everything that they can reach, and what they read is searched for other people's canaries."""

from __future__ import annotations

import io
import re
import zipfile
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tenant_app import clock
from tenant_app.accounts.consent import Category, Consent, give_consent, withdraw_consent
from tenant_app.accounts.models import Role, Tenant, Worker
from tenant_app.chats.models import Chat, Way
from tenant_app.chats.models import Kind as ChatKind
from tenant_app.chats.models import State as ChatState
from tenant_app.check_ins.models import CheckIn
from tenant_app.database import Database
from tenant_app.goals.evidence import Evidence
from tenant_app.goals.models import Goal
from tenant_app.goals.obstacles import Obstacle
from tenant_app.groups.needs import GroupNeeds
from tenant_app.key_work.documents import Document
from tenant_app.key_work.documents import Kind as PaperKind
from tenant_app.key_work.models import How, KeyWorkNote, NoteAnswer, NoteEdition, NoteHold
from tenant_app.key_work.tasks import Task
from tenant_app.medication.models import Medicine
from tenant_app.messages.models import Message
from tenant_app.move_on.models import MoveOnItem, MoveOnPlan, MoveOnReview, MoveOnSuggestion
from tenant_app.move_on.models import Part as MoveOnPart
from tenant_app.reminders.models import Notice
from tenant_app.reminders.wording import lock_screen_words
from tenant_app.safety_plan.models import Part, PlanLine
from tenant_app.settings import Settings
from tenant_app.strengths.models import Part as StrengthPart
from tenant_app.strengths.models import Strength
from tenant_app.support_plan.kinds import Question
from tenant_app.support_plan.models import PlanRecord, PlanReview, PreparedAnswer
from tests.access import canaries as planted_canaries
from tests.access.addresses import _address, _id_names, _role, _values
from tests.access.canaries import Canary, may_read
from tests.access.matrix import Walk, nothing_is_kept
from tests.access.world import Facts, Row
from tests.crawl import crawl

STATES = ("given", "none", "withdrawn", "expired", "resting")
"""What each of five tenants says, or said once, to their keyworker about what needs consent."""
NEEDS_CONSENT = (Category.CHECK_INS, Category.SAFETY_PLAN, Category.MEDICATION, Category.MESSAGES,
                 Category.STRENGTHS, Category.MOVE_ON)  # fmt: skip
_WORD = re.compile(r"Canary\d{5}")
_IN_ADDRESS = re.compile(r"""(?:href|src|action|hx-[a-z]+)=["'][^"']*(Canary\d{5})""")


@dataclass
class Leaks:
    """What came to light."""

    requests: int = 0
    canaries: int = 0
    seen_rightly: set[str] = field(default_factory=set)
    """Canaries that somebody read who may: a walk that reads nothing finds nothing."""
    tables_read: set[str] = field(default_factory=set)
    forbidden: list[str] = field(default_factory=list)
    in_logs: list[str] = field(default_factory=list)
    in_addresses: list[str] = field(default_factory=list)
    on_lock_screens: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)
    notices: int = 0


def prepare(session: Session, zone: ZoneInfo) -> list[UUID]:
    """Five tenants with something of every kind, each with another consent. Returns their ids, in the order of
    `STATES`."""
    keyworkers = session.scalars(select(Worker).where(Worker.role == Role.KEYWORKER).order_by(Worker.id)).all()
    tenants = session.scalars(select(Tenant).order_by(Tenant.id).limit(len(STATES))).all()
    for tenant, state in zip(tenants, STATES, strict=True):
        _has_everything(session, tenant, keyworkers)
        session.execute(delete(Consent).where(Consent.tenant_id == tenant.id))
        keyworker = tenant.keyworker
        assert keyworker is not None
        if state == "none":
            continue
        for category in NEEDS_CONSENT:
            consent = give_consent(session, tenant, category, keyworker, zone)
            if state == "withdrawn":
                withdraw_consent(session, tenant, category, keyworker)
            elif state == "expired":
                consent.expires_at, consent.expires_on = clock.now() - timedelta(hours=1), date(2026, 11, 25)
        if state == "resting":
            tenant.keyworker = next(one for one in keyworkers if one.id != keyworker.id)
    session.flush()
    return [tenant.id for tenant in tenants]


def _has_everything(session: Session, tenant: Tenant, keyworkers: Any) -> None:
    today = clock.now().date()
    other = next(one for one in keyworkers if one.id != tenant.keyworker_id)
    known = session.scalar(select(CheckIn).where(CheckIn.tenant_id == tenant.id, CheckIn.day == today))
    session.add_all([
        *([] if known else [CheckIn(tenant_id=tenant.id, day=today, words="words", language="en", edition=1)]),
        PlanLine(tenant_id=tenant.id, part=next(iter(Part)), words="words", position=99, language="en"),
        Medicine(tenant_id=tenant.id, name="words", amount="1", purpose="words", as_needed=True, starts_on=today),
        Goal(tenant_id=tenant.id, words="shared", language="en", shared_at=clock.now(), area="home"),
        Goal(tenant_id=tenant.id, words="kept", language="en", area="home"),
        Message(tenant_id=tenant.id, worker_id=tenant.keyworker_id, by_tenant=True, words="now", language="en",
                written_at=clock.now()),
        Message(tenant_id=tenant.id, worker_id=other.id, by_tenant=True, words="earlier", language="en",
                written_at=clock.now() - timedelta(days=9)),
    ])  # fmt: skip
    goals = session.scalars(select(Goal).where(Goal.tenant_id == tenant.id, Goal.words.in_(("shared", "kept"))))
    for goal in goals:
        session.add_all([Obstacle(goal_id=goal.id, hurdle="words", then="words"), Evidence(goal_id=goal.id, note="words")])
    theirs = {"tenant_id": tenant.id, "worker_id": tenant.keyworker_id}
    for number, hold in enumerate((False, True)):
        note = KeyWorkNote(**theirs, met_at=clock.now(), how=How.CALL, happened="words", opinion="words", agreed="words")
        session.add(note)
        session.flush()
        session.add_all([
            NoteEdition(note_id=note.id, edition=1, met_at=clock.now(), how=How.CALL, happened="words", until=clock.now()),
            Task(**theirs, made_by_id=tenant.keyworker_id, note_id=note.id, words="words", due_on=today),
            Document(tenant_id=tenant.id, title="mine", kind=PaperKind.OTHER, file=f"{note.id.hex}.pdf", bytes=1, digest="",
                     shared_at=clock.now() if number else None),
        ])  # fmt: skip
        if hold:
            session.add(NoteHold(note_id=note.id, worker_id=tenant.keyworker_id, reason="words", until=today,
                                 ends_at=clock.now() + timedelta(days=1)))  # fmt: skip
        else:
            session.add(NoteAnswer(note_id=note.id, words="words"))
    for worker_id in (tenant.keyworker_id, other.id):
        session.add(Chat(tenant_id=tenant.id, worker_id=worker_id, kind=ChatKind.KEY_WORK, way=Way.PHONE, about="words",
                         suits="words", state=ChatState.ASKED))  # fmt: skip
    session.add(Strength(tenant_id=tenant.id, part=next(iter(StrengthPart)), words="words"))
    plan = session.scalar(select(MoveOnPlan).where(MoveOnPlan.tenant_id == tenant.id))
    if plan is not None:
        plan.area, plan.kind, plan.company, plan.matters, plan.wishes_at = "words", "words", "words", "words", clock.now()
        session.add_all([
            MoveOnItem(plan_id=plan.id, key="own-words", part=next(iter(MoveOnPart)), words="words", note="words"),
            MoveOnReview(plan_id=plan.id, changed="words", area="words", kind="words", company="words", matters="words"),
            MoveOnSuggestion(plan_id=plan.id, worker_id=tenant.keyworker_id, part=next(iter(MoveOnPart)), words="words"),
        ])  # fmt: skip
    for review in session.scalars(select(PlanReview).where(PlanReview.tenant_id == tenant.id, PlanReview.version == 0)):
        session.add(PlanRecord(review_id=review.id, version=1, worker_id=tenant.keyworker_id, talked="words", view="words"))
        review.version = 1
        known_answer = session.get(PreparedAnswer, (review.id, Question.HARD))
        if known_answer is None:
            session.add(PreparedAnswer(review_id=review.id, question=Question.HARD, words="words"))
    needs = session.get(GroupNeeds, tenant.id)
    if needs is None:
        session.add(GroupNeeds(tenant_id=tenant.id, access="words", interpreter="", food="words"))
    session.flush()


def hunt(settings: Settings, database: Database, *, each: int = 3, most: int = 150, every_worker: bool = True,
         records: int = len(STATES), planted: list[Canary] | None = None) -> Leaks:  # fmt: skip
    """Plant, and read everything as everybody. `planted`: where a house has its canaries already. `records`: of each
    page about one record, how many tenants' are asked for by address, taken in turn."""
    found = Leaks(unnamed=planted_canaries.unnamed())
    if found.unnamed:
        return found
    if planted is None:
        planted = sow(settings, database)
    found.canaries = len(planted)
    known = {canary.word: canary for canary in planted}
    owners = list(dict.fromkeys(one.owner for one in planted if one.table not in planted_canaries.STAFFS_OWN))
    logged = io.StringIO()
    with redirect_stdout(logged), nothing_is_kept():
        walk = Walk(settings, database)
        for door in walk.doors:
            people = [row for row in walk.facts.rows["tenant" if door == "tenant" else "worker"]
                      if door == "staff" or row["id"] in owners]  # fmt: skip
            if not every_worker:
                people = list({_role(door, row): row for row in people}.values())
            for person in [*people, None]:
                client = walk.client(door, walk.secrets[person["id"]] if person else None)
                _read(found, walk, door, person, client, known, owners, each, most, records)
    found.in_logs = sorted(set(_WORD.findall(logged.getvalue())))
    _lock_screens(found, walk, database, owners, known)
    found.tables_read = {known[word].table for word in found.seen_rightly}
    return found


def sow(settings: Settings, database: Database) -> list[Canary]:
    """Five tenants with every kind of record and another consent each, and a canary in every private text."""
    with database.step() as session:
        owners = prepare(session, settings.zone)
    facts = Facts(database)
    with database.step() as session:
        return planted_canaries.plant(session, facts, owners)


def _read(found: Leaks, walk: Walk, door: str, person: Row | None, client: FlaskClient, known: dict[str, Canary],
          owners: list[UUID], each: int, most: int, records: int) -> None:  # fmt: skip
    starts = ("/",) if person else ("/sign-in", "/help", "/guides")
    pages = crawl(walk.doors[door], client, *starts, each=each, most=most)
    for address in _every_record(walk, door, owners, records):
        if address not in pages:
            pages[address] = client.get(address)
    found.requests += len(pages)
    for address, answer in pages.items():
        text = _text(answer)
        for word in sorted(set(_WORD.findall(text))):
            canary = known[word]
            if person is not None and may_read(walk.facts, person, canary):
                found.seen_rightly.add(word)
            else:
                who = f"{person['name']} ({_role(door, person)})" if person else "nobody"
                found.forbidden.append(f"{door} door: {who} reads {canary.table}.{canary.column} of another at {address}")
        beside = _IN_ADDRESS.findall(text) + _WORD.findall(f"{address} {answer.location or ''}")
        found.in_addresses += [f"{address}: {known[word].table}.{known[word].column}" for word in beside]
        answer.close()


def _every_record(walk: Walk, door: str, owners: list[UUID], records: int) -> list[str]:
    """Addresses of every page about one record, for a record of so many of these tenants: of each page, others."""
    found: list[str] = []
    for number, rule in enumerate(walk.doors[door].url_map.iter_rules()):
        _, means, _ = walk._declared(door, rule)
        if means is None or "GET" not in (rule.methods or ()) or not _id_names(rule):
            continue
        whose = [owners[(number + place) % len(owners)] for place in range(records)]
        if means.table in planted_canaries.STAFFS_OWN:
            found += [_address(rule, _values(means, row)) for row in walk.facts.rows[means.table][-records:]]
        for owner in whose:
            rows = [row for row in walk.facts.rows[means.table] if row["_tenant"] == owner]
            found += [_address(rule, _values(means, row)) for row in rows[-1:]]
    return found


def _text(answer: TestResponse) -> str:
    data = answer.get_data()
    if data[:4] == b"PK\x03\x04":  # a workbook is a folder of files
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            data = b" ".join(book.read(name) for name in book.namelist())
    if data[:5] == b"%PDF-":
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    return data.decode(errors="replace")


def _lock_screens(found: Leaks, walk: Walk, database: Database, owners: list[UUID], known: dict[str, Canary]) -> None:
    """What each notice of these tenants would show on a locked phone, whatever they chose."""
    with walk.doors["tenant"].test_request_context(), database.session(reads_only=True) as session:
        for notice in session.scalars(select(Notice).where(Notice.tenant_id.in_(owners))):
            found.notices += 1
            shown = f"{lock_screen_words(notice, named=False)}"
            found.on_lock_screens += [f"{notice.kind}: {known[word].table}" for word in _WORD.findall(shown)]


def leak(session: Session, canary: Canary) -> None:
    """For the control: put what somebody keeps to themselves into a place that all neighbours read."""
    from tenant_app.groups.models import GroupSession

    session.execute(update(GroupSession).values(place=canary.word))
