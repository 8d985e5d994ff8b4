"""Amina's phone, and whom she writes to."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast


@pytest.fixture
def phone(tenant_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(tenant_door, cast.amina)


@pytest.fixture
def to(cast: Cast) -> str:
    return str(cast.grace.id)
