"""The kinds of moments of a timeline, one function each. None of them holds what a note, a check-in or a paper says."""

from __future__ import annotations

from flask_babel import gettext
from markupsafe import Markup, escape
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from staff_portal.key_work.moments import Asked, Moment
from tenant_app.accounts.consent import Category, GivenAs, shares_with
from tenant_app.accounts.models import Tenant
from tenant_app.check_ins.models import CheckIn
from tenant_app.goals.models import Goal, Review, Step
from tenant_app.groups import titles
from tenant_app.groups.models import CAME, Attendance, Booking, GroupSession
from tenant_app.key_work.documents import Document
from tenant_app.key_work.models import KeyWorkNote
from tenant_app.key_work.tasks import Task
from tenant_app.key_work.words import how_words
from tenant_app.move_on.models import MoveOnPlan, MoveOnReview
from tenant_app.repairs.models import Repair
from tenant_app.repairs.words import kind_of
from tenant_app.support_plan.kinds import Side, Stand
from tenant_app.support_plan.models import PlanReview, Signature
from tenant_app.web.locale import isolate, say


def notes(asked: Asked) -> list[Moment]:
    """That a note was written about a contact, at the moment of the contact."""
    theirs = KeyWorkNote.read_by(asked.worker).where(KeyWorkNote.tenant_id == asked.tenant.id)
    found = asked.page(theirs.options(joinedload(KeyWorkNote.worker)), KeyWorkNote.met_at, KeyWorkNote.id)
    return [
        Moment(note.met_at, note.id, how_words(note.how).icon,
               say("%(how)s. A note by %(name)s", how=how_words(note.how).words, name=isolate(note.worker.known_as)),
               "record.note", {"note_id": note.id})
        for note in found
    ]  # fmt: skip


def reviews(asked: Asked) -> list[Moment]:
    """Reviews of goals that are shared now."""
    theirs = (
        select(Review).join(Goal, Goal.id == Review.goal_id).options(contains_eager(Review.goal))
        .where(Goal.tenant_id == asked.tenant.id, Goal.shared_at.is_not(None))
    )  # fmt: skip
    return [
        Moment(review.written_at, review.id, "goal",
               say("%(name)s wrote about “%(goal)s”", name=isolate(review.worker.known_as),
                   goal=isolate(review.goal.words)),
               "reviews.goal", {"goal_id": review.goal_id})
        for review in asked.page(theirs, Review.written_at, Review.id)
    ]  # fmt: skip


def steps(asked: Asked) -> list[Moment]:
    """Steps done, of goals that are shared now."""
    theirs = (
        select(Step).join(Goal, Goal.id == Step.goal_id)
        .where(Goal.tenant_id == asked.tenant.id, Goal.shared_at.is_not(None), Step.done_at.is_not(None))
    )  # fmt: skip
    return [
        Moment(step.done_at, step.id, "check", say("Done: %(step)s", step=isolate(step.words)),
               "reviews.goal", {"goal_id": step.goal_id})
        for step in asked.page(theirs, Step.done_at, Step.id)
    ]  # fmt: skip


def tasks(asked: Asked) -> list[Moment]:
    """What was promised and is done."""
    theirs = Task.of(asked.tenant).where(Task.done_at.is_not(None))
    return [
        Moment(task.done_at, task.id, "check",
               say("%(name)s did: %(task)s", name=isolate((task.done_by or task.worker).known_as),
                   task=isolate(task.words)),
               "record.tasks", {"tenant_id": asked.tenant.id})
        for task in asked.page(theirs, Task.done_at, Task.id)
    ]  # fmt: skip


def check_ins(asked: Asked) -> list[Moment]:
    """That they checked in, where they agree that this worker sees it."""
    theirs = CheckIn.shared_with(asked.worker, asked.tenant)
    return [
        Moment(one.said_at, one.id, "edit", say("Said how the week was"), "caseload.check_ins",
               {"tenant_id": asked.tenant.id})
        for one in asked.page(theirs, CheckIn.said_at, CheckIn.id)
    ]  # fmt: skip


def groups(asked: Asked) -> list[Moment]:
    """What they came to and where they were missed, where they agree that this worker knows."""
    agreed = select(Tenant.id).where(
        Tenant.id == asked.tenant.id, shares_with(asked.worker, Category.GROUPS, GivenAs.KEYWORKER)
    )
    theirs = Booking.of(asked.tenant).where(
        Booking.tenant_id.in_(agreed), Booking.in_register(), Booking.attendance.is_not(None),
        GroupSession.cancelled_at.is_(None),
    )  # fmt: skip
    found = []
    for booking in asked.page(theirs, GroupSession.starts_at, Booking.id):
        title = isolate(titles.title(booking.group_session.kind))
        if booking.attendance in CAME:
            words = say("Came to %(title)s", title=title)
        elif booking.attendance is Attendance.SENT_WORD:
            words = say("Could not come to %(title)s, and let us know", title=title)
        else:
            words = say("Was missed at %(title)s", title=title)
        found.append(Moment(booking.group_session.starts_at, booking.id, "people", words))
    return found


def repairs(asked: Asked) -> list[Moment]:
    """That something was reported."""
    theirs = Repair.caseload_of(asked.worker).where(Repair.tenant_id == asked.tenant.id)
    return [
        Moment(repair.reported_at, repair.id, "wrench",
               say("A repair was reported: %(what)s", what=isolate(kind_of(repair.kind).name)),
               "repairs_desk.repair", {"repair_id": repair.id})
        for repair in asked.page(theirs, Repair.reported_at, Repair.id)
    ]  # fmt: skip


def documents(asked: Asked) -> list[Moment]:
    """Papers that this worker may see."""
    theirs = Document.read_by(asked.worker).where(Document.tenant_id == asked.tenant.id)
    return [
        Moment(paper.added_at, paper.id, "receipt", say("A document was added: %(title)s", title=isolate(paper.title)),
               "record.documents", {"tenant_id": asked.tenant.id})
        for paper in asked.page(theirs, Document.added_at, Document.id)
    ]  # fmt: skip


def plan_reviews(asked: Asked) -> list[Moment]:
    """Who signed a review of the support plan, and that it was closed. Whoever supports them reads those."""
    theirs = (
        select(Signature).join(PlanReview, PlanReview.id == Signature.review_id)
        .where(PlanReview.tenant_id == asked.tenant.id)
    )  # fmt: skip
    closed = PlanReview.of(asked.tenant).where(PlanReview.closed_by_id.is_not(None)).options(
        joinedload(PlanReview.closed_by)
    )  # fmt: skip
    signed = [
        Moment(it.signed_at, it.id, "goal", _signed(it), "plan_reviews.show", {"review_id": it.review_id})
        for it in asked.page(theirs, Signature.signed_at, Signature.id)
    ]  # fmt: skip
    ended = [
        Moment(it.closed_at, it.id, "goal",
               say("%(name)s closed a review of the support plan", name=isolate(it.closed_by.known_as)),
               "plan_reviews.show", {"review_id": it.id})
        for it in asked.page(closed, PlanReview.closed_at, PlanReview.id)
    ]  # fmt: skip
    return signed + ended


def move_on_reviews(asked: Asked) -> list[Moment]:
    """That they looked over their plan for moving on, where they agree that this worker sees it."""
    agreed = select(Tenant.id).where(
        Tenant.id == asked.tenant.id, shares_with(asked.worker, Category.MOVE_ON, GivenAs.KEYWORKER)
    )
    theirs = MoveOnReview.of(asked.tenant).where(MoveOnPlan.tenant_id.in_(agreed))
    return [
        Moment(it.held_at, it.id, "door", escape(gettext("Looked over the move-on plan")), "caseload.move_on_review",
               {"tenant_id": asked.tenant.id, "review_id": it.id})
        for it in asked.page(theirs, MoveOnReview.held_at, MoveOnReview.id)
    ]  # fmt: skip


def _signed(it: Signature) -> Markup:
    name = isolate(it.person.known_as)
    if it.side is Side.TENANT and it.stand is not Stand.AGREES:
        return say("%(name)s signed a review of the support plan, and sees something differently", name=name)
    return say("%(name)s signed a review of the support plan", name=name)
