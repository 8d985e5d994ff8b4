"""Words that name a hazard, as the content of every language has them: a worker writes in any of them."""

from __future__ import annotations

from tenant_app.web import content
from tenant_app.web.locale import LANGUAGES


def terms() -> list[str]:
    """All of them, each once, English first."""
    found: dict[str, None] = {}
    for code in dict.fromkeys((content.FALLBACK, *LANGUAGES)):
        found |= dict.fromkeys(str(word) for word in content.page("hazards", "damp-mould", code).get("named_by", []))
    return list(found)
