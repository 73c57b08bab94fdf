"""Every recorded variable is declared, and the docs are the table."""

from pathlib import Path

from oblea.simulate.state import Outputs
from oblea.simulate.variables import VARIABLES, as_markdown

ROOT = Path(__file__).parents[1]


def test_every_output_is_declared_in_order():
    assert tuple(VARIABLES) == Outputs._fields
    for v in VARIABLES.values():
        assert v.kind in {"stock", "flow", "price", "ratio", "index"} and v.meaning


def test_the_docs_are_the_table():
    assert (ROOT / "docs" / "variables.md").read_text("utf-8") == as_markdown()
