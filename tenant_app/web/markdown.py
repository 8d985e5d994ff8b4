"""Markdown from `content/` to HTML that is safe to show."""

from __future__ import annotations

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_TAGS = {"p", "h2", "h3", "ul", "ol", "li", "strong", "em", "a", "bdi", "br", "blockquote", "hr"}
_markdown = MarkdownIt("commonmark", {"html": False})


def to_html(text: str) -> Markup:
    """HTML of a Markdown text. Content is edited by many hands, so what is not plainly text is taken out."""
    clean = nh3.clean(
        _markdown.render(text),
        tags=_TAGS,
        attributes={"a": {"href"}, "*": {"dir", "lang"}},
        url_schemes={"https", "mailto", "tel"},
        link_rel="noreferrer",
    )
    return Markup(clean)  # noqa: S704 - cleaned on the line above
