"""Whose address counts: the visitor's where a proxy of ours says so, and never what a visitor says of themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask, request

from tenant_app import create_app
from tenant_app.settings import Settings


def address_seen(app: Flask, said: str) -> str | None:
    seen: list[str | None] = []
    app.before_request_funcs.setdefault(None, []).insert(0, lambda: seen.append(request.remote_addr))
    app.test_client().get("/help", headers={"X-Forwarded-For": said})
    app.extensions["homeward"].database.close()
    return seen[0]


@pytest.mark.parametrize(
    ("proxies", "said", "seen"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.7, 203.0.113.9", "198.51.100.7"),
    ],
)
def test_only_our_own_proxies_are_believed(settings: Settings, proxies: int, said: str, seen: str) -> None:
    assert address_seen(create_app(replace(settings, proxies=proxies)), said) == seen
