"""The command `homeward`: it says in plain words what is wrong, and what it sets up works."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tenant_app.cli import main
from tenant_app.keys import open_keys


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> Path:
    """An instance folder with nothing in it, and a contact that push services accept. The database has its tables,
    but nobody said which release they are of."""
    monkeypatch.setenv("HOMEWARD_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("HOMEWARD_VAPID_CONTACT", "mailto:it@wrenfield.org.uk")
    return tmp_path / "instance"


@pytest.fixture
def ready(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'own.sqlite'}")
    assert main(["setup"]) == 0
    return place


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
class TestOnOneMachine:
    def test_after_setup_all_is_well(self, ready: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["check"]) == 0
        assert "All is well." in capsys.readouterr().out

    def test_before_setup_it_says_what_to_run(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["check"]) == 1
        assert "Run: homeward setup" in capsys.readouterr().out

    @pytest.mark.parametrize("contact", ["", "it@wrenfield.org.uk", "mailto:root@localhost", "http://wrenfield.org.uk"])
    def test_a_contact_that_push_services_refuse_is_named(
        self, ready: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], contact: str
    ) -> None:
        monkeypatch.setenv("HOMEWARD_VAPID_CONTACT", contact)

        assert main(["check"]) == 1
        assert "HOMEWARD_VAPID_CONTACT" in capsys.readouterr().out

    def test_a_missing_key_is_named(self, ready: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (ready / "keys" / "vapid").unlink()

        assert main(["check"]) == 1
        assert "vapid" in capsys.readouterr().out

    def test_a_key_that_others_may_read_is_named(self, ready: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (ready / "keys" / "seal").chmod(0o644)

        assert main(["check"]) == 1
        assert "“seal”" in capsys.readouterr().out

    def test_a_database_that_does_not_answer_is_named(
        self, ready: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nowhere")

        assert main(["check"]) == 1
        assert "The database cannot be reached" in capsys.readouterr().out

    def test_a_language_without_words_is_named(
        self, ready: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("HOMEWARD_LANGUAGES", "en,xx")

        assert main(["check"]) == 1
        assert "'xx'" in capsys.readouterr().out

    def test_a_setting_that_makes_no_sense_is_named(
        self, ready: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("HOMEWARD_ZONE", "Europe/Hackney")

        assert main(["check"]) == 2
        assert "HOMEWARD_ZONE" in capsys.readouterr().err

    def test_the_doors_stay_shut_without_tables(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["serve"]) == 1
        assert main(["worker", "--once"]) == 1
        assert "Run: homeward setup" in capsys.readouterr().err

    def test_keys_are_the_owners_alone_and_stay_the_same(self, ready: Path) -> None:
        first = open_keys(ready)

        modes = {stat.S_IMODE(path.stat().st_mode) for path in (ready / "keys").iterdir()}
        assert modes == {0o600}
        assert stat.S_IMODE((ready / "keys").stat().st_mode) == 0o700
        assert open_keys(ready) == first
        assert len({first.tenant_cookies, first.staff_cookies, first.seal, first.vapid}) == 4

    def test_a_worker_does_what_is_due_and_stops(self, ready: Path) -> None:
        assert main(["worker", "--once"]) == 0
