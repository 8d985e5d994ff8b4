"""One page on which a keyworker prepares a review, holds it, writes it down and signs it."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from staff_portal.roles import SUPPORTERS
from staff_portal.support_plan import lists
from staff_portal.support_plan.forms import CloseForm, RecordForm, SignForm
from staff_portal.support_plan.parts import gathered
from staff_portal.support_plan.room import policy, review_seen, room, today
from tenant_app.accounts.gate import worker
from tenant_app.accounts.rules import look_at
from tenant_app.support_plan.kinds import Question, Side, Stage
from tenant_app.support_plan.models import PlanRecord, PlanReview, PreparedAnswer
from tenant_app.support_plan.recording import (
    Closed,
    NotNow,
    Superseded,
    Unready,
    close,
    is_whole,
    may_close_unanswered,
    sign,
    write,
)
from tenant_app.web.audience import open_to
from tenant_app.web.house import keep_now, session
from tenant_app.web.locale import language

__all__ = ["lists", "room"]


@room.get("/support-plan/<uuid:review_id>")
@open_to(*SUPPORTERS)
def show(review_id: UUID) -> str:
    """Everything that is shared and helps, and the record beside it."""
    return _page(review_seen(review_id))


@room.post("/support-plan/<uuid:review_id>")
@open_to(*SUPPORTERS)
def keep(review_id: UUID) -> tuple[str, int] | Response:
    """Keep the record, half-written or whole. Of two who write at once, both texts are shown."""
    review = review_seen(review_id)
    form = RecordForm.of(review, worker(), today(), policy())
    if not form.makes_sense(today(), policy()):
        return _refused(review, form, 422)
    try:
        write(session(), worker(), review, form.draft, seen=form.version, language=language().code)
    except Superseded:
        form.show_version(review.version)
        return _refused(review, form, 409, overtaken=review.record)
    except Closed:
        return _refused(review, form, 409)
    flash(gettext("Kept. It is a draft until you sign it."))
    return _back(review, "text" if is_whole(review.record) else "record")


@room.post("/support-plan/<uuid:review_id>/signature")
@open_to(*SUPPORTERS)
def put_name(review_id: UUID) -> tuple[str, int] | Response:
    """Sign the text that the page showed; from then on the tenant can read it."""
    review = review_seen(review_id)
    form = SignForm.asked()
    try:
        sign(session(), worker(), review, seen=form.version)
    except Superseded:
        read = next((it for it in review.records if it.version == form.version), None)
        return _refused(review, None, 409, read=read, unsigned=True)
    except (Unready, Closed):
        return _refused(review, None, 409, unsigned=True)
    flash(gettext("Signed. %(name)s can read it now.", name=review.tenant.known_as))
    return _back(review, "text")


@room.post("/support-plan/<uuid:review_id>/close")
@open_to(*SUPPORTERS)
def end(review_id: UUID) -> tuple[str, int] | Response:
    """Close a review that the tenant sees otherwise, or has not answered for long."""
    review = review_seen(review_id)
    form = CloseForm.asked()
    if not form.valid():
        return _refused(review, None, 422, closing=form)
    try:
        close(
            session(), worker(), review, form.reply.data or "", language=language().code, seen=form.version,
            policy=policy(),
        )  # fmt: skip
    except ValueError:
        form.blame("reply", gettext("Write what you tried"))
        return _refused(review, None, 422, closing=form)
    except (Superseded, NotNow):
        read = next((it for it in review.records if it.version == form.version and it.version != review.version), None)
        return _refused(review, None, 409, closing=form, read=read, unsigned=True)
    flash(gettext("The review is closed. It stays as it is."))
    return _back(review, "text")


def _refused(
    review: PlanReview, form: RecordForm | None, status: int, *, overtaken: PlanRecord | None = None,
    read: PlanRecord | None = None, unsigned: bool = False, closing: CloseForm | None = None,
) -> tuple[str, int]:  # fmt: skip
    page = _page(review, form, overtaken=overtaken, read=read, unsigned=unsigned, closing=closing)
    keep_now()  # they read the record all the same, and a refusal would undo the note of it
    return page, status


def _page(
    review: PlanReview, form: RecordForm | None = None, *, overtaken: PlanRecord | None = None,
    read: PlanRecord | None = None, unsigned: bool = False, closing: CloseForm | None = None,
) -> str:  # fmt: skip
    tenant = review.tenant
    look_at(session(), worker(), tenant, "support-plan")
    if closing is None:
        closing = CloseForm(seen=str(review.version))
    else:
        closing.show_version(review.version)
    earlier = session().scalars(
        select(PlanReview)
        .where(PlanReview.tenant_id == tenant.id, PlanReview.closed_at.is_not(None), PlanReview.id != review.id)
        .order_by(PlanReview.closed_at.desc())
        .limit(1)
    ).first()
    shown = session().scalars(PreparedAnswer.shown_to(worker(), review)).all()
    return render_template(
        "plan_reviews/show.html", review=review, tenant=tenant, record=review.record,
        typed=form, form=form or RecordForm.of(review, worker(), today(), policy()),
        prepared={answer.question: answer for answer in shown}, questions=list(Question),
        parts=gathered(session(), worker(), tenant) if review.open else [], earlier=earlier,
        whole=is_whole(review.record), signed=review.signed_by(Side.WORKER), overtaken=overtaken, read=read,
        unsigned=unsigned, closing=closing,
        closable=review.stage is Stage.ANSWERED, unanswered=may_close_unanswered(review, policy()), today=today(),
    )  # fmt: skip


def _back(review: PlanReview, anchor: str) -> Response:
    return redirect(url_for("plan_reviews.show", review_id=review.id, _anchor=anchor), 303)
