"""What people wrote stays out of logs, whatever goes wrong."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from tenant_app.database import Database
from tests.cast import Cast

CANARY = "canary-5f1c"


def test_an_error_tells_where_it_happened_and_not_what_was_written(
    tenant_door: Flask, cast: Cast, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **written: object) -> None:
        raise RuntimeError("the disk is on fire")

    monkeypatch.setattr("tenant_app.goals.pages.write_goal", broken)

    answer = cast.at(tenant_door, cast.amina).post("/goals/new", data={"words": CANARY}, query_string={"q": CANARY})

    assert answer.status_code == 500
    logged = "".join(capsys.readouterr())
    assert "the disk is on fire" in logged
    assert CANARY not in logged
    assert "Nothing of yours is lost" in answer.text


def test_an_error_of_the_database_hides_its_parameters(database: Database) -> None:
    with database.session() as session, pytest.raises(SQLAlchemyError) as error:
        session.execute(text("INSERT INTO nowhere VALUES (:secret)"), {"secret": CANARY})

    assert CANARY not in str(error.value)
