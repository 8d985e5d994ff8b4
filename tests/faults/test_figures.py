"""What a run prints, and what it says by its exit status."""

from __future__ import annotations

import json
import math
import sys
from types import ModuleType

import pytest

from tenant_app.reminders import answers, push
from tests.faults import guards
from tests.faults.__main__ import RUNS, main
from tests.figures import at_least, at_most, percentile, report, show


def test_one_broken_budget_breaks_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    budgets = {"lost": at_most(0, 0), "control": at_least(3, 1)}
    assert show(report("S0", 1, {"lost": 0}, budgets), as_json=True) == 0
    assert show(report("S0", 1, {"lost": 0}, {**budgets, "late": at_most(31.0, 30.0)}), as_json=True) == 1

    good, bad = (json.loads(line) for line in capsys.readouterr().out.splitlines())

    assert (good["holds"], bad["holds"]) == (True, False)
    assert bad["budgets"]["late"] == {"figure": 31.0, "limit": 30.0, "holds": False, "limit_is": "most"}
    assert {"name", "versions", "rounds", "figures", "budgets", "holds"} == set(good)
    assert {"python", "sqlalchemy", "cpus", "load_at_start", "memory_mb"} <= set(good["versions"])


def test_a_figure_that_was_never_taken_holds_no_budget(capsys: pytest.CaptureFixture[str]) -> None:
    found = report("S0", 1, {"p99": math.nan, "last": math.inf}, {"p99": at_most(percentile([], 0.99), 30)})

    assert show(found, as_json=True) == 1
    assert json.loads(capsys.readouterr().out)["figures"] == {"p99": None, "last": None}


def test_the_table_says_which_budget_is_broken(capsys: pytest.CaptureFixture[str]) -> None:
    show(report("S0", 3, {"lost": 2}, {"lost": at_most(2, 0), "kills": at_least(9, 4)}), as_json=False)

    out = capsys.readouterr().out
    assert "BROKEN  2 (at most 0)" in out
    assert "holds   9 (at least 4)" in out


def test_percentiles_are_values_that_were_measured() -> None:
    hundred = [float(number) for number in range(1, 101)]
    assert [percentile(hundred, share) for share in (0.0, 0.5, 0.95, 0.99, 1.0)] == [1, 50, 95, 99, 100]
    assert percentile([7.0], 0.99) == 7.0


def test_a_guard_that_was_renamed_does_not_seem_to_be_taken_away() -> None:
    with pytest.raises(AttributeError), guards.swapped(answers, "no_such_guard", None):
        pass


def test_a_guard_is_gone_wherever_it_was_imported_to_and_comes_back() -> None:
    with guards.swapped(answers, "judge", None):
        assert [answers.judge, vars(push)["judge"]] == [None, None]
    assert answers.judge is vars(push)["judge"] is not None


def test_a_module_that_was_first_imported_without_the_guard_has_it_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    late = ModuleType("tenant_app.late")
    with guards.swapped(answers, "judge", instead := object()):
        vars(late)["judge"] = instead
        monkeypatch.setitem(sys.modules, late.__name__, late)
    assert vars(late)["judge"] is answers.judge


def test_an_unknown_run_is_refused_with_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["S99"])

    assert refused.value.code == 2
    told = capsys.readouterr().err
    assert all(name in told for name in RUNS)
