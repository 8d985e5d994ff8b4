"""Both carriers from the outside: a mail server, providers of texts, and the carriers that call them."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tenant_app.door import create_app
from tenant_app.keys import open_keys
from tenant_app.reminders.addresses import Carrier
from tenant_app.reminders.answers import Outcome
from tenant_app.reminders.carriers import Carriers
from tenant_app.settings import Settings
from tests.reminders.conftest import message
from tests.reminders.letterbox import MailServer, Provider
from tests.reminders.receiver import Receiver
from tests.standing import translated

EMAIL, SMS = Carrier.EMAIL, Carrier.SMS
AMINA, NUMBER = "amina@example.org", "+447700900123"
KEY = "k" * 40


@pytest.fixture
def server(push_service: Receiver) -> Iterator[MailServer]:
    with MailServer(push_service.certificate) as running:
        yield running


@pytest.fixture
def provider(push_service: Receiver) -> Iterator[Provider]:
    with Provider(push_service.certificate) as running:
        yield running


@pytest.fixture
def plain_provider() -> Iterator[Provider]:
    with Provider() as running:
        yield running


class Post:
    """A post office that is given its settings piece by piece."""

    def __init__(self, door: Flask, settings: Settings) -> None:
        self.door, self.settings, self.keys = door, settings, open_keys(settings.instance)

    def mails_by(self, server: MailServer, address: str = "smtp://homeward:s%40crets@127.0.0.1:{port}", **more: Any) -> None:
        self.settings = dataclasses.replace(
            self.settings, smtp=address.format(port=server.port), mail_from="homeward@wrenfield.org.uk", **more
        )

    def texts_by(self, provider: Provider) -> None:
        self.settings = dataclasses.replace(
            self.settings, sms_webhook=f"https://127.0.0.1:{provider.port}/texts", sms_webhook_key=KEY
        )

    def send(self, *to: tuple[Carrier, str], what: Any = None, total: float = 8.0, start_by: float = 60) -> list[Outcome]:
        async def go() -> list[Outcome]:
            latest = asyncio.get_running_loop().time() + start_by
            async with Carriers(self.settings, self.keys, total=total) as carriers:
                return await asyncio.gather(
                    *(carriers.send(way, value, what or message(), start_by=latest) for way, value in to)
                )

        with self.door.app_context():
            return asyncio.run(go())


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory, compiled_catalogues: Path) -> Flask:
    """One for all tests here: it lends its languages and keeps nothing."""
    folder = translated(tmp_path_factory.mktemp("post"), compiled_catalogues)
    settings = Settings(instance=folder, vapid_contact="mailto:it@wrenfield.org.uk")
    return create_app(settings)


@pytest.fixture
def post(door: Flask, push_service: Receiver) -> Post:
    settings, authority = door.extensions["homeward"].settings, str(push_service.authority)
    return Post(door, dataclasses.replace(settings, smtp_ca=authority, sms_webhook_ca=authority))
