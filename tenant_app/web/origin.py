"""Refuse what another site makes a browser send here.

No hidden tokens: a form that waited a day in the outbox, or in an old tab, must still be accepted.
Browsers say where a request comes from, in headers that a page cannot forge.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Request

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def from_elsewhere(request: Request) -> bool:
    """Whether this request would change something and was made by another site's page.

    `Sec-Fetch-Site` decides where it is sent; else `Origin`. With neither there is no browser, and so no one's
    cookies to misuse. A neighbouring subdomain counts as elsewhere: the two doors may be neighbours.
    """
    if request.method in SAFE:
        return False
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    if origin is not None:
        return urlsplit(origin).netloc != request.host
    return False
