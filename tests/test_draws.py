"""Draws belong to a seed and a key, and to nothing else."""

import numpy as np

from oblea.chain.values import Values
from oblea.scenario import load
from oblea.uncertainty.distributions import quantile
from oblea.uncertainty.draws import uniforms


def test_stratified_and_uncorrelated():
    a, b = uniforms(1, "a", 4096), uniforms(1, "b", 4096)
    assert sorted((a * 4096).astype(int)) == list(range(4096))
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.05
    assert not np.array_equal(a, uniforms(2, "a", 4096))


def test_shared_inputs_share_draws_across_scenarios():
    one, two = load("reference"), load("seven-trillion-fabs")
    paths = np.arange(64)
    assert np.array_equal(Values(one, 1, paths).scalar(one.fleet.life),
                          Values(two, 1, paths).scalar(two.fleet.life))


def test_five_and_ninety_five_per_cent_are_what_is_stated():
    u = (np.arange(20_000) + 0.5) / 20_000
    x = quantile(u, 9.0, 3.0, 25.0, "lognormal")
    np.testing.assert_allclose(np.quantile(x, [0.05, 0.5, 0.95]), [3, 9, 25], rtol=0.01)


def test_history_is_certain_and_the_future_is_not():
    sc = load("reference")
    x = Values(sc, 1, np.arange(256)).series(sc.demand.capex, np.array([6.0, 30.0]))
    assert np.ptp(x[0]) == 0.0 and x[1].std() > 0.05 * x[1].mean()
