"""Drawing: a canvas of SVG elements that colours itself by the page's classes, and two scales.

A unit is a pixel at full size, so that text is as large on a phone as on a desk: each chart is
drawn once for either width. Every chart has a title and a description for those who cannot see
it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from markupsafe import Markup, escape

LETTER = 0.56  # width of a letter over the size of its type, roughly
TYPE = 13.0


def number(x: float) -> str:
    """A coordinate: a tenth of a pixel is enough.

    >>> number(3.0), number(2.345)
    ('3', '2.3')
    """
    return f"{x:.1f}".rstrip("0").rstrip(".")


def width(text: str, size: float = TYPE) -> float:
    """About how wide a text will be, in pixels."""
    return LETTER * size * len(text)


class Canvas:
    """An SVG image under construction; `str` of `done()` is what goes into a page."""

    def __init__(self, key: str, wide: float, high: float, title: str, text: str) -> None:
        """key: a name of its own in the page."""
        self.key, self.wide, self.high, self.title, self.about = key, wide, high, title, text
        self.parts: list[str] = []

    def add(self, name: str, text: str | None = None, **attributes: object) -> None:
        """An element; attributes with an underscore have a hyphen there, class is `cls`."""
        shown = "".join(
            f' {"class" if k == "cls" else k.replace("_", "-")}='
            f'"{number(v) if isinstance(v, float) else escape(v)}"'
            for k, v in attributes.items() if v not in (None, ""))
        self.parts.append(f"<{name}{shown}/>" if text is None
                          else f"<{name}{shown}>{escape(text)}</{name}>")

    def text(self, x: float, y: float, text: str, cls: str = "", anchor: str = "",
             tip: str = "") -> None:
        """A line of text on its baseline; anchor: middle or end; tip: shown when pointed at."""
        self.add("text", text, x=float(x), y=float(y), cls=cls, text_anchor=anchor)
        if tip:
            shown = f"<title>{escape(tip)}</title></text>"
            self.parts[-1] = self.parts[-1].replace("</text>", shown)

    def line(self, x1: float, y1: float, x2: float, y2: float, cls: str = "axis") -> None:
        self.add("line", x1=float(x1), y1=float(y1), x2=float(x2), y2=float(y2), cls=cls)

    def box(self, x: float, y: float, wide: float, high: float, cls: str,
            opacity: float | None = None, rx: float | None = None) -> None:
        self.add("rect", x=float(x), y=float(y), width=float(max(wide, 0.0)), height=float(high),
                 cls=cls, fill_opacity=None if opacity is None else f"{opacity:.2f}", rx=rx)

    def dot(self, x: float, y: float, r: float = 4.0, cls: str = "dot") -> None:
        self.add("circle", cx=float(x), cy=float(y), r=float(r), cls=cls)

    def path(self, points: Sequence[tuple[float, float]], cls: str) -> None:
        """A line through points."""
        if len(points) > 1:
            self.add("path", d="M" + "L".join(f"{number(x)} {number(y)}" for x, y in points),
                     cls=cls)

    def area(self, upper: Sequence[tuple[float, float]], lower: Sequence[tuple[float, float]],
             cls: str) -> None:
        """What lies between two lines."""
        points = [*upper, *reversed(lower)]
        if len(points) > 2:
            self.add("path", d="M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) + "Z",
                     cls=cls)

    def whisker(self, low: float, high: float, y: float, cls: str = "whisker") -> None:
        """An interval with its ends marked."""
        self.line(low, y, high, y, cls)
        for x in (low, high):
            self.line(x, y - 4, x, y + 4, cls)

    def done(self, cls: str = "") -> Markup:
        """The image."""
        return Markup(
            f'<svg class="chart {cls}" viewBox="0 0 {number(self.wide)} {number(self.high)}" '
            f'style="max-width:{number(self.wide)}px" role="img" '
            f'aria-labelledby="{self.key}-t {self.key}-d">'
            f'<title id="{self.key}-t">{escape(self.title)}</title>'
            f'<desc id="{self.key}-d">{escape(self.about)}'
            f'</desc>{"".join(self.parts)}</svg>')


@dataclass(frozen=True)
class Linear:
    """A linear scale from values to pixels."""

    low: float
    high: float
    first: float
    last: float

    def __call__(self, x: float) -> float:
        if not self.high > self.low:  # nothing was moved, sold or spent: all stands at one place
            return self.first
        x = min(max(x, self.low), self.high)
        return self.first + (x - self.low) / (self.high - self.low) * (self.last - self.first)

    def ticks(self, most: int = 6) -> list[float]:
        """Round values, `most` at most.

        >>> Linear(0, 7.2, 0, 100).ticks(), Linear(2024, 2036, 0, 100).ticks(4)
        ([0.0, 2.0, 4.0, 6.0], [2025.0, 2030.0, 2035.0])
        """
        if not self.high > self.low:
            return [self.low]
        raw = (self.high - self.low) / most
        base = 10.0 ** floor(log10(raw))
        step = next(base * m for m in (1, 2, 5, 10, 20) if (self.high - self.low) / (base * m)
                    < most)
        first = ceil(self.low / step - 1e-9)
        return [round(k * step, 10) + 0.0 for k in range(first, floor(self.high / step + 1e-9) + 1)]


@dataclass(frozen=True)
class Log:
    """A logarithmic scale from values to pixels; what is not positive stands at its low end."""

    low: float
    high: float
    first: float
    last: float

    def __call__(self, x: float) -> float:
        if not self.high > self.low > 0.0:
            return self.first
        x = min(max(x, self.low), self.high)
        part = log10(x / self.low) / log10(self.high / self.low)
        return self.first + part * (self.last - self.first)

    def ticks(self, most: int = 9) -> list[float]:
        """Powers of ten, with 2 and 5 of each where there is room.

        >>> Log(0.05, 14, 0, 100).ticks(), Log(1, 1e6, 0, 100).ticks(4)
        ([0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0], [1.0, 100.0, 10000.0, 1000000.0])
        """
        if not self.high > self.low > 0.0:
            return [self.low]
        decades = range(floor(log10(self.low)), ceil(log10(self.high)) + 1)
        for steps in ((1, 2, 5), (1,)):
            found = [float(f"{m}e{d}") for d in decades for m in steps
                     if self.low * 0.999 <= float(f"{m}e{d}") <= self.high * 1.001]
            if len(found) <= most:
                return found
        return found[:: ceil(len(found) / most)]


def apart(wanted: Iterable[float], gap: float, low: float, high: float) -> list[float]:
    """Places of labels near where they are wanted, no two nearer than `gap`, in the same order.

    >>> apart([10, 12, 50], 15, 0, 100)
    [10, 25, 50]
    >>> apart([95, 96], 15, 0, 100)
    [85, 100]
    """
    wanted = list(wanted)
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = dict.fromkeys(order, 0.0)
    before = low - gap
    for i in order:
        before = placed[i] = max(wanted[i], before + gap)
    after = high + gap
    for i in reversed(order):
        after = placed[i] = min(placed[i], after - gap)
    return [placed[i] for i in range(len(wanted))]
