"""A gigawatt from its parts."""

from math import prod

import pytest

from oblea.cost.gigawatt import gigawatt
from oblea.errors import InputErrors
from oblea.report.gigawatt import render
from oblea.scenario import load

CASES = [(p, b) for p in ("rubin", "b300") for b in ("IT", "facility")]


@pytest.fixture(scope="module")
def reference():
    return load("reference")


@pytest.mark.parametrize(("product", "basis"), CASES)
def test_factors_multiply_to_the_whole(reference, product, basis):
    g = gigawatt(reference, product, basis)
    assert prod(f for _, f in g.factors) == pytest.approx(g.ours / g.theirs, rel=0.01)
    assert [k for k, _ in g.factors] == ["wafers", "passes", "speed", "basis", "scope"]


@pytest.mark.parametrize(("product", "basis"), CASES)
def test_bounds(reference, product, basis):
    for name, low, x, high in gigawatt(reference, product, basis).checks:
        assert low <= x <= high, name


@pytest.mark.parametrize(("product", "basis"), CASES)
def test_dollars_are_the_sum_of_parts_and_near_published_ones(reference, product, basis):
    g = gigawatt(reference, product, basis)
    parts = sum(x.median for x in g.dollars[:-1])
    assert parts == pytest.approx(g.dollars[-1].median, rel=0.05)
    assert 30e9 <= g.dollars[-1].median <= 60e9
    assert len(g.dollars[-1].published) == 4


def test_rubin_by_hand(reference):
    """1e6 / (2.9167 x 1.3) = 263,700 accelerators; x 288 GB = 76 PB; / 8 = 33,000 wafers."""
    g = {x.key: x.median for x in gigawatt(reference, "rubin", "facility").lines}
    assert g["accelerators"] == pytest.approx(263_700, rel=0.02)
    assert g["hbm"] == pytest.approx(76, rel=0.02)
    assert g["cowos"] == pytest.approx(33_000, rel=0.03)


def test_the_basis_is_the_only_difference_between_it_and_facility(reference):
    a, b = (gigawatt(reference, "rubin", x, paths=1) for x in ("IT", "facility"))
    first = {x.key: x.median for x in a.lines}
    second = {x.key: x.median for x in b.lines}
    ratio = {first[k] / second[k] for k in first}
    assert max(ratio) == pytest.approx(min(ratio))
    assert 1.2 < max(ratio) < 1.4


@pytest.mark.parametrize("lang", ["en", "es"])
def test_text_fits(reference, lang):
    assert max(map(len, render(gigawatt(reference, "rubin", "IT"), lang).splitlines())) <= 80


def test_bad_words(reference):
    with pytest.raises(InputErrors) as caught:
        gigawatt(reference, "rubbin", "watts")
    assert len(caught.value.problems) == 2
    assert "did you mean rubin?" in str(caught.value)
