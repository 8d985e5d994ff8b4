"""The same people and repairs as in the tests of the tenants' side."""

from __future__ import annotations

from tests.repairs.conftest import devon, reported

__all__ = ["devon", "reported"]
