"""Long files, and what the command prints of them."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from tenant_app.cli import main
from tenant_app.database import Database
from tenant_app.rent.importing.columns import example_of
from tenant_app.rent.importing.files import open_file
from tenant_app.rent.importing.kinds import Kind
from tenant_app.rent.importing.running import Totals, check_file
from tenant_app.rent.models import RentAccount, RentEntry
from tests.rent.conftest import LONDON, Send
from tests.rent.sending import HEAD, paid, table


def test_questions_grow_with_batches_and_not_with_rows(
    database: Database, account: RentAccount, send: Send
) -> None:
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    counts = []
    for turn, many in enumerate((10, 10, 400)):
        asked.clear()
        send(table(*[paid("0.01", reference=f"{turn}-{number}") for number in range(many)]))
        counts.append(len(asked))

    assert counts[1] == counts[2]


def test_a_long_file_is_never_held_whole(database: Database, account: RentAccount, tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        path = tmp_path / f"{rows}.csv"
        with path.open("w") as out:
            out.write(",".join(HEAD) + "\n")
            out.writelines(f"WH 0042,26/11/2026,payment,x,,{number}\n" for number in range(rows))
        tracemalloc.start()
        with path.open("rb") as file:
            totals = check_file(database, open_file(file), LONDON, lambda problem: None)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert totals == Totals(0, 0, rows)
        return most

    peak(100)
    assert peak(10_000) < 2 * peak(1_000)


class TestByCommand:
    @pytest.fixture
    def place(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setenv("HOMEWARD_INSTANCE", str(tmp_path / "instance"))
        monkeypatch.setenv("HOMEWARD_VAPID_CONTACT", "mailto:it@wrenfield.org.uk")
        monkeypatch.setattr("tenant_app.cli._tables_missing", lambda settings: False)
        return tmp_path / "rent.csv"

    @pytest.fixture(autouse=True)
    def same_house(self, database_url: str, account: RentAccount, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATABASE_URL", database_url)

    def test_it_prints_what_became_of_the_rows(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        place.write_bytes(table(*[paid() for _ in range(1204)]))
        assert main(["import", "rent", str(place)]) == 0
        assert capsys.readouterr().out.endswith("1,204 new, 0 known already, 0 refused\n")
        place.write_bytes(table(*[paid() for _ in range(1204)], paid("x")))
        assert main(["import", "rent", str(place)]) == 1
        said = capsys.readouterr().out
        assert "Line 1206: “x” in Transaction Amount is no sum." in said
        assert said.endswith("0 new, 1,204 known already, 1 refused\n")

    def test_a_check_says_that_nothing_was_written(
        self, place: Path, database: Database, capsys: pytest.CaptureFixture[str]
    ) -> None:
        place.write_bytes(table(paid()))
        assert main(["import", "rent", str(place), "--check"]) == 0
        assert "1 new, 0 known already, 0 refused\nNothing was written" in capsys.readouterr().out
        with database.session() as session:
            assert session.scalar(select(func.count()).select_from(RentEntry)) == 0

    def test_what_cannot_be_read_ends_with_what_to_do(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        place.write_bytes(b"")
        assert main(["import", "rent", str(place)]) == 1
        assert "The file is empty.\nNothing was imported." in capsys.readouterr().out
        assert main(["import", "rent", str(place / "nowhere")]) == 1

    def test_the_columns_are_printed(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["import", "rent", "--columns"]) == 0
        assert example_of(Kind.TRANSACTIONS).splitlines()[0] in capsys.readouterr().out
        with pytest.raises(SystemExit):
            main(["import", "rent"])
