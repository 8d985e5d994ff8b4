"""The peers of our postman: the usual `webpush()` loop, and web-push in node."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pywebpush import webpush

from tests.figures import tell

WEB_PUSH = "3.6.7"
FOLDER = Path(__file__).parent / "node"
"""Where the peer is installed; not part of the repository."""


class NoNode(Exception):
    """The peer cannot be measured: node or npm is missing, or npm could not fetch it."""


def usual_loop(
    subscriptions: Sequence[dict[str, Any]], payload: str, private_pem: str, contact: str, authority: Path
) -> float:
    """Seconds that `webpush()` one after the other takes, as every tutorial has it. Its header is signed each time."""
    from py_vapid import Vapid

    signer = Vapid.from_pem(private_pem.encode())
    with patch.dict(os.environ, REQUESTS_CA_BUNDLE=str(authority)):
        began = time.perf_counter()
        for one in subscriptions:
            webpush(one, data=payload, vapid_private_key=signer, vapid_claims={"sub": contact}, ttl=3600, timeout=10)
        return time.perf_counter() - began


def node(
    subscriptions: Sequence[dict[str, Any]], payload: str, public: str, private: str, contact: str, authority: Path,
    at_once: int,
) -> float:  # fmt: skip
    """Seconds that web-push takes with `at_once` on their way, its connections opened beforehand."""
    given = {
        "subscriptions": subscriptions, "payload": payload, "atOnce": at_once, "warmUp": at_once,
        "vapid": {"subject": contact, "publicKey": public, "privateKey": private},
    }  # fmt: skip
    done = subprocess.run(
        [_program("node"), str(Path(__file__).parent / "web_push_peer.js")],
        input=json.dumps(given), capture_output=True, text=True, timeout=600, check=False,
        env={**os.environ, "NODE_PATH": str(_installed()), "NODE_EXTRA_CA_CERTS": str(authority)},
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr)
    return float(done.stdout)


def node_version() -> str:
    return subprocess.run([_program("node"), "--version"], capture_output=True, text=True, check=True).stdout.strip()


def _installed() -> Path:
    modules = FOLDER / "node_modules"
    if not (modules / "web-push" / "package.json").exists():
        tell(f"installing web-push {WEB_PUSH} for node")
        FOLDER.mkdir(exist_ok=True)
        done = subprocess.run(
            [_program("npm"), "install", "--no-audit", "--no-fund", "--prefix", str(FOLDER), f"web-push@{WEB_PUSH}"],
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        if done.returncode:
            raise NoNode(f"npm could not install web-push: {done.stderr.strip()[-500:]}")
    return modules


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise NoNode(f"{name} is missing. Install Node 20 or later: apt-get install nodejs npm")
    return found
