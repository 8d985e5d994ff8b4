"""What the association says beyond the interface: Markdown with front matter, one file a language.

`content/<kind>/<slug>/<language>.md`; where a language is missing, English stands in and says so with `lang`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import frontmatter
from markupsafe import Markup

from tenant_app.web.house import house
from tenant_app.web.locale import LANGUAGES, Language, language
from tenant_app.web.markdown import to_html

FALLBACK = "en"


@dataclass(frozen=True)
class Page:
    """One content file in one language."""

    slug: str
    language: Language
    """The language it is really in."""
    facts: dict[str, Any]
    """Front matter."""
    text: str
    """Markdown."""

    def __getitem__(self, name: str) -> Any:
        return self.facts[name]

    def get(self, name: str, default: Any = "") -> Any:
        """One fact of the front matter, or `default`."""
        return self.facts.get(name, default)

    @property
    def html(self) -> Markup:
        """The body, safe to show."""
        return to_html(self.text)

    @property
    def review_by(self) -> date | None:
        """Until when its facts may be relied on."""
        found: date | None = self.facts.get("review_by")
        return found


def page(kind: str, slug: str, code: str | None = None) -> Page:
    """One page in the reader's language (or `code`'s). Raises `FileNotFoundError` for a slug that does not exist.

    Slugs come from the code or the database, never from an address.
    """
    return _read(house().settings.content, kind, slug, code or language().code)


def pages(kind: str) -> list[Page]:
    """All pages of a kind in the reader's language, in the order of their slugs."""
    content, code = house().settings.content, language().code
    return [_read(content, kind, folder.name, code) for folder in sorted((content / kind).iterdir()) if folder.is_dir()]


@cache
def _read(content: Path, kind: str, slug: str, code: str) -> Page:
    folder = content / kind / slug
    found = code if (folder / f"{code}.md").is_file() else FALLBACK
    read = frontmatter.load(str(folder / f"{found}.md"))
    return Page(slug, LANGUAGES[found], dict(read.metadata), read.content)
