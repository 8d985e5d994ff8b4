"""A PostgreSQL of the tests' own: in a throwaway folder, shared by every test process, gone at the end.

A session has one server. `python -m tests` starts it; a plain `pytest` starts its own, by `for_session`.
Either way its address is in `HOMEWARD_TEST_POSTGRES`, which worker processes inherit.
"""

import atexit
import base64
import ctypes
import hashlib
import hmac
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

import psycopg
import pytest
from sqlalchemy import URL

from tests.machine import postgres_place, postgres_programs
from tests.machine.databases import drop_database, fresh_database, libpq_address, template_database
from tests.machine.packages import MissingPart
from tests.machine.postgres_programs import Programs

__all__ = ["PrivatePostgres", "drop_database", "for_session", "fresh_database", "template_database"]

SUPERUSER = "homeward"
ADDRESS = "HOMEWARD_TEST_POSTGRES"
SECONDS_TO_START = 60
SECONDS_TO_STOP = 30
SETTINGS = {
    # Throwaway data: nothing is worth waiting for the disk. A test of durability turns these on again.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "listen_addresses": "127.0.0.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class PrivatePostgres:
    """One throwaway server on a free loopback port and a Unix socket, with a password of its own.

    Use it as a context manager, or by `start()` and `stop()`. `settings` are server settings laid over
    `SETTINGS`, as in `PrivatePostgres(fsync="on")`. Making or starting it raises `MissingPart` where the
    machine lacks a part.
    """

    def __init__(self, programs: Programs | None = None, **settings: str) -> None:
        self.programs = programs or postgres_programs.ensure()
        self.settings = {**SETTINGS, **settings}
        self.folder: Path | None = None
        self.port = 0
        self._runnable = self.programs
        self._password = secrets.token_urlsafe(24)
        self._mark: TextIO | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = os.getpid()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *unused: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()

    def url(self, database: str = "postgres") -> str:
        """The SQLAlchemy address of one of its databases, as its superuser; a `halt()` does not change it."""
        where = ("127.0.0.1", self.port, database)
        address = URL.create("postgresql+psycopg", SUPERUSER, self._password, *where)
        return address.render_as_string(hide_password=False)

    def start(self) -> None:
        """Start the server and wait until it answers: on new, empty data, or after a `halt()` on the old."""
        if self._process is not None:
            return
        self._owner = os.getpid()
        atexit.register(self.stop)
        try:
            if self.folder is None:
                self._lay_out()
                self._launch_on_a_free_port()
            else:
                self._launch()
        except BaseException:
            self.stop()
            raise

    def halt(self, how: signal.Signals = signal.SIGINT) -> None:
        """End the server but keep its data and address, so that `start()` brings it back.

        SIGINT closes it in order; SIGQUIT is a crash, after which the server recovers from its log.
        """
        if self._process is None or not self._is_ours():
            return
        self._process.send_signal(how)
        try:
            self._process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(SECONDS_TO_STOP)
        self._process = None

    def stop(self) -> None:
        """End the server and remove its folder. Harmless when it is already gone."""
        if not self._is_ours():
            return
        self.halt()
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = None
        if self._mark is not None:
            self._mark.close()
            self._mark = None
        atexit.unregister(self.stop)

    def log(self) -> str:
        """Everything the server has said since its folder was made."""
        path = self.folder / "log" if self.folder else None
        return path.read_text(errors="replace") if path and path.exists() else ""

    def _is_ours(self) -> bool:
        return os.getpid() == self._owner  # a forked child must not end its parent's server

    def _lay_out(self) -> None:
        must_copy = postgres_place.must_copy(self.programs)
        self.folder, self._mark = postgres_place.new_folder(runs_programs=must_copy)
        if must_copy:
            self._runnable = postgres_place.copied(self.programs, self.folder)
        account = postgres_place.account()
        secret = self.folder / "secret"
        secret.write_text(_scram_secret(self._password))
        if account:
            for path in (self.folder, secret):
                os.chown(path, account.pw_uid, account.pw_gid)
        made = subprocess.run(
            [
                self._runnable.path("initdb"),
                *("--pgdata", str(self.folder / "data"), "--username", SUPERUSER),
                *("--pwfile", str(secret), "--auth", "scram-sha-256", "--encoding", "UTF8"),
                *_locale(self.programs.version),
                *("--no-sync", "--no-instructions"),
            ],
            capture_output=True,
            text=True,
            check=False,
            **self._as_its_account(),
        )
        secret.unlink()
        if made.returncode:
            what = f"initdb of {self.programs.folder} failed:\n{made.stdout}{made.stderr}"
            raise MissingPart(what, postgres_programs.MEND)

    def _launch_on_a_free_port(self) -> None:
        for last_try in (False, False, True):
            self.port = _free_port()
            try:
                self._launch()
                break
            except MissingPart:
                # Between our look and the server's start, anything may have taken the port.
                if last_try or "Address already in use" not in self.log():
                    raise
                self._process = None

    def _launch(self) -> None:
        assert self.folder is not None
        settings = {**self.settings, "port": str(self.port), "unix_socket_directories": str(self.folder)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._runnable.path("postgres"), "-D", str(self.folder / "data"), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the tests, which need the server while they stop
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
                **self._as_its_account(),
            )
        deadline = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                what = f"PostgreSQL {self.programs.version} did not start. It said:\n{self.log()}"
                raise MissingPart(what, postgres_programs.MEND)
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            psycopg.connect(libpq_address(self.url()), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _as_its_account(self) -> dict[str, Any]:
        """How to start its programs: in its own folder, deaf to the person's PG* variables, never as root."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        options: dict[str, Any] = {"cwd": self.folder, "env": environment, "umask": 0o077}
        account = postgres_place.account()
        if account:
            options |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        return options


def for_session(config: pytest.Config) -> str:
    """The address of the test session's server, as its superuser, on the database `postgres`.

    The first call in a session without `HOMEWARD_TEST_POSTGRES` starts the server, sets that variable and has
    pytest stop it at the end; every other call reads the variable. pytest-xdist's workers inherit it, so with
    them the first call must come from the controller's `pytest_configure`, as `tests.machine.plugin` does.
    Raises `MissingPart` where there is no PostgreSQL, `RuntimeError` when a worker finds no server.
    """
    if ADDRESS in os.environ:
        return os.environ[ADDRESS]
    if hasattr(config, "workerinput"):
        raise RuntimeError("The controller's pytest_configure must call postgres.for_session(config) first.")
    server = PrivatePostgres()
    server.start()
    os.environ[ADDRESS] = server.url()

    def end() -> None:
        os.environ.pop(ADDRESS, None)
        server.stop()

    config.add_cleanup(end)
    return server.url()


def _locale(version: int) -> tuple[str, ...]:
    """Sorting by code point, the same on every machine, and letter case for every language."""
    if version >= 17:
        return ("--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8")
    return ("--locale", "C.UTF-8")


def _scram_secret(password: str) -> str:
    """What PostgreSQL stores for a password (RFC 5803), with one round of hashing instead of 4,096.

    The rounds protect a guessable password. This one is random, and they would cost every connection 10 ms.
    """
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, iterations=1)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    salt_text, stored_text, server_text = (base64.b64encode(part).decode() for part in (salt, stored, server))
    return f"SCRAM-SHA-256$1:{salt_text}${stored_text}:{server_text}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _end_with_parent() -> None:
    """Ask Linux to end the server once the thread that started it is gone, as when our process is killed."""
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGINT)
