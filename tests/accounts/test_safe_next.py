"""Signing in never leads to another site, however the address is dressed up."""

from __future__ import annotations

import pytest
from flask import Flask

from tenant_app.accounts.gate import safe_next


@pytest.mark.parametrize(
    "trick",
    [
        None, "", "goals", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
        "/\\/evil.example",
        "https:evil.example", "https://evil.example", "javascript:alert(1)", "/\t/evil.example", "/\n/evil.example",
        "/\r/evil.example", "\t//evil.example", " //evil.example", "/\x00/evil.example", "/goals\r\nSet-Cookie: a=b",
        "/\u202e//evil.example", "/goals\\..\\evil", "//[", "/\x7f/evil.example",
    ],
)  # fmt: skip
def test_a_trick_leads_home(tenant_door: Flask, trick: str | None) -> None:
    with tenant_door.test_request_context("/"):
        assert safe_next(trick) == "/"


@pytest.mark.parametrize(
    "address", ["/goals", "/goals?filter=kept&x=https://elsewhere.example", "/settings/phones", "/"]
)
def test_a_page_of_this_door_is_kept(tenant_door: Flask, address: str) -> None:
    with tenant_door.test_request_context("/"):
        assert safe_next(address) == address


def test_a_door_below_an_address_keeps_its_own_part(staff_door: Flask) -> None:
    with staff_door.test_request_context("/", base_url="http://localhost/staff"):
        assert safe_next("/caseload") == "/staff/caseload"
        assert safe_next("//evil.example") == "/staff/"
