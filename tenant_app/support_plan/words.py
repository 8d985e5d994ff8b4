"""What reviews of the support plan are called, at both doors."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext
from markupsafe import Markup

from tenant_app.accounts.models import Tenant, Worker
from tenant_app.support_plan.kinds import Kind, Question, Stage, Who
from tenant_app.support_plan.models import PlanReview
from tenant_app.web.locale import isolate, say


@dataclass(frozen=True)
class Asked:
    """A question as it is put to the tenant, and in a few words as a heading."""

    words: str
    hint: str
    heading: str


@dataclass(frozen=True)
class Tag:
    """A state in at most three words."""

    words: str
    kind: str = ""
    icon: str = ""


def kind_words(kind: Kind) -> str:
    """What changed, in a few words."""
    return {
        Kind.HOSPITAL: gettext("A stay in hospital"),
        Kind.INCOME: gettext("Less money coming in"),
        Kind.BEREAVEMENT: gettext("Someone has died"),
        Kind.DIAGNOSIS: gettext("News about health"),
        Kind.RISK: gettext("Not feeling safe"),
        Kind.TENANCY: gettext("Worry about the home"),
        Kind.OTHER: gettext("Something else"),
    }[Kind(kind)]


KIND_ICONS = {
    Kind.HOSPITAL: "bed", Kind.INCOME: "pound", Kind.BEREAVEMENT: "people", Kind.DIAGNOSIS: "clock",
    Kind.RISK: "shield", Kind.TENANCY: "home", Kind.OTHER: "edit",
}  # fmt: skip


def asked(question: Question) -> Asked:
    """How a question is put."""
    return {
        Question.WELL: Asked(
            gettext("What went well?"), gettext("Something you did, learned or enjoyed. Small things count."),
            gettext("What went well"),
        ),
        Question.HARD: Asked(
            gettext("What is hard at the moment?"), gettext("Say as much or as little as you like."),
            gettext("What is hard"),
        ),
        Question.NEXT: Asked(
            gettext("What would you like to come next?"),
            gettext("What you want, and what help you would like with it."), gettext("What comes next"),
        ),
    }[Question(question)]  # fmt: skip


def who_words(who: Who, tenant: Tenant, worker: Worker) -> Markup:
    """Who does it, by name."""
    if who is Who.TENANT:
        return isolate(tenant.known_as)
    if who is Who.WORKER:
        return isolate(worker.known_as)
    if who is Who.BOTH:
        return say("%(name)s and %(other)s", name=isolate(tenant.known_as), other=isolate(worker.known_as))
    return say("Somebody else")


def stage_tag(review: PlanReview) -> Tag:
    """How far it has come."""
    return {
        Stage.AHEAD: Tag(gettext("Still to come"), "", "calendar"),
        Stage.WRITTEN: Tag(gettext("Being written"), "", "edit"),
        Stage.SIGNED: Tag(gettext("Waits for the tenant"), "wait", "clock"),
        Stage.ANSWERED: Tag(gettext("Seen otherwise"), "", "talk"),
        Stage.CLOSED: Tag(gettext("Closed"), "good", "check"),
    }[review.stage]
