"""Lines of eighty columns: wrapping, and rows of cells set to the right."""

from __future__ import annotations

import re
import textwrap

WIDTH = 80
GLUE = re.compile(r"(?<=[\d$]) (?=[\d%$]|bn\b|mM\b|[TB]\b)")  # a number and its unit


def wrap(text: str, indent: str = "  ", hang: str | None = None, width: int = WIDTH
         ) -> list[str]:
    """A paragraph; the lines after its first may hang deeper."""
    lines = textwrap.wrap(GLUE.sub("\N{NO-BREAK SPACE}", text), width, initial_indent=indent,
                          subsequent_indent=indent if hang is None else hang,
                          break_on_hyphens=False)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def row(label: str, cells: list[str], label_width: int, widths: tuple[int, ...]) -> list[str]:
    """A label and cells set to the right; a label that is too long takes lines of its own."""
    tail = "".join(f" {c:>{n - 1}}" for c, n in zip(cells, widths, strict=True))
    *above, last = wrap(label, "", "    ", label_width) or [""]
    return [*above, f"{last:<{label_width}}{tail}".rstrip()]


def listed(items: list[str], indent: str = "  ") -> list[str]:
    """Items with dots between them, none broken over two lines."""
    lines, line = [], ""
    for i, item in enumerate(items):
        item = item if i + 1 == len(items) else f"{item} ·"
        joined = f"{line} {item}" if line else item
        if line and len(indent) + len(joined) > WIDTH:
            lines.append(indent + line)
            joined = item
        line = joined
    return [*lines, indent + line] if line else lines


def inline(title: str) -> str:
    """A title within a line: small first letter, unless it begins with an acronym.

    >>> inline("Advanced packaging"), inline("HBM"), inline("EUV scanners")
    ('advanced packaging', 'HBM', 'EUV scanners')
    """
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
