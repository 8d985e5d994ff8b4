"""Pushing: our postman, the usual `webpush()` loop, and web-push in node, in turns, round after round."""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import uvloop
from cryptography.hazmat.primitives import serialization

from tenant_app import clock
from tenant_app.keys import Keys, open_keys
from tenant_app.reminders.answers import Kind
from tenant_app.reminders.messages import Message
from tenant_app.reminders.push import IN_FLIGHT, Postman
from tenant_app.settings import Settings
from tests.bench import peers
from tests.bench.browsers import Browsers
from tests.bench.push_service import PushService
from tests.figures import at_least, at_most, report, tell
from tests.reminders.receiver import b64

CONTACT = "mailto:it@wrenfield.org.uk"
SHOWN = {
    "title": "Homeward", "body": "Something is planned for 9:00 am.", "address": "/medicines", "tag": "x" * 32,
    "lang": "en", "dir": "ltr",
}  # fmt: skip
"""The peers are given what a discreet reminder of ours carries."""


def run(*, rounds: int = 5, many: int = 4000, few: int = 20, seed: int = 9) -> dict[str, Any]:
    """Measure `many` pushes of ours and of node's and `few` of the loop's, `rounds` times in shuffled order."""
    with tempfile.TemporaryDirectory() as folder:
        slow = _measure(Path(folder), 0.05, rounds, many, few, seed, with_node=True)
        fast = _measure(Path(folder), 0.0, rounds, many, few * 5, seed, with_node=False)
    figures: dict[str, Any] = {}
    for where, found in (("in_50_ms", slow), ("at_once", fast)):
        for name, each in found["each"].items():
            figures[f"{name}_{where}_ms_a_push"] = statistics.median(each) * 1000
        for peer in found["each"].keys() - {"ours"}:
            pairs = zip(found["each"][peer], found["each"]["ours"], strict=True)
            figures[f"ratio_to_{peer}_{where}"] = statistics.median(theirs / ours for theirs, ours in pairs)
    figures["looked_at_closely"] = slow["looked_at"] + fast["looked_at"]
    figures["signatures_an_audience_an_hour"] = max(slow["signatures"], fast["signatures"])
    budgets = {
        "80_times_the_usual_loop_in_50_ms": at_least(figures["ratio_to_usual_loop_in_50_ms"], 80),
        "twice_node_in_50_ms": at_least(figures["ratio_to_node_in_50_ms"], 2),
        "7_times_the_usual_loop_at_once": at_least(figures["ratio_to_usual_loop_at_once"], 7),
        "one_signature_an_audience_an_hour": at_most(figures["signatures_an_audience_an_hour"], 1),
    }
    return report(
        "push", rounds, figures, budgets, node=peers.node_version(), web_push=peers.WEB_PUSH, at_once=IN_FLIGHT,
        pushes_a_round=many,
    )  # fmt: skip


def _measure(
    folder: Path, delay: float, rounds: int, many: int, few: int, seed: int, *, with_node: bool
) -> dict[str, Any]:
    with PushService(folder, delay) as service:
        settings = Settings(
            instance=folder, vapid_contact=CONTACT, push_receiver=service.address,
            push_receiver_ca=str(service.authority),
        )  # fmt: skip
        keys = open_keys(folder)
        browsers = Browsers(many, f"https://{service.address}")
        subscriptions, payload = browsers.subscriptions(), json.dumps(SHOWN)
        contenders: dict[str, Callable[[], float]] = {
            "ours": lambda: _ours(settings, keys, subscriptions, service) / many,
            "usual_loop": lambda: peers.usual_loop(
                subscriptions[:few], payload, keys.vapid, CONTACT, service.authority
            ) / few,
        }  # fmt: skip
        if with_node:
            contenders["node"] = lambda: peers.node(
                subscriptions, payload, keys.vapid_public, _raw_private(keys), CONTACT, service.authority, IN_FLIGHT
            ) / many  # fmt: skip
        each: dict[str, list[float]] = {name: [] for name in contenders}
        looked_at, signatures, order = 0, 0, random.Random(seed)
        for number in range(rounds):
            for name in order.sample(sorted(contenders), len(contenders)):
                service.reset()
                each[name].append(contenders[name]())
                found = service.report()
                if name == "ours":
                    assert found["taken"] == many, found["taken"]
                    looked_at += browsers.look_closer(found["kept"], keys.vapid_public)
                    signatures = max(signatures, found["signatures"])
                tell(f"round {number + 1}, {delay * 1000:.0f} ms, {name}: {each[name][-1] * 1000:.3f} ms a push")
    return {"each": each, "looked_at": looked_at, "signatures": signatures}


def _ours(settings: Settings, keys: Keys, subscriptions: list[dict[str, Any]], service: PushService) -> float:
    message = Message(
        title=SHOWN["title"], body=SHOWN["body"], address=SHOWN["address"], language="en", direction="ltr",
        source="medication:9", expires_at=clock.now() + timedelta(hours=1), urgent=True,
    )  # fmt: skip

    async def send(postman: Postman, which: list[dict[str, Any]]) -> None:
        outcomes = await asyncio.gather(*(
            postman.send(one["endpoint"], one["keys"]["p256dh"], one["keys"]["auth"], message) for one in which
        ))  # fmt: skip
        assert {outcome.kind for outcome in outcomes} == {Kind.ACCEPTED}

    async def go() -> float:
        async with Postman(settings, keys) as postman:
            await send(postman, subscriptions[:IN_FLIGHT])
            service.reset()
            began = time.perf_counter()
            await send(postman, subscriptions)
            return time.perf_counter() - began

    return uvloop.run(go())


def _raw_private(keys: Keys) -> str:
    private = serialization.load_pem_private_key(keys.vapid.encode(), password=None)
    return b64(private.private_numbers().private_value.to_bytes(32))  # type: ignore[union-attr]
