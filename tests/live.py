"""Both doors on a real port, for tests that drive a browser: tenants at `/`, staff at `/staff/`. SQLite, real clock."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from tenant_app.accounts.entry import Visit
from tenant_app.accounts.gate import COOKIES
from tenant_app.accounts.models import Person, Worker
from tenant_app.database import Database
from tenant_app.settings import Settings
from tests.cast import Cast
from tests.standing import translated


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the name is werkzeug's
        """Say nothing; what a test needs to know it asks."""


def serve(server: BaseWSGIServer) -> None:
    """Let it answer until it is shut down, which the usual half a second between two looks would make to wait for."""
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()


class Live:
    """The site as a browser finds it."""

    def __init__(self, database: Database, instance: Path, **settings: Any) -> None:
        from tenant_app.site import open_site

        self.database = database
        self.cast = Cast.gather(database)
        self._refused: set[str] = set()
        self._flowing = threading.Event()
        self._flowing.set()
        self._server = self._listen(0)
        self.port: int = self._server.port
        self.base_url = f"http://localhost:{self.port}"
        given = {"vapid_contact": "mailto:it@wrenfield.org.uk", **settings}
        self.settings = Settings(
            instance=instance, database_url=str(database.engine.url), tenant_url=self.base_url,
            staff_url=f"{self.base_url}/staff", **given,
        )  # fmt: skip
        self._site: Any = open_site(self.settings)
        self.come_back()

    def sign_in(self, context: BrowserContext, person: Person, *, shared: bool = False) -> None:
        """Make this browser context the person's phone, or the worker's desk; it may be both at once."""
        door = "staff" if isinstance(person, Worker) else "tenant"
        with self.database.step() as session:
            known = session.get_one(type(person), person.id)
            visit, secret = Visit.begin(known, door, device="Chrome, Linux", shared=shared)
            session.add(visit)
        path = "/staff" if door == "staff" else "/"
        context.add_cookies([{"name": COOKIES[door], "value": secret, "domain": "localhost", "path": path}])

    def go_away(self) -> None:
        """Stop answering: connections are refused, as with no signal."""
        self._server.shutdown()
        self._server.server_close()

    def come_back(self) -> None:
        """Answer again, at the same address."""
        if self._server.fileno() == -1:
            self._server = self._listen(self.port)
        serve(self._server)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Take requests and answer none of them until the block ends: a signal that is nearly none."""
        self._flowing.clear()
        try:
            yield
        finally:
            self._flowing.set()

    def refuse(self, path: str) -> None:
        """Answer 404 at this path from now on, as a release would that has no such page."""
        self._refused.add(path)

    def refuse_no_more(self, path: str) -> None:
        """Answer at this path again."""
        self._refused.discard(path)

    def close(self) -> None:
        """Stop for good."""
        self._flowing.set()
        if self._server.fileno() != -1:
            self.go_away()
        for door in self._doors:
            door.extensions["homeward"].database.close()

    @property
    def _doors(self) -> list[Flask]:
        return [self._site.app, *self._site.mounts.values()]

    def _listen(self, port: int) -> BaseWSGIServer:
        return make_server("127.0.0.1", port, self._answer, threaded=True, request_handler=_Quiet)

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self._flowing.wait()
        if environ["PATH_INFO"] in self._refused:
            start_response("404 Not Found", [("Content-Length", "0")])
            return []
        answer: Iterable[bytes] = self._site(environ, start_response)
        return answer


@pytest.fixture
def live_settings() -> dict[str, Any]:
    """What a test module sets differently, by overriding this: fields of `Settings`."""
    return {}


@pytest.fixture
def live(
    sqlite_template: Path, tmp_path: Path, compiled_catalogues: Path, live_settings: dict[str, Any]
) -> Iterator[Live]:
    """Both doors on a port of this machine, with the cast in an SQLite file of this test."""
    path = tmp_path / "homeward.sqlite"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    opened = Live(database, translated(tmp_path, compiled_catalogues), **live_settings)
    yield opened
    opened.close()
    database.close()
