"""The caseload: each tenant with what they share, and the page of one of them."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request, url_for

from staff_portal.break_glass.opening import open_record
from staff_portal.caseload import check_ins, moods, move_on, placing, strengths
from staff_portal.caseload.asked import Asked
from staff_portal.caseload.choices import choices
from staff_portal.caseload.overview import caseload_of
from staff_portal.caseload.room import room
from staff_portal.caseload.strengths import going_for
from staff_portal.key_work.overview import overview_of
from staff_portal.roles import GLASS_BREAKERS, SUPPORTERS
from staff_portal.today.looking import look_once_a_day
from staff_portal.today.signs import WHAT
from tenant_app import clock
from tenant_app.accounts.consent import Category, Consent, GivenAs
from tenant_app.accounts.gate import worker
from tenant_app.accounts.rules import look_at
from tenant_app.goals.models import Goal
from tenant_app.medication.auditing.models import AUDITORS
from tenant_app.reminders.reach import dead_channels
from tenant_app.rent.agreement_words import happened_words, hardship_tag
from tenant_app.rent.hardship import Hardship
from tenant_app.rent.models import RentAccount
from tenant_app.safety_plan.rules import plan_of, plans_shared_with
from tenant_app.safety_plan.words import part_words
from tenant_app.support.early_signs import signs_of
from tenant_app.support_plan.policy import Policy
from tenant_app.support_plan.rules import next_review_of
from tenant_app.web.audience import open_to
from tenant_app.web.house import find, house, session

__all__ = ["check_ins", "moods", "move_on", "placing", "room", "strengths"]


@room.get("/caseload")
@open_to(*SUPPORTERS)
def index() -> str:
    """Everyone this worker supports, with the progress they share: a page of them, as the address asks."""
    asked = Asked.of(request.args)
    zone = house().settings.zone
    signs = signs_of(session(), worker(), zone)
    caseload = caseload_of(session(), worker(), asked, zone, signs, Policy.of(house().settings))
    look_once_a_day(session(), worker(), [row.tenant for row in caseload.rows if row.goal], "goal")
    look_once_a_day(session(), worker(), [row.tenant for row in caseload.rows if row.sign], WHAT)
    return render_template(
        "caseload/index.html", caseload=caseload, asked=asked, now=clock.now(),
        to_page=lambda number: url_for("caseload.index", **asked.address(page=number)), **choices(),
    )  # fmt: skip


@room.get("/caseload/<uuid:tenant_id>")
@open_to(*SUPPORTERS)
def tenant(tenant_id: UUID) -> str:
    """One tenant: goals they share, and lately."""
    supported = find(worker().caseload, tenant_id)
    look_at(session(), worker(), supported, "overview")
    goals = session().scalars(Goal.shared_with(worker()).where(Goal.tenant_id == supported.id)).all()
    unreached = dead_channels(session(), [supported.id]).get(supported.id)
    told = session().scalars(
        Hardship.told_to(worker()).join(RentAccount).where(RentAccount.tenant_id == supported.id)
    ).all()
    medicines = session().scalar(Consent.in_force(supported, Category.MEDICATION, worker(), *AUDITORS))
    moods = session().scalar(Consent.in_force(supported, Category.CHECK_INS, worker(), GivenAs.KEYWORKER))
    plan = session().scalar(Consent.in_force(supported, Category.SAFETY_PLAN, worker(), GivenAs.KEYWORKER))
    return render_template(
        "caseload/tenant.html", tenant=supported, goals=goals, told=told, happened_words=happened_words,
        hardship_tag=hardship_tag, unreached_since=unreached, medicines=medicines, moods=moods,
        plan=plan, going_for=going_for(supported),
        next_review=next_review_of(session(), [supported.id], Policy.of(house().settings))[supported.id],
        **overview_of(session(), worker(), supported),
    )  # fmt: skip


@room.get("/caseload/<uuid:tenant_id>/hard-days")
@open_to(*GLASS_BREAKERS)
def safety_plan(tenant_id: UUID) -> str:
    """What a tenant wrote for hard days, where they let their keyworker read it, or somebody opened it for their
    safety. Nobody but they writes in it."""
    find(plans_shared_with(worker()), tenant_id)
    record = open_record(tenant_id, Category.SAFETY_PLAN, "safety-plan")
    return render_template(
        "caseload/safety_plan.html", tenant=record.tenant, override=record.override,
        plan=plan_of(session(), record.tenant), part_words=part_words,
    )  # fmt: skip
