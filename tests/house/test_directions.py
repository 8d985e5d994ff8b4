"""The house stays one house: who may lean on whom, and what no file may hold."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SOURCES = sorted(
    path
    for folder in ("tenant_app", "staff_portal")
    for path in (ROOT / folder).rglob("*.py")
    if "versions" not in path.parts
)
TEMPLATES = sorted(path for folder in ("tenant_app", "staff_portal") for path in (ROOT / folder).rglob("*.html"))
SHEETS = sorted((ROOT / "tenant_app/web/static").glob("*.css"))


def test_each_floor_leans_only_on_the_floors_below() -> None:
    found = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert found.returncode == 0, found.stdout


def test_models_and_rules_know_nothing_of_the_web() -> None:
    offenders = []
    for path in SOURCES:
        if path.name in ("models.py", "rules.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                if any(re.match(r"flask|htmx_flask|wtforms|tenant_app\.web", name) for name in names):
                    offenders.append((path.relative_to(ROOT), names))

    assert offenders == []


def test_rules_never_commit() -> None:
    assert [
        path for path in SOURCES if path.name in ("models.py", "rules.py") and ".commit()" in path.read_text()
    ] == []


def test_time_is_asked_of_the_one_clock() -> None:
    asks = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\(")

    assert [path for path in SOURCES if path.name != "clock.py" and asks.search(path.read_text())] == []


def test_no_file_holds_a_second_idea() -> None:
    long = {path.relative_to(ROOT): len(path.read_text().splitlines()) for path in SOURCES}

    assert {path: lines for path, lines in long.items() if lines > 300} == {}


def test_there_are_no_attics() -> None:
    assert [path for path in SOURCES if path.stem in ("utils", "helpers", "common", "misc")] == []


def test_every_template_is_used() -> None:
    text = "\n".join(path.read_text() for path in [*SOURCES, *TEMPLATES])
    unused = []
    for path in TEMPLATES:
        name = path.as_posix().split("/templates/")[1]
        if f'"{name}"' not in text and f"'{name}'" not in text:
            unused.append(name)

    assert unused == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_style_sheets_mirror_by_themselves(sheet: Path) -> None:
    physical = re.compile(
        r"(?<![-\w])(?:(?:margin|padding|border|inset)-)?(?:left|right)(?:-[a-z-]+)?\s*:|text-align:\s*(?:left|right)"
    )

    assert physical.findall(sheet.read_text()) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_nothing_the_security_policy_refuses(template: Path) -> None:
    text = template.read_text()

    assert not re.search(r"\sstyle=|\son[a-z]+=|<script(?![^>]*src=)|javascript:|\|\s*safe\b|hx-on", text)
    assert "{% trans" not in text
