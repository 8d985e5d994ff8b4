"""Grace with both factors, and the numbers her app shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tenant_app.accounts.models import Worker
from tenant_app.accounts.rules import choose_password
from tenant_app.accounts.second_step import new_secret, seal_totp, totp_now
from tests.cast import Cast

PASSWORD = "lentil soup on thursdays"


@dataclass
class Equipped:
    """A worker at the staff door."""

    door: Flask
    email: str
    secret: str

    def knock(self, browser: FlaskClient | None = None, password: str = PASSWORD, **more: str):
        browser = browser or self.door.test_client()
        return browser, browser.post("/sign-in", data={"email": self.email, "password": password, **more})

    def shown(self) -> str:
        return totp_now(self.secret)

    def inside(self) -> FlaskClient:
        browser, _ = self.knock()
        assert browser.post("/sign-in/second", data={"code": self.shown()}).status_code == 303
        return browser


@pytest.fixture
def equip(staff_door: Flask, cast: Cast) -> Callable[[Worker], Equipped]:
    def equip(worker: Worker) -> Equipped:
        secret = new_secret()
        with cast.database.step() as session:
            found = session.get_one(Worker, worker.id)
            choose_password(found, PASSWORD)
            seal_totp(found, secret, staff_door.extensions["homeward"].keys.seal)
        return Equipped(staff_door, worker.email, secret)

    return equip


@pytest.fixture
def grace(equip: Callable[[Worker], Equipped], cast: Cast) -> Equipped:
    return equip(cast.grace)
