"""Walk through a door as one person would, link by link."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

LEAVE = "quick_exit.go"
"""Whoever leaves in a hurry sees nothing more, and that is all there would be to crawl."""


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and (address := given.get("href")):
            self.found.append(address)


def links(page: str) -> list[str]:
    parser = _Links()
    parser.feed(page)
    return parser.found


def crawl(door: Flask, client: FlaskClient, *starts: str, each: int = 2, most: int = 120) -> dict[str, TestResponse]:
    """Pages reached from `starts` by links, at most `each` of one endpoint, as address -> answer."""
    matching = door.url_map.bind("localhost")
    waiting, seen, pages, visits = list(starts or ("/",)), set(starts), {}, Counter[str]()
    while waiting and len(pages) < most:
        address = waiting.pop(0)
        try:
            endpoint = matching.match(urlsplit(address).path, method="GET")[0]
        except HTTPException:
            continue
        if endpoint in ("static", LEAVE) or visits[endpoint] >= each:
            continue
        visits[endpoint] += 1
        answer = client.get(address)
        if answer.status_code == 303 and answer.location:
            onward = urlsplit(answer.location)
            target = onward.path + (f"?{onward.query}" if onward.query else "")
            if target not in seen:
                seen.add(target)
                waiting.append(target)
            continue
        pages[address] = answer
        for link in links(answer.text) if answer.mimetype == "text/html" else ():
            parts = urlsplit(urljoin(f"http://localhost{address}", link))
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            if parts.netloc == "localhost" and target not in seen:
                seen.add(target)
                waiting.append(target)
    return pages
