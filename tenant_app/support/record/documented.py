"""What each table and column means, as its model says it in its own docstrings: the keys of the copy, documented."""

from __future__ import annotations

import ast
import inspect
import textwrap
from functools import cache
from itertools import pairwise

from tenant_app.support.record.ways import model_of


@cache
def meaning_of(name: str) -> tuple[str, dict[str, str]]:
    """(what a row of the table is, column to meaning), in English; columns whose name says it all are left out."""
    model = model_of(name)
    if model is None:
        return "", {}
    about = inspect.cleandoc(model.__doc__ or "").split("\n\n")[0].replace("\n", " ")
    columns: dict[str, str] = {}
    for each in reversed(model.__mro__):
        if hasattr(each, "__tablename__"):
            columns |= _columns(each)
    return about, columns


def _columns(model: type) -> dict[str, str]:
    try:
        [tree] = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    except (OSError, SyntaxError, ValueError):
        return {}
    body = getattr(tree, "body", [])
    found = {}
    for line, after in pairwise(body):
        if (
            isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
            and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
        ):  # fmt: skip
            found[line.target.id] = " ".join(str(after.value.value).split())
    return found
