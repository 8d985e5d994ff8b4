"""What makes the tests quick takes nothing from what they prove: throwaway files, room in memory, tests that share a process."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tenant_app.database import Database
from tests.machine import memory
from tests.machine.test_machine import ROOT, pytest_in


def test_sqlite_does_not_wait_for_the_disk_either_but_where_tenants_write_it_does(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'homeward.sqlite'}"
    asking = "from tenant_app.database import open_engine; import sys; raw = open_engine(sys.argv[1]).raw_connection(); "
    asking += "print(*raw.cursor().execute('PRAGMA synchronous').fetchone())"
    there = subprocess.run([sys.executable, "-c", asking, address], cwd=ROOT, capture_output=True, text=True, check=True)
    database = Database(address)
    with database.engine.connect() as connection:
        here = connection.exec_driver_sql("PRAGMA synchronous").scalar_one()
    database.close()
    assert (here, int(there.stdout)) == (0, 2)


def test_tests_write_to_memory_where_there_is_enough_of_it_and_nobody_chose_otherwise(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(memory.CHOSEN, "what stands there afterwards is what stood there before")
    monkeypatch.delenv(memory.CHOSEN)
    monkeypatch.setattr(memory, "ENOUGH", 2**60)
    assert memory.ensure(tmp_path) == "the usual temporary folder"
    monkeypatch.setattr(memory, "ENOUGH", 0)
    assert memory.ensure(tmp_path / "missing") == "the usual temporary folder"
    assert memory.ensure(tmp_path) == str(tmp_path) == os.environ[memory.CHOSEN]
    assert memory.ensure(tmp_path.parent) == str(tmp_path)


def test_tests_of_one_group_run_in_one_process(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("from tests.machine.plugin import pytest_collection_finish\n")
    (tmp_path / "test_grouped.py").write_text(
        "import pytest\npytestmark = pytest.mark.xdist_group('one')\n"
        "@pytest.mark.parametrize('number', range(6))\ndef test_it(number, worker_id): print('ran in', worker_id)\n"
    )
    ran = pytest_in(tmp_path, "-n", "2", "--dist", "loadgroup", "-rP")
    assert "6 passed" in ran.stdout
    assert len(set(re.findall(r"ran in (\w+)", ran.stdout))) == 1
