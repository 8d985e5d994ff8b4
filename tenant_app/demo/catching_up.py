"""Hard weeks in the demo house: one who pays back bit by bit, one who told us, one who is in Breathing Space, one who
has a plan to look at."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant
from tenant_app.demo.people import AMINA, DEVON
from tenant_app.demo.town import Town
from tenant_app.rent.agreeing import agree, arrears_of, propose, review_agreements
from tenant_app.rent.breathing_space import RespiteKind
from tenant_app.rent.calendar import due_days
from tenant_app.rent.cannot_pay import payments_ahead, tell_us
from tenant_app.rent.models import Frequency, RentAccount
from tenant_app.rent.paydays import Source
from tenant_app.rent.plans import Terms
from tenant_app.rent.replanning import add_payday
from tenant_app.rent.respite import note_breathing_space
from tenant_app.rent.rules import record_payment

AGREED, TOLD, RESTING, ASKED = AMINA.name, "Tomasz Wójcik", "Salma Haddad", "Marcus Bell"

HARD_WEEKS = {AGREED: (0, 1, 2), TOLD: (5, 6), RESTING: (0, 1, 2), ASKED: (3, 4, 5)}
"""Weeks, counted from the first, in which they paid nothing."""


def catch_up(town: Town) -> None:
    """What came of the hard weeks."""
    _pays_back(town, town.tenants[AGREED])
    _told_us(town, town.tenants[TOLD])
    _rests(town, town.tenants[RESTING])
    _has_a_plan_to_look_at(town, town.tenants[ASKED])


def _pays_back(town: Town, tenant: Tenant) -> None:
    account, officer = _account(town.session, tenant), town.staff[DEVON.name]
    begins = due_days(account, town.today - timedelta(days=20), town.today)[0]
    proposed_on, agreed_on = begins - timedelta(days=4), begins - timedelta(days=3)
    with town.at((proposed_on - town.today).days, 10, 30):
        terms = _terms(town.session, account, 500, begins, proposed_on)
        agreement = propose(town.session, account, officer, terms, proposed_on)
    with town.at((agreed_on - town.today).days, 18):
        agree(town.session, agreement, tenant, agreed_on)
    for day in due_days(account, begins, town.today):
        with town.at((day - town.today).days, 8, 5):
            record_payment(town.session, account, 500, day, f"{account.reference}-{day.isoformat()}-plan")
    with town.at(0, 8, 30):
        review_agreements(town.session, town.today)
        add_payday(town.session, tenant, Source.UNIVERSAL_CREDIT, Frequency.MONTHLY, date(2024, 1, 5))


def _told_us(town: Town, tenant: Tenant) -> None:
    account = _account(town.session, tenant)
    with town.at(-1, 17, 20):
        about, day = payments_ahead(town.session, account, town.today - timedelta(days=1))[0]
        tell_us(
            town.session, account, about, day, happened=["late"], language=tenant.language, tell_keyworker=True,
            words="The café pays me at the end of the month now. I can pay half then.", can_pay_pence=700,
        )  # fmt: skip


def _rests(town: Town, tenant: Tenant) -> None:
    with town.at(-9, 11):
        note_breathing_space(
            town.session, town.staff[DEVON.name], _account(town.session, tenant), RespiteKind.STANDARD,
            town.today - timedelta(days=9), reference="BS-20418",
        )  # fmt: skip


def _has_a_plan_to_look_at(town: Town, tenant: Tenant) -> None:
    account = _account(town.session, tenant)
    with town.at(-1, 15):
        yesterday = town.today - timedelta(days=1)
        terms = _terms(town.session, account, 400, town.today + timedelta(days=6), yesterday)
        propose(town.session, account, town.staff[DEVON.name], terms, yesterday)


def _terms(session: Session, account: RentAccount, instalment: int, first_on: date, today: date) -> Terms:
    return Terms(arrears_of(session, account, today), instalment, Frequency.WEEKLY, first_on)


def _account(session: Session, tenant: Tenant) -> RentAccount:
    return session.scalars(RentAccount.of(tenant)).one()
