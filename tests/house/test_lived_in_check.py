"""A lived-in house stands up to the operator's own check, as a command of its own sees it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import text

from tests.lived_in import LivedIn

ROOT = Path(__file__).parents[2]


def check(lived_in: LivedIn) -> str:
    """What `homeward check` says in a process that has seen nothing of the house yet."""
    here = {
        **os.environ, "HOMEWARD_INSTANCE": str(lived_in.settings.instance), "DATABASE_URL": lived_in.settings.database,
        "HOMEWARD_VAPID_CONTACT": "mailto:it@wrenfield.org.uk",
    }  # fmt: skip
    command = [sys.executable, "-m", "tenant_app.cli", "check"]
    return subprocess.run(command, cwd=ROOT, env=here, capture_output=True, text=True, check=False).stdout


def test_every_reading_of_the_demo_stands_in_an_unbroken_chain(lived_in: LivedIn) -> None:
    with lived_in.database.session() as session:
        assert (session.scalar(text("SELECT count(*) FROM look WHERE override_id IS NOT NULL")) or 0) > 0

    assert "All is well." in check(lived_in)
