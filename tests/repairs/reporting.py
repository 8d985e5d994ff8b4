"""The way through a report, as a phone without JavaScript walks it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tenant_app.settings import Settings


def begin(phone: FlaskClient, urgent: str = "") -> str:
    """Start a report; the address of its pages."""
    answer = phone.post("/repairs/new", data={"urgent": urgent})
    assert answer.status_code == 303
    return answer.location.rpartition("/")[0]


def walk(phone: FlaskClient, address: str, place: str = "home", **said: Any) -> list[str]:
    """Answer every question but the photos; the pages that were led to, in order. What is not said is a leaking tap in
    the kitchen."""
    said = {"rooms": "kitchen", "kind": "leak", "part": "tap", "severity": "hard"} | said
    asked = {
        "where": {"place": place}, "rooms": {"rooms": said["rooms"]}, "what": {"kind": said["kind"]},
        "part": {"part": said["part"]}, "how-bad": {"severity": said["severity"]},
        "since": {name: said[name] for name in ("began", "since") if name in said},
        "at-home": {"at_home": said.get("at_home", [])},
        "access": {name: said[name] for name in ("times", "key", "access", "spoken", "interpreter") if name in said},
    }
    led = []
    for question, data in asked.items():
        if question != "access" or place == "home":
            answer = phone.post(f"{address}/{question}", data=data)
            assert answer.status_code == 303, (question, answer.text)
            led.append(answer.location.rpartition("/")[2])
    return led


def add(
    phone: FlaskClient, address: str, *pictures: bytes, then: str = "stay", name: str = "photo.jpg"
) -> TestResponse:
    files = [(BytesIO(picture), name) for picture in pictures]
    return phone.post(f"{address}/photos", data={"photos": files, "then": then})


def kept(settings: Settings) -> list[Path]:
    return sorted(settings.photos.iterdir()) if settings.photos.exists() else []
