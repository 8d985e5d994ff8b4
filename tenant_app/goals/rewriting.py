"""Pages that rewrite words, when somebody else has rewritten them meanwhile: both texts are shown, and none is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm.exc import StaleDataError

from tenant_app.goals.editions import ChangedMeanwhile
from tenant_app.web.forms import Form
from tenant_app.web.house import session

Record = TypeVar("Record")


def rewrite(record: Callable[[], Record], change: Callable[[Record], None]) -> Record | None:
    """Change the words of what `record` finds. None when that is done; else nothing was changed, and this is how the
    record stands now: somebody changed it since the page was made, or at this very moment."""
    it = record()
    try:
        change(it)
        session().flush()
    except ChangedMeanwhile:
        return it
    except StaleDataError:
        session().rollback()
        return record()
    return None


def theirs(form: Form, edition: str, **stands: str) -> list[tuple[str, str]]:
    """For the page of a 409: what each field says now, where that is not what was typed. From here on the form knows
    of the newer words, so that sending it again is a decision to replace them."""
    form["seen"].data = edition
    return [(str(form[name].label.text), now) for name, now in stands.items() if (form[name].data or "") != now]
