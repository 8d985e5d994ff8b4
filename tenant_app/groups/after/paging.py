"""Which page of a list was asked for."""

from __future__ import annotations

from flask import abort, request


def asked_page() -> int:
    """`page` of the address, from 1; 404 for what is no number."""
    asked = request.args.get("page", "1")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 8):
        abort(404)
    return int(asked)
