"""Pictures of progress, drawn on the server as SVG. Each says in words what it shows; a table stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

_START, _BEND1, _BEND2, _END = (14.0, 70.0), (96.0, 82.0), (150.0, 22.0), (270.0, 40.0)
MOST_STONES = 8
"""Beyond this the stones would touch, and a bar says it better."""

DID, HERE, TO_COME, PAUSED = "did", "here", "to-come", "rest"
"""States of a stone."""


@dataclass(frozen=True)
class _Point:
    x: float
    y: float


def _on_curve(t: float) -> _Point:
    s = 1 - t
    weights = (s**3, 3 * s * s * t, 3 * s * t * t, t**3)
    corners = (_START, _BEND1, _BEND2, _END)
    return _Point(
        round(sum(w * c[0] for w, c in zip(weights, corners, strict=True)), 1),
        round(sum(w * c[1] for w, c in zip(weights, corners, strict=True)), 1),
    )


def _gone(t: float) -> str:
    """The first part of the road, up to `t` (0 to 1): the same curve, cut by de Casteljau."""

    def between(a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float]:
        return (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t)

    p01, p12, p23 = between(_START, _BEND1), between(_BEND1, _BEND2), between(_BEND2, _END)
    p012, p123 = between(p01, p12), between(p12, p23)
    end = between(p012, p123)
    a, b, c = ((round(x, 1), round(y, 1)) for x, y in (p01, p012, end))
    return f"M14 70C{a[0]} {a[1]} {b[0]} {b[1]} {c[0]} {c[1]}"


def path(stones: Sequence[str], label: str) -> Markup:
    """A road of stones to a door, which lights when all are done. `stones` are states in order; too many become a bar.

    `label` says the same in words.
    """
    if len(stones) > MOST_STONES:
        return bar(sum(state == DID for state in stones), len(stones), label)
    parts = ['<path class="road" d="M14 70C96 82 150 22 270 40"/>']
    steps = [index / max(len(stones), 1) for index in range(len(stones))]
    reached = sum(state == DID for state in stones)
    if reached:
        parts.append(f'<path class="road gone" d="{_gone(steps[reached] if reached < len(stones) else 1)}"/>')
    done = bool(stones) and reached == len(stones)
    parts.append(f'<path class="door{" glow" if done else ""}" d="M271 66V37a19 19 0 0 1 38 0v29z"/>')
    parts.append('<path class="ground" d="M262 66h56M301 46v4"/>')
    for t, state in zip(steps, stones, strict=True):
        at = _on_curve(t)
        kind = "" if state == TO_COME else f" {state}"
        parts.append(f'<circle class="stone{kind}" cx="{at.x}" cy="{at.y}" r="{11 if state == HERE else 10}"/>')
        if state == DID:
            parts.append(f'<path class="tk" d="M{round(at.x - 4.2, 1)} {round(at.y + 0.4, 1)}l3 3 5.4-6.4"/>')
    return _picture("way", "0 0 320 92", parts, label)


def small_path(stones: Sequence[str], label: str) -> Markup:
    """The same, 120 by 24, with all doors in one line so that rows can be compared."""
    done = bool(stones) and all(state == DID for state in stones)
    parts = ['<path class="road" d="M8 14H100"/>']
    if len(stones) > MOST_STONES:
        reached = round(92 * sum(state == DID for state in stones) / len(stones))
        parts.append(f'<path class="road gone" d="M8 14H{8 + reached}"/>')
        stones = []
    for index, state in enumerate(stones):
        x = round(8 + index * 92 / len(stones))
        kind = "" if state == TO_COME else f" {state}"
        parts.append(f'<circle class="stone{kind}" cx="{x}" cy="14" r="{5.5 if state == HERE else 4.5}"/>')
    parts.append(f'<path class="door{" glow" if done else ""}" d="M101 20V9a6 6 0 0 1 12 0v11z"/>')
    return _picture("way mini", "0 0 120 24", parts, label)


def shelf(states: Sequence[str], label: str) -> Markup:
    """A stone for each of some things that have no order, in a row: `DID` is filled and ticked, `HERE` has a dot in it,
    anything else is an outline. `label` says the same in words; a table stands beside it."""
    parts = []
    for index, state in enumerate(states):
        x = 13 + index * 26
        kind = " did" if state == DID else ""
        parts.append(f'<circle class="stone{kind}" cx="{x}" cy="13" r="10"/>')
        if state == DID:
            parts.append(f'<path class="tk" d="M{round(x - 4.2, 1)} 13.4l3 3 5.4-6.4"/>')
        elif state == HERE:
            parts.append(f'<circle class="begun" cx="{x}" cy="13" r="4.5"/>')
    return _picture("way shelf", f"0 0 {26 * len(states)} 26", parts, label)


def bar(done: int, of: int, label: str) -> Markup:
    """A bar for money and counts: `done` of `of`. It stands under a sentence that gives both numbers."""
    return Markup(
        '<svg class="bar" role="img" aria-label="{}" viewBox="0 0 {} 1" preserveAspectRatio="none">'
        '<rect width="{}" height="1"/></svg>'
    ).format(label, max(of, 1), min(done, of))


def columns(values: Sequence[int], first: str, last: str, label: str) -> Markup:
    """A column for each of a row of counts, such as weeks; the newest stands out, and the ends are named beneath.

    Time runs with the reading direction. `label` tells the finding; a table stands beside it.
    """
    most, step = max([*values, 1]), 320 / max(len(values), 1)
    parts = [Markup('<line x1="0" y1="86" x2="320" y2="86"/>')]
    for index, value in enumerate(values):
        height = round(80 * value / most, 1)
        newest = "on" if index == len(values) - 1 else ""
        parts.append(Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="2"/>').format(
            newest, round(index * step + step * 0.15, 1), round(86 - height, 1), round(step * 0.7, 1), height,
        ))  # fmt: skip
    drawn = Markup("").join(parts)
    return Markup(
        '<figure class="columns"><svg class="chart" viewBox="0 0 320 88" role="img" aria-label="{}">{}</svg>'
        '<figcaption class="meta" aria-hidden="true"><span>{}</span><span>{}</span></figcaption></figure>'
    ).format(label, drawn, first, last)


def stacks(pairs: Sequence[tuple[int, int]], first: str, last: str, label: str) -> Markup:
    """As `columns`, each of two counts that add up: the first is filled, the second stands on it as an outline, so that
    the two are told apart without colours."""
    most, step = max([*(sum(pair) for pair in pairs), 1]), 320 / max(len(pairs), 1)
    parts = [Markup('<line x1="0" y1="86" x2="320" y2="86"/>')]
    for index, pair in enumerate(pairs):
        foot = 86.0
        for kind, value in zip(("on", "over"), pair, strict=True):
            height = round(80 * value / most, 1)
            if height:
                parts.append(Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>').format(
                    kind, round(index * step + step * 0.15, 1), round(foot - height, 1), round(step * 0.7, 1), height,
                ))  # fmt: skip
            foot -= height
    return Markup(
        '<figure class="columns"><svg class="chart" viewBox="0 0 320 88" role="img" aria-label="{}">{}</svg>'
        '<figcaption class="meta" aria-hidden="true"><span>{}</span><span>{}</span></figcaption></figure>'
    ).format(label, Markup("").join(parts), first, last)


def before_and_after(
    pairs: Sequence[tuple[int, int]], ends: tuple[str, str], days: tuple[str, str], label: str
) -> Markup:
    """For each of a row of occasions a ring (before) and a dot (after), joined, at heights 1 to 5; 0 is not known.

    `ends` name the lowest and the highest, `days` the first and the last occasion. Time runs with the reading
    direction. `label` says what it is; a table stands beside it.
    """
    step = 320 / max(len(pairs), 1)
    parts = [Markup('<line x1="0" y1="{0}" x2="320" y2="{0}"/>').format(_height(level)) for level in (1, 3, 5)]
    for index, (before, after) in enumerate(pairs):
        middle, apart = index * step + step / 2, min(step * 0.2, 12)
        x1, x2 = round(middle - apart, 1), round(middle + apart, 1)
        if before and after:
            joined = Markup('<path class="between" d="M{} {}L{} {}"/>')
            parts.append(joined.format(x1, _height(before), x2, _height(after)))
        if before:
            parts.append(Markup('<circle class="before" cx="{}" cy="{}" r="5"/>').format(x1, _height(before)))
        if after:
            parts.append(Markup('<circle class="after" cx="{}" cy="{}" r="6"/>').format(x2, _height(after)))
    return Markup(
        '<figure class="columns"><p class="meta" aria-hidden="true">{}</p>'
        '<svg class="chart felt" viewBox="0 0 320 120" role="img" aria-label="{}">{}</svg>'
        '<p class="meta" aria-hidden="true">{}</p>'
        '<figcaption class="meta" aria-hidden="true"><span>{}</span><span>{}</span></figcaption></figure>'
    ).format(ends[1], label, Markup("").join(parts), ends[0], *days)


def over_time(
    points: Sequence[tuple[float, int]], ends: tuple[str, str], days: tuple[str, str], label: str
) -> Markup:
    """A dot for each of some moments (0 to 1, in order) at heights 1 to 5, joined by a thin line, all alike.

    `ends` name the lowest and the highest, `days` the first and the last moment. Time runs with the reading direction.
    `label` tells the finding; a table stands beside it.
    """
    size = 6 if len(points) < 20 else 4
    placed = [(round(12 + 296 * moment, 1), _height(level)) for moment, level in points]
    parts = [Markup('<line x1="0" y1="{0}" x2="320" y2="{0}"/>').format(_height(level)) for level in (1, 3, 5)]
    if len(placed) > 1:
        way = Markup("L").join(Markup("{} {}").format(x, y) for x, y in placed)
        parts.append(Markup('<path class="between" fill="none" d="M{}"/>').format(way))
    parts += [Markup('<circle class="after" cx="{}" cy="{}" r="{}"/>').format(x, y, size) for x, y in placed]
    return Markup(
        '<figure class="columns"><p class="meta" aria-hidden="true">{}</p>'
        '<svg class="chart felt" viewBox="0 0 320 120" role="img" aria-label="{}">{}</svg>'
        '<p class="meta" aria-hidden="true">{}</p>'
        '<figcaption class="meta" aria-hidden="true"><span>{}</span><span>{}</span></figcaption></figure>'
    ).format(ends[1], label, Markup("").join(parts), ends[0], *days)


def _height(level: int) -> int:
    """Of 1 to 5 in a picture 120 high: the highest is up."""
    return 132 - 24 * level


def _picture(kind: str, box: str, parts: list[str], label: str) -> Markup:
    # The parts are numbers and fixed words of this module; only the label comes from outside, and is escaped.
    return Markup('<svg class="{}" viewBox="{}" role="img" aria-label="{}">{}</svg>').format(
        kind, box, label, Markup("".join(parts))  # noqa: S704
    )
