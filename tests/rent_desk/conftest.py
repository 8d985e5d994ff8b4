"""The same accounts as in the tests of the tenants' side."""

from __future__ import annotations

from tests.rent.conftest import opened

__all__ = ["opened"]
