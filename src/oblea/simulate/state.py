"""What a quarter leaves to the next, and what it records: arrays with paths last."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .finance import Accounts, empty

if TYPE_CHECKING:
    from ..chain.index import Chain
    from ..chain.params import Params
    from ..chain.values import Array


class State(NamedTuple):
    """Stocks. O owners, K phases, R rows, E pools, C commodities, V vintages; quarters ahead: L of
    pools' books, B of commodities'."""

    pipe: Array  # (O, K, R, P) capacity under construction, by phase
    under_way: Array  # (O, R, P) the same over all phases
    built: Array  # (O, R, P) capacity decided on in the run and finished
    free: Array  # (L, E, P) slots not sold, for the next L quarters; of the present one none
    due: Array  # (O, L, E, P) slots sold, by quarter of delivery
    kit: Array  # (O, E, P) delivered and not yet installed
    contract: Array  # (B, C, P) units that the programme has under contract, by quarter
    stock: Array  # (O, C, P) inventories
    fleet: Array  # (O, V, P) facility GW in service, by vintage (year of the run)
    h100e: Array  # (O, V, P)
    h100e_8bit: Array  # (O, V, P)
    deployed: Array  # (P,) GW that the reference world has deployed, cumulative
    wanted: Array  # (P,) GW that it wanted to deploy, cumulative
    filled: Array  # (O, P) GW of room that was ever filled
    started: Array  # (R, P) capacity the programme has started, cumulative
    money: Accounts


class Outputs(NamedTuple):
    """What is recorded of a quarter. All have the quarter first once runs are stacked."""

    gw: Array  # (O, P) facility GW in service
    h100e: Array  # (O, P)
    h100e_8bit: Array  # (O, P)
    deployed: Array  # (O, P) GW deployed this quarter
    delivered: Array  # (O, P) of them, new at full and refresh at half
    retired: Array  # (O, P)
    spent: Array  # (P,) USD of capital that the programme paid this quarter
    chips: Array  # (P,) of that, for accelerators and servers
    plants: Array  # (P,) of that, for fabs
    capacity: Array  # (O, R, P)
    leading: Array  # (O, P) wafer starts a month of stages that need an operator
    made: Array  # (O, C, P) made for AI this quarter
    used: Array  # (O, C, P) deployed this quarter
    bought: Array  # (C, P) sold by the world's capacity to the programme, this quarter
    ceded: Array  # (C, P) sold by the programme's capacity to the world
    consumed: Array  # (C, P) taken as input of other commodities
    stock: Array  # (O, C, P)
    delivered_slots: Array  # (O, E, P)
    installed: Array  # (O, E, P) slots built into capacity this quarter
    kit: Array  # (O, E, P)
    starts: Array  # (O, R, P)
    finished: Array  # (O, R, P)
    brought: Array  # (R, P) capacity of the founders' sites that came to the programme
    pipe: Array  # (O, R, P)
    usable: Array  # (O, P) GW of hall with firm power
    binds: Array  # (P,) what was shortest for the programme, as in `variables`
    spot: Array  # (P,) USD an H100e-hour, for what is not on contract
    price: Array  # (P,) mean price
    trail: Array  # (P,) trailing mean price over full cost
    effort: Array  # (P,) the world's capex over its dated forecast
    paid_by: Array  # (3, P) what users, owners and investors pay for compute
    earned: Array  # (O, P) what owners earn with compute
    revenue: Array  # (P,) of the programme, with what its fabs make
    running: Array  # (P,)
    tax: Array  # (P,)
    interest: Array  # (P,)
    repaid: Array  # (P,)
    ahead: Array  # (P,) compute delivered for which customers had paid ahead
    outside: Array  # (P,) outside money put into capital
    support: Array  # (P,) outside money for running losses and overruns
    recycled: Array  # (P,) own cash put into capital
    distributed: Array  # (P,)
    called: Array  # (F, P) paid in by each funder
    free: Array  # (P,) cash of the programme were there no debt
    debt: Array  # (P,)
    held: Array  # (P,) cash
    tranche: Array  # (P,) tranches open


def start(ch: Chain, p: Params) -> State:
    """Stocks at the first quarter: the fleet of the day before, nothing under construction but what
    is given."""
    n = p.refresh.shape[0]
    rows, pools, comm = len(ch.rows), len(ch.pools), len(ch.commodities)
    window = ch.window_length
    free = np.zeros((window, pools, n))
    for e, lead in enumerate(ch.pool_lead):
        free[1 : lead + 1, e] = p.slots[1 : lead + 1, e]
    vintages = np.zeros((3, 2, ch.vintages, n))
    vintages[:, 0, 0] = p.fleet
    zeros = np.zeros
    return State(
        pipe=zeros((2, p.rate.shape[0], rows, n)), under_way=zeros((2, rows, n)),
        built=zeros((2, rows, n)), free=free,
        due=zeros((2, window, pools, n)), kit=zeros((2, pools, n)),
        contract=zeros((max(ch.book_lead, default=0) + 1, comm, n)), stock=zeros((2, comm, n)),
        fleet=vintages[0], h100e=vintages[1], h100e_8bit=vintages[2],
        deployed=zeros(n), wanted=zeros(n),
        filled=vintages[0].sum(1), started=zeros((rows, n)),
        money=empty(np, ch, vintages[0, 0].sum(0), n),
    )
