"""`python -m tests`: everything that is checked, on a machine that it prepares itself.

It finds or installs Chromium and a private PostgreSQL, runs ruff, mypy and import-linter, then pytest on
every core. A missing part or a skipped test is a failure, and what is missing is named with the command that
mends it. Other arguments go to pytest; where they name paths, only pytest runs.
"""

import argparse
import importlib.util
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

INSTALL = f"{sys.executable} -m pip install -e '.[test]'"
try:
    from tests.machine import chromium, fonts, memory, postgres, postgres_programs
    from tests.machine.packages import MissingPart
except ModuleNotFoundError as missing:
    sys.exit(f"{missing.name} is not installed.\nTo mend it: {INSTALL}")

ROOT = Path(__file__).resolve().parents[1]
IN_TURN = "In turn: pages on one of both databases and in one language each. All on all: python -m tests --every"
NOT_THE_WHOLE = "NOT THE WHOLE SUITE: --quick leaves out every journey in the browser."
# pytest's options whose value follows as a word of its own, which might look like a path.
TAKE_A_VALUE = {"-k", "-m", "-n", "-p", "-o", "-c", "-W", "-r"}
RUN_LINTER = "from importlinter.cli import lint_imports_command as run; run()"
CHECKS: dict[str, tuple[str, list[str]]] = {
    # as a person would type it: (the module it needs, what follows `python`)
    "ruff check .": ("ruff", ["-m", "ruff", "check", "."]),
    "mypy tenant_app staff_portal": ("mypy", ["-m", "mypy", "tenant_app", "staff_portal"]),
    "lint-imports": ("importlinter", ["-c", RUN_LINTER]),
}


class Summary:
    """What was done, in order, and how each part went."""

    def __init__(self) -> None:
        self.parts: list[tuple[str, str | None]] = []

    def add(self, name: str, mend: str | None = None) -> None:
        """Note a part that went well, or one that failed with what mends it."""
        self.parts.append((name, mend))

    @property
    def failed(self) -> bool:
        """Whether any part failed."""
        return any(mend is not None for _, mend in self.parts)

    def show(self) -> None:
        """Print the closing lines."""
        say("Summary")
        for name, mend in self.parts:
            print(f"   ok      {name}" if mend is None else f"   FAILED  {name}: {mend}")
        print(
            "Something failed; see above." if self.failed else "Everything that was run passed.", flush=True
        )


def main(arguments: Sequence[str]) -> int:
    """Run it all. Returns the exit status: 0 only where every part passed and no test was skipped."""
    parser = argparse.ArgumentParser(prog="python -m tests", description=__doc__, allow_abbrev=False)
    parser.add_argument("--quick", action="store_true", help="leave out the journeys in the browser")
    parser.add_argument("--every", action="store_true", help="every page on both databases and in every language")
    known, for_pytest = parser.parse_known_args(arguments)
    in_turn = not known.every and not names_paths(for_pytest)
    if known.quick:
        say(NOT_THE_WHOLE)
    if in_turn:
        say(IN_TURN)
    summary = Summary()
    with ExitStack() as machine:
        if not known.quick:
            prepare(summary, "Chromium", ready_chromium)
        prepare(summary, "PostgreSQL", lambda: ready_postgres(machine))
        print(f"   databases of single tests in {memory.ensure()}", flush=True)
        ready = not summary.failed
        if not names_paths(for_pytest):
            for name, (module, command) in CHECKS.items():
                check(summary, name, module, command)
        if ready:
            command = pytest_command(for_pytest, quick=known.quick, in_turn=in_turn)
            check(summary, " ".join(command[1:]), "pytest", command)
        else:
            summary.add("pytest", "not run, because a part of the machine is missing")
    summary.show()
    if known.quick:
        print(NOT_THE_WHOLE, flush=True)
    return 1 if summary.failed else 0


def prepare(summary: Summary, name: str, ready: Callable[[], str]) -> None:
    """Make one part of the machine ready and say which it is, or note what mends it."""
    say(f"{name}: finding it, or installing it")
    try:
        print(f"   {ready()}", flush=True)
    except MissingPart as missing:
        print(f"   {missing}", flush=True)
        summary.add(name, missing.mend)
    else:
        summary.add(name)


def ready_chromium() -> str:
    """See that pages can be drawn, and tell pytest's processes with what. Raises `MissingPart`."""
    fonts.ensure()
    browser = chromium.ensure()
    os.environ[chromium.CHOSEN] = str(browser)
    return str(browser)


def ready_postgres(machine: ExitStack) -> str:
    """Start the one server of this run, to be stopped with `machine`, and tell pytest's processes where.

    Raises `MissingPart`.
    """
    server = machine.enter_context(postgres.PrivatePostgres())
    os.environ[postgres.ADDRESS] = server.url()
    os.environ[postgres_programs.CHOSEN] = str(server.programs.folder)
    return f"version {server.programs.version} from {server.programs.folder}, on port {server.port}"


def check(summary: Summary, name: str, module: str, command: list[str]) -> None:
    """Run one tool with this Python, showing its output, and note how it went."""
    say(name)
    if importlib.util.find_spec(module) is None:
        print(f"   {module} is not installed.\n   To mend it: {INSTALL}", flush=True)
        summary.add(name, INSTALL)
        return
    status = run([sys.executable, *command])
    summary.add(name, None if status == 0 else f"exit status {status}; its words are above")


def run(command: list[str]) -> int:
    """Run a command in the project's folder. Told to stop, it closes down before the machine goes."""
    with subprocess.Popen(command, cwd=ROOT) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:  # the terminal has told the command as well
            process.wait()
            raise
        except SystemExit:
            process.send_signal(signal.SIGINT)
            process.wait()
            raise


def pytest_command(extra: list[str], *, quick: bool, in_turn: bool) -> list[str]:
    """pytest on every core, refusing skips, with the person's own arguments last so that theirs win."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    selection = ["-m", "not browser"] if quick else []
    return [
        *("-m", "pytest", "-p", "tests.machine.no_skips", "-n", str(cores), "--dist", "loadgroup"),
        *(("-p", "tests.machine.turn_about") if in_turn else ()),
        *selection,
        *extra,
    ]


def names_paths(arguments: Sequence[str]) -> bool:
    """Whether any of pytest's arguments is a path or a test's address."""
    before = ["", *arguments]
    words = [word for previous, word in zip(before, arguments, strict=False) if previous not in TAKE_A_VALUE]
    return any(not word.startswith("-") and (ROOT / word.split("::")[0]).exists() for word in words)


def say(what: str) -> None:
    """One step's heading. Flushed, or it would appear after the output of the command it announces."""
    print(f"\n== {what}", flush=True)


if __name__ == "__main__":
    # A polite kill must stop the server too: as an exception it passes through every `with` on its way out.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
