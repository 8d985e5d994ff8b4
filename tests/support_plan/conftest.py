"""Amina's review, and the two doors to it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant, Worker
from tenant_app.support_plan.models import PlanReview
from tests.cast import Cast
from tests.support_plan.meeting import opened, signed


@pytest.fixture
def phone(tenant_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(tenant_door, cast.amina)


@pytest.fixture
def desk(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.grace)


@pytest.fixture
def review(session: Session, amina: Tenant) -> PlanReview:
    found = opened(session, amina)
    session.commit()
    return found


@pytest.fixture
def to_sign(session: Session, amina: Tenant, grace: Worker) -> PlanReview:
    found = signed(session, amina, grace)
    session.commit()
    return found


def again(session: Session, review: PlanReview) -> PlanReview:
    session.rollback()
    return session.get_one(PlanReview, review.id, populate_existing=True)
