"""The same people and accounts as in the tests of the tenants' side."""

from __future__ import annotations

from tests.rent.conftest import agreed, behind, devon, opened

__all__ = ["agreed", "behind", "devon", "opened"]
