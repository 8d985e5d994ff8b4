"""The same people and accounts as in the tests of the tenants' side, and Devon at the desk."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.cast import Cast
from tests.rent.conftest import account, agreed, behind, officer, opened

__all__ = ["account", "agreed", "behind", "officer", "opened"]


@pytest.fixture
def devon(staff_door: Flask, session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Devon at the desk. The test's own session ends its turn before each page: on SQLite, whoever looks keeps others
    from writing."""
    client = cast.at(staff_door, cast.devon)
    ask = client.open

    def in_turn(*args: Any, **kwargs: Any) -> TestResponse:
        session.commit()
        answer = ask(*args, **kwargs)
        session.expire_all()
        return answer

    monkeypatch.setattr(client, "open", in_turn)
    return client
