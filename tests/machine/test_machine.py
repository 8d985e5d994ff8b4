"""The machine keeps its promises: a private server that comes and goes, a browser, no silent skip."""

import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Page

from tests import __main__ as whole
from tests.machine import chromium, databases, fonts, postgres_programs
from tests.machine.packages import MissingPart
from tests.machine.postgres import (
    ADDRESS,
    SECONDS_TO_STOP,
    PrivatePostgres,
    drop_database,
    fresh_database,
    template_database,
)

ROOT = Path(__file__).parents[2]
PLUGIN = 'pytest_plugins = ["tests.machine.plugin"]\n'


@pytest.fixture(scope="module")
def server() -> Iterator[PrivatePostgres]:
    """A server of this module's own, so that halting it disturbs no other test."""
    with PrivatePostgres() as server:
        yield server


def asked(url: str, statement: str) -> object:
    """The first value that a statement answers with, if it answers with rows."""
    with psycopg.connect(databases.libpq_address(url), autocommit=True) as connection:
        cursor = connection.execute(statement)
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def pytest_in(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A session of its own, without the server of the session that runs this test."""
    ours = ("HOMEWARD_", "PYTEST_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment["PYTHONPATH"] = str(ROOT)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_server_sorts_the_same_everywhere_and_knows_every_letter(server: PrivatePostgres) -> None:
    letters = "unnest(ARRAY['b', 'ä', 'A', 'a', 'B']) AS letter"
    assert asked(server.url(), f"SELECT string_agg(letter, '' ORDER BY letter) FROM {letters}") == "ABabä"
    assert asked(server.url(), "SELECT lower('ŻÉŞ')") == "żéş"
    assert asked(server.url(), "SHOW server_encoding") == "UTF8"
    assert asked(server.url(), "SHOW timezone") == "UTC"


def test_the_server_does_not_wait_for_the_disk_and_listens_on_loopback_only(server: PrivatePostgres) -> None:
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        assert asked(server.url(), f"SHOW {setting}") == "off"
    assert asked(server.url(), "SHOW listen_addresses") == "127.0.0.1"


def test_another_person_on_this_machine_cannot_get_in_without_the_password(server: PrivatePostgres) -> None:
    address = databases.libpq_address(server.url()).replace(f":{server._password}@", ":guessed@")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(address)


def test_a_halted_server_comes_back_with_its_data_at_the_same_address(server: PrivatePostgres) -> None:
    address = fresh_database(server.url(), "kept")
    asked(address, "CREATE TABLE tenant AS SELECT 'Amina' AS name")
    for how in (signal.SIGINT, signal.SIGQUIT):
        server.halt(how)
        with pytest.raises(psycopg.OperationalError):
            asked(address, "SELECT 1")
        server.start()
    assert asked(address, "SELECT name FROM tenant") == "Amina"


def test_a_stopped_server_leaves_no_process_and_no_folder() -> None:
    server = PrivatePostgres()
    server.start()
    process, folder = server._process, server.folder
    assert process is not None
    assert folder is not None
    server.stop()
    assert process.poll() is not None
    assert not folder.exists()
    server.stop()


if sys.platform == "linux":  # elsewhere nothing tells a server that its session was killed

    def test_a_killed_session_takes_its_server_along_and_the_next_one_tidies_up(
        server: PrivatePostgres,
    ) -> None:
        start = (
            "from tests.machine.postgres import PrivatePostgres; server = PrivatePostgres(); server.start(); "
        )
        tell = "print(server.folder, server._process.pid, flush=True); input()"
        command = [sys.executable, "-c", start + tell]
        session = subprocess.Popen(
            command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert session.stdout is not None
        folder, number = session.stdout.readline().split()
        ending = os.pidfd_open(int(number))
        session.kill()
        session.communicate()
        ended, _, _ = select.select([ending], [], [], SECONDS_TO_STOP)
        os.close(ending)
        assert ended
        with PrivatePostgres():
            assert not Path(folder).exists()
        assert asked(server.url(), "SELECT 1") == 1, "a server in use was tidied away"


def test_a_fresh_database_is_a_copy_of_its_template_and_replaces_an_old_one(server: PrivatePostgres) -> None:
    filled = []

    def fill(address: str) -> None:
        filled.append(address)
        asked(address, "CREATE TABLE tenant AS SELECT 'Tomasz' AS name")

    for _ in range(2):
        template = template_database(server.url(), "homeward_template", fill)
    assert len(filled) == 1
    address = fresh_database(server.url(), "gw0", template)
    asked(address, "DELETE FROM tenant")
    address = fresh_database(server.url(), "gw0", template)
    assert asked(address, "SELECT name FROM tenant") == "Tomasz"


def test_a_template_whose_filling_failed_is_made_again(server: PrivatePostgres) -> None:
    def fail(address: str) -> None:
        asked(address, "CREATE TABLE half_done AS SELECT 1 AS one")
        raise LookupError("no such migration")

    with pytest.raises(LookupError):
        template_database(server.url(), "second_try", fail)
    template_database(server.url(), "second_try", lambda address: None)
    address = fresh_database(server.url(), "gw1", "second_try")
    assert asked(address, "SELECT to_regclass('half_done')") is None


def test_a_database_is_dropped_under_an_open_connection_and_dropping_it_again_is_harmless(
    server: PrivatePostgres,
) -> None:
    address = fresh_database(server.url(), "gone")
    with psycopg.connect(databases.libpq_address(address)):
        drop_database(server.url(), "gone")
    drop_database(server.url(), "gone")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        asked(address, "SELECT 1")


@pytest.mark.browser
def test_a_session_with_workers_shares_one_server_and_stops_it(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(PLUGIN)
    (tmp_path / "test_shared.py").write_text(
        "import os, pathlib\n"
        "def test_it(postgres_address):\n"
        f"    assert os.environ[{ADDRESS!r}] == postgres_address\n"
        f"    pathlib.Path({str(tmp_path / 'address')!r}).write_text(postgres_address)\n"
        "def test_page(page):\n"
        "    assert page.evaluate(\"matchMedia('(prefers-reduced-motion: reduce)').matches\")\n"
    )
    ran = pytest_in(tmp_path, "-n", "1")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    with pytest.raises(psycopg.OperationalError, match="refused"):
        asked((tmp_path / "address").read_text(), "SELECT 1")


def test_chosen_programs_that_do_not_run_are_an_error_and_not_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(postgres_programs.CHOSEN, str(tmp_path))
    with pytest.raises(MissingPart, match="unset HOMEWARD_POSTGRES_BIN"):
        postgres_programs.ensure()
    monkeypatch.setenv(chromium.CHOSEN, str(tmp_path / "chromium"))
    with pytest.raises(MissingPart, match="unset HOMEWARD_CHROMIUM"):
        chromium.ensure()


def test_a_missing_browser_is_told_with_the_command_that_mends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(chromium.CHOSEN, raising=False)
    monkeypatch.setattr(chromium, "COMMANDS", ("no-such-browser",))
    monkeypatch.setattr(chromium, "MAC_APPLICATIONS", ())
    monkeypatch.setattr(chromium, "PLAYWRIGHTS_OWN", "raise SystemExit(1)")
    with pytest.raises(MissingPart, match="install"):
        chromium.find()


@pytest.mark.browser
def test_the_browser_starts_and_draws_arabic_letters_as_letters(page: Page) -> None:
    assert sys.platform == "darwin" or fonts.arabic()
    page.set_content("<p lang=ar dir=rtl>مرحبا</p>")
    assert page.inner_text("p") == "مرحبا"


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "with workers"])
def test_tests_that_prove_nothing_fail_the_run_and_are_named(
    tmp_path: Path, workers: tuple[str, ...]
) -> None:
    (tmp_path / "test_sound.py").write_text("def test_sound(): pass\n")
    (tmp_path / "test_module.py").write_text("import pytest\npytest.importorskip('no_such_library')\n")
    (tmp_path / "test_single.py").write_text(
        "import pytest\n"
        "def test_skipped(): pytest.skip('no browser here')\n"
        "@pytest.mark.xfail(reason='one day')\ndef test_failing(): assert False\n"
        "@pytest.mark.xfail(reason='one day')\ndef test_working(): pass\n"
    )
    ran = pytest_in(tmp_path, "-p", "tests.machine.no_skips", *workers)
    assert ran.returncode == pytest.ExitCode.TESTS_FAILED
    named = ran.stdout.partition("not checked, which counts as failed")[2]
    for test in ("test_module.py", "test_skipped", "test_failing", "test_working"):
        assert test in named
    assert "test_sound" not in named
    assert "1 passed" in ran.stdout.strip().splitlines()[-1]


def test_a_run_in_which_everything_is_checked_passes(tmp_path: Path) -> None:
    (tmp_path / "test_sample.py").write_text("def test_sound(): pass\n")
    assert pytest_in(tmp_path, "-p", "tests.machine.no_skips").returncode == 0


def test_arguments_that_name_paths_are_told_from_those_that_do_not() -> None:
    assert whole.names_paths(["-x", "tests/machine"])
    assert whole.names_paths(["tests/machine/test_machine.py::test_it"])
    assert not whole.names_paths(["-x", "-k", "tests", "--maxfail=1"])
    assert not whole.names_paths([])


PAGES = """import pytest

@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request): return request.param

@pytest.fixture
def staff_door(backend): pass

@pytest.mark.parametrize("name", [str(number) for number in range(20)])
def test_page(staff_door, name, backend): pass

def test_rule(backend): pass

@pytest.mark.parametrize("backend", ["sqlite"])
def test_page_of_one(staff_door, backend): pass
"""


def test_in_turn_each_page_is_tried_on_one_database_and_each_rule_on_both(tmp_path: Path) -> None:
    (tmp_path / "test_pages.py").write_text(PAGES)
    runs = [pytest_in(tmp_path, "-v", "-p", "tests.machine.turn_about") for _ in range(2)]
    tried = [sorted(set(re.findall(r"::(\S+) PASSED", ran.stdout))) for ran in runs]

    pages = [name.removeprefix("test_page[").removesuffix("]").split("-") for name in tried[0] if "test_page[" in name]
    assert sorted((set(page) - {"sqlite", "postgresql"}).pop() for page in pages) == sorted(map(str, range(20)))
    assert {backend for page in pages for backend in page} >= {"sqlite", "postgresql"}
    rest = [name for name in tried[0] if "test_page[" not in name]
    assert rest == ["test_page_of_one[sqlite]", "test_rule[postgresql]", "test_rule[sqlite]"]
    assert tried[0] == tried[1], "the same in every run"
