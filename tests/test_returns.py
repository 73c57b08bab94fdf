"""Net present value, rate of return, payback and multiple: by hand, by oracle, by property."""

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oblea.analysis.returns import irr, multiple, npv, payback


def yearly(*flows):
    """One path a flow; its numbers lie four quarters apart."""
    out = np.zeros((4 * max(map(len, flows)) - 3, len(flows)))
    for p, flow in enumerate(flows):
        out[: 4 * len(flow) : 4, p] = flow
    return out


def with_rates(*rates):
    """The yearly flow -(x - (1 + a)) (x - (1 + b)) ..., whose rates are a, b, ..."""
    return yearly(-1000 * np.poly(1 + np.array(rates)))


def one(flow):
    (rate,), (unique,) = irr(flow)
    return rate, unique


# By hand.


def test_npv_by_hand():
    """At 10 %: -100 + 121 / 1.1^2 = 0; at 0 %: -100 + 121 = 21. One quarter at 10 % is worth the
    factor 1.1^(1/4), so that amount a quarter later is worth 1.
    """
    flow = yearly([-100, 0, 121], [-100, 0, 121])
    assert npv(flow, [0.1, 0.0]) == pytest.approx([0, 21], abs=1e-12)
    assert npv(np.array([[0.0], [1.1**0.25]]), 0.1) == pytest.approx([1])


def test_npv_is_discounted_to_first():
    """At 10 % to quarter 4: -100 x 1.1 + 121 / 1.1 = 0; at 21 %: -121 + 100 = -21; to 8: x 1.21."""
    flow = yearly([-100, 0, 121], [-100, 0, 121])
    assert npv(flow, [0.1, 0.21], first=4) == pytest.approx([0, -21], abs=1e-12)
    assert npv(flow, 0.21, first=8) == pytest.approx([-25.41, -25.41])


@pytest.mark.parametrize("rate", [-1, -1.5, [0.1, -1], float("nan")])
def test_npv_refuses_a_rate_that_loses_everything(rate):
    with pytest.raises(ValueError, match="above -1"):
        npv(yearly([-1, 2], [-1, 2]), rate)


@pytest.mark.parametrize("flow", [[1.0, 2.0], np.empty((0, 3)), [[np.nan]], [[np.inf]]])
def test_a_flow_is_a_finite_table(flow):
    for call in (irr, payback, lambda f: npv(f, 0.1), lambda f: multiple(f, f)):
        with pytest.raises(ValueError, match="quarters, paths"):
            call(flow)


@pytest.mark.parametrize(("flow", "rate"), [
    ([-100, 0, 121], 0.1),  # 100 x 1.1^2 = 121
    ([-100, 50], -0.5),  # 100 x 0.5 = 50
    ([-50, -50, 100], 0.0),  # -50 - 50 x + 100 x^2 = 0 at x = 1 (0 %) and x = -1/2 (below -100 %)
    ([0, 0, -100, 121], 0.21),  # waiting changes nothing
    ([100, -121], 0.21),  # nor does lending for borrowing
])
def test_irr_by_hand(flow, rate):
    assert one(yearly(flow)) == (pytest.approx(rate, abs=1e-12), True)


def test_a_quarter_is_a_fourth_of_a_year():
    """-100 and 110 one quarter later: 1.1^4 - 1 = 46.41 % a year."""
    assert one(np.array([[-100.0], [110.0]])) == (pytest.approx(0.4641), True)


def test_two_rates_are_none():
    """-100 + 230 / 1.1 - 132 / 1.21 = 0 and -100 + 230 / 1.2 - 132 / 1.44 = 0."""
    flow = yearly([-100, 230, -132], [-100, 230, -132])
    assert npv(flow, [0.1, 0.2]) == pytest.approx([0, 0], abs=1e-12)
    rate, unique = irr(flow)
    assert np.isnan(rate).all() and not unique.any()


@pytest.mark.parametrize("rates", [(0.1, 0.2, 0.3), (0.1, 0.101), (0.1, 0.102, 0.104), (-0.9, 9)])
def test_several_rates_are_none_however_close(rates):
    rate, unique = one(with_rates(*rates))
    assert np.isnan(rate) and not unique


@pytest.mark.parametrize("times", [2, 3, 4, 5])
@pytest.mark.parametrize("rate", [-0.5, 0.0, 0.1, 2.0])
def test_a_rate_counts_once_however_often(rate, times):
    """-100 + 220 x - 121 x^2 = -(10 - 11 x)^2 touches zero at x = 1 / 1.1 alone; and so on."""
    assert one(with_rates(*[rate] * times)) == (pytest.approx(rate, abs=1e-9), True)


def test_a_touch_beside_a_crossing_is_a_second_rate():
    assert not one(with_rates(0.1, 0.1, 0.3))[1]


def test_a_near_touch_is_no_rate():
    """-100 + 220 x - 121.01 x^2 has the discriminant 220^2 - 4 x 12101 = -4 < 0."""
    assert not one(yearly([-100, 220, -121.01]))[1]


@pytest.mark.parametrize("flow", [
    [0, 0, 0], [0, 5, 3], [0, -5, -3],
    [-1, 12],  # 1100 %, above the window
    [-1, 0.005],  # -99.5 %, below it
])
def test_no_rate(flow):
    rate, unique = one(yearly(flow))
    assert np.isnan(rate) and not unique


def test_a_rate_outside_the_window_does_not_spoil_the_one_inside():
    """(x - 1.1) (x - 12) = x^2 - 13.1 x + 13.2: rates 10 % and 1100 %."""
    assert one(yearly([-1, 13.1, -13.2])) == (pytest.approx(0.1), True)


@pytest.mark.parametrize("scale", [5e-324, 1e-300, 1e-12, 1e12, 1e300])
def test_size_does_not_matter(scale):
    assert one(scale * yearly([-1, 2])) == (pytest.approx(1.0), True)
    assert not one(scale * yearly([-2, 5, -3]))[1]  # 0 % and 50 %


def test_forty_years_of_alternating_flows():
    """-1 + v - v^2 + ... + v^159 = (v^160 - 1) / (1 + v): zero at v = 1, that is 0 %, alone."""
    assert one(-((-1.0) ** np.arange(160))[:, None]) == (pytest.approx(0, abs=1e-12), True)


def test_norstrom_is_about_positive_rates_only():
    """-100, 300, -150 sums to -100, 200, 50: one sign change. 2 x^2 - 6 x + 3 = 0 has the zeros
    x = 1 +- 3^(1/2) / 3 = 0.4226 and 1.5774, so 1 / x - 1 = 1.366 and -0.366.
    """
    flow = yearly([-100, 300, -150], [-100, 300, -150])
    assert npv(flow, [3**0.5 / 2 + 0.5, 0.5 - 3**0.5 / 2]) == pytest.approx([0, 0], abs=1e-9)
    assert not irr(flow)[1].any()


def test_paths_do_not_know_each_other():
    flow = yearly([-100, 121], [0], [-100, 230, -132], [1, 1], [-100, 220, -121], [-1, 2, -3, 9])
    together = irr(flow)
    for p in range(flow.shape[1]):
        rate, unique = one(flow[:, [p]])
        assert unique == together[1][p]
        assert rate == pytest.approx(together[0][p], nan_ok=True)


def test_no_paths():
    assert [x.shape for x in irr(np.empty((4, 0)))] == [(0,), (0,)]


@pytest.mark.parametrize(("flow", "years"), [
    ([-8, 3, 3, 3], 0.75),  # -8, -5, -2, 1
    ([0, 0, -8, 3, 3, 3], 0.75),  # the clock starts with the flow
    ([-4, 5, -3, 2], 0.75),  # -4, 1, -2, 0: back for good in the last quarter only
    ([-4, 5, -3, 1], np.inf),  # -4, 1, -2, -1
    ([-4, 5, -1, 3], 0.25),  # -4, 1, 0, 3: zero is enough
    ([2, -1, 5], 0.0),
    ([2, -5, 3], 0.5),  # 2, -3, 0
    ([-1, 0, 0], np.inf),
    ([-0.1, -0.2, 0.3], 0.5),  # -5.6e-17 is rounding
    ([0, 0, 0], np.nan),
])
def test_payback_by_hand(flow, years):
    assert payback(np.array([flow, flow]).T) == pytest.approx([years] * 2, nan_ok=True)


def test_multiple_by_hand():
    """(5 + 20) / (4 + 6) = 2.5; 0 / 8 = 0; nothing paid: no multiple."""
    paid = np.array([[4.0, 8, 0], [6, 0, 0]])
    back = np.array([[5.0, 0, 7], [20, 0, 0]])
    assert multiple(paid, back) == pytest.approx([2.5, 0, np.nan], nan_ok=True)


def test_multiple_takes_amounts():
    with pytest.raises(ValueError, match="negative"):
        multiple([[-1.0]], [[1.0]])


# By oracle: numpy-financial, and all zeros of the polynomial by its companion matrix.

RNG = np.random.default_rng(1972)
FLOWS = RNG.normal(size=(24, 200)) * 10 ** RNG.uniform(-3, 12, 200)
FLOWS[:8, :100] = -abs(FLOWS[:8, :100])  # half of them pay first,
FLOWS[8:, :50] = abs(FLOWS[8:, :50])  # and a quarter only get back afterwards
FLOWS[:3, 150:] = 0  # some start late
FLOWS[20:, 125:175] = 0  # some end early


def rates(flow):
    """All yearly rates above -1 of one path."""
    v = np.roots(flow[::-1])
    v = v[(abs(v.imag) < 1e-9 * abs(v)) & (v.real > 0)].real
    return v**-4 - 1


@pytest.mark.parametrize("rate", [-0.3, 0.0, 0.08, 1.5])
def test_npv_is_that_of_numpy_financial(rate):
    theirs = [npf.npv((1 + rate) ** 0.25 - 1, flow) for flow in FLOWS.T]
    gross = npv(abs(FLOWS), rate)
    assert npv(FLOWS, rate) / gross == pytest.approx(theirs / gross, rel=1e-9, abs=1e-12)


def test_irr_is_that_of_numpy_financial_and_unique_is_one_admissible_zero():
    ours, unique = irr(FLOWS)
    alone = several = 0
    for flow, rate, sole in zip(FLOWS.T, ours, unique, strict=True):
        every = rates(flow)
        admissible = every[(every > -0.99) & (every < 10)]
        assert sole == (len(admissible) == 1)
        if not sole:
            assert np.isnan(rate)
        elif len(every) == 1:  # theirs is reliable only where there is nothing to choose
            assert 1 + rate == pytest.approx((1 + npf.irr(flow)) ** 4, rel=1e-7)
            alone += 1
        else:
            assert 1 + rate == pytest.approx(1 + admissible[0], rel=1e-7)
        several += len(admissible) > 1
    assert alone > 50 and several > 30  # the sample has both kinds


# By property.

untimed = settings(deadline=None)

CASH = st.integers(-100, 100)
COUNT = st.integers(1, 12)
TABLE = st.tuples(COUNT, st.integers(1, 4)).flatmap(
    lambda n: st.lists(st.lists(CASH, min_size=n[0], max_size=n[0]), min_size=n[1], max_size=n[1])
).map(lambda rows: np.array(rows, float).T)
FACTOR = st.floats(0.001, 1000) | st.floats(-1000, -0.001)


@untimed
@given(TABLE, FACTOR, FACTOR, st.floats(-0.9, 10), st.integers(-8, 8), st.randoms())
def test_npv_is_linear(flow, a, b, rate, first, random):
    other = np.array([[random.uniform(-100, 100) for _ in row] for row in flow])
    whole = npv(a * flow + b * other, rate, first)
    parts = a * npv(flow, rate, first) + b * npv(other, rate, first)
    gross = npv(abs(a * flow) + abs(b * other), rate, first)
    assert (abs(whole - parts) <= 1e-12 * gross).all()


@untimed
@given(TABLE)
def test_npv_at_the_irr_is_zero(flow):
    rate, unique = irr(flow)
    assert (np.isfinite(rate) == unique).all()
    flow, rate = flow[:, unique], rate[unique]
    assert ((rate > -0.99) & (rate < 10)).all()
    assert (abs(npv(flow, rate)) <= 1e-11 * npv(abs(flow), rate)).all()


@untimed
@given(TABLE, FACTOR)
def test_irr_does_not_know_the_currency(flow, factor):
    (rate, unique), (scaled, still) = irr(flow), irr(factor * flow)
    assert (unique == still).all()
    assert scaled == pytest.approx(rate, rel=1e-6, abs=1e-6, nan_ok=True)


@untimed
@given(TABLE, st.integers(1, 8))
def test_irr_does_not_know_the_calendar(flow, wait):
    (rate, unique), (late, still) = irr(flow), irr(np.pad(flow, ((wait, 0), (0, 0))))
    assert (unique == still).all()
    assert late == pytest.approx(rate, rel=1e-6, abs=1e-6, nan_ok=True)


@untimed
@given(TABLE)
def test_backwards_in_time_the_discount_is_inverted(flow):
    """v becomes 1 / v: a rate r becomes 1 / (1 + r) - 1, where both lie in the window."""
    (rate, unique), (back, also) = irr(flow), irr(flow[::-1])
    both = unique & also & (rate > 1 / 11 - 1) & (back > 1 / 11 - 1)
    assert (1 + back[both]) * (1 + rate[both]) == pytest.approx(np.ones(both.sum()), rel=1e-6)


@untimed
@given(st.lists(st.integers(1, 100), min_size=1, max_size=8),
       st.lists(st.integers(1, 100), min_size=1, max_size=8))
def test_one_sign_change_of_the_cumulative_flow_is_one_rate(owed, gained):
    """Norstrom: one positive rate. The last sum is the highest, so no flow from some quarter to the
    end sums below zero; the same criterion backwards in time then excludes all negative rates.
    """
    total = np.array([*(-x for x in owed), *gained, max(gained)], float)
    flow = np.diff(total, prepend=0)[:, None]
    rate, unique = one(flow)
    assert unique == (npv(flow, 10)[0] < 0)  # else the positive rate is 1000 % or more
    assert rate > 0 or not unique
