"""What early signs are made of: days, silences and sessions missed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

from sqlalchemy.orm import Session

from tenant_app.accounts.consent import Category
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.check_ins.models import CheckIn
from tenant_app.groups.models import Attendance, Booking, GroupSession, Standing
from tenant_app.groups.register.records import Missed
from tenant_app.medication.models import Answer, Dose, DoseTime, Medicine
from tenant_app.support.early_signs import Rule, signs_of
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups.programme import LONDON

TODAY = THURSDAY.date()
Share = Callable[[Category], None]


def rules(session: Session, worker: Worker, tenant: Tenant) -> list[Rule]:
    session.flush()
    return [reason.rule for reason in signs_of(session, worker, LONDON).get(tenant.id, ())]


def checked_in(session: Session, tenant: Tenant, *days_ago: int) -> None:
    session.add_all(CheckIn(tenant=tenant, day=TODAY - timedelta(days=days), words="CANARY") for days in days_ago)


def missed_twice(session: Session, cast: Cast, tenant: Tenant) -> Missed:
    starts_at = THURSDAY - timedelta(days=2)
    it = GroupSession(
        kind="cooking-together", starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), zone="Europe/London",
        place="CANARY", capacity=8, places_taken=1, facilitator_id=cast.joana.id,
    )  # fmt: skip
    booking = Booking(group_session=it, tenant=tenant, standing=Standing.PLACE, booked_at=starts_at,
                      attendance=Attendance.NOT_HERE)  # fmt: skip
    missed = Missed(tenant=tenant, booking=booking)
    session.add_all([it, booking, missed])
    return missed


def takes(session: Session, tenant: Tenant, *days_ago: int) -> Medicine:
    medicine = Medicine(tenant=tenant, name="CANARY", starts_on=date(2026, 9, 1))
    medicine.times.append(DoseTime(wall_time=time(9), first_day=date(2026, 9, 1)))
    session.add(medicine)
    session.flush()
    session.add_all(
        Dose(medicine=medicine, tenant_id=tenant.id, day=TODAY - timedelta(days=days), wall_time=time(9),
             answer=Answer.SKIPPED)
        for days in days_ago
    )  # fmt: skip
    return medicine
