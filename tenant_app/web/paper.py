"""Papers as PDF: typeset from a template beside the pages of a room, tagged for screen readers, with fonts of our own.

A character that none of the fonts has is refused. A box where a strength should stand could be read as anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

import fontpkg
import typst
from markupsafe import Markup

from tenant_app import clock

FONTS = ("noto-sans", "noto-sans-arabic")
# Beside tags, a title and languages PDF/UA-1 demands that every character can be shown: without it, typst draws a box.
STANDARD: Final = "ua-1"
PIECE = Path(__file__).parent / "templates" / "piece.typ"


class Unprintable(ValueError):
    """Some of the text holds a character that no font has. `texts` are those pieces, as written."""

    def __init__(self, texts: list[str]) -> None:
        super().__init__(f"{len(texts)} pieces of text cannot be printed")
        self.texts = texts


def typeset(template: Path, facts: dict[str, Any], texts: Iterable[str]) -> bytes:
    """The PDF that `template` makes of `facts` (JSON). `texts` is every piece of text in it, in the order of reading.

    Raises `Unprintable` where a character would be missing.
    """
    try:
        return _compile(template, facts)
    except typst.TypstError:
        missing = [text for text in dict.fromkeys(bare(each) for each in texts) if not _printable(text)]
        if missing:
            raise Unprintable(missing) from None
        raise


def plain(text: str) -> str:
    """Of markup, `<bdi>` becomes its two characters and entities are undone."""
    if not isinstance(text, Markup):
        return text
    opened = text.replace("<bdi>", "\N{FIRST STRONG ISOLATE}")
    return opened.replace("</bdi>", "\N{POP DIRECTIONAL ISOLATE}").unescape()


def isolated(text: str) -> str:
    """What somebody wrote, kept from being scrambled by right-to-left neighbours."""
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def bare(text: str) -> str:
    """`plain` without those characters."""
    return plain(text).replace("\N{FIRST STRONG ISOLATE}", "").replace("\N{POP DIRECTIONAL ISOLATE}", "")


def _printable(text: str) -> bool:
    try:
        _compile(PIECE, {"text": text})
    except typst.TypstError:
        return False
    return True


def _compile(template: Path, facts: dict[str, Any]) -> bytes:
    # What people wrote goes in as data and is never read as markup of the typesetter.
    return typst.compile(
        template, root=template.parent, font_paths=_fonts(), ignore_system_fonts=True, format="pdf",
        sys_inputs={"facts": json.dumps(facts)}, pdf_standards=STANDARD, timestamp=int(clock.now().timestamp()),
    )  # fmt: skip


@cache
def _fonts() -> typst.Fonts:
    # Not the machine's own: what can be printed must not depend on which machine it is.
    folders: list[Any] = [fontpkg.path(name).parent for name in FONTS]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
