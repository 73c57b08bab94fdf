"""Outside money: how much may be ordered on it, and who pays it in.

*May be ordered*: the least of the pledge released so far, the tranches open, and what funders could
pay in to as far ahead as orders are signed. Lenders are one funder among others, limited by their
market, by leverage, and by contracted cash over debt service:

    debt <= cash contracted a quarter / (cover (rate / 4 + repayment)).

What was ordered is honoured, whatever comes after.

*Tranches*: the next one opens when `in_service` of the tranches open is committed, as much of what
was paid `reporting` quarters ago is in service, and the trailing price is above the covenant times
full cost.

*Paid in*: a quarter's bill goes to outside money first, to funders in proportion to what each has
left, then to the programme's own cash: what it earns is paid out while outside money lasts.
Operating losses are called on top, from those who bring equity; they are not part of the pledge.

By hand: tranches of 100, one open, 70 % asked: with 80 committed and 75 of 90 in service after a
year (83 %), price above covenant, two are open and 200 may be ordered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from ..chain.index import Chain
    from ..chain.money import Money
    from ..chain.params import Params
    from ..chain.values import Array

TINY = 1e-30
UNDER_DEBT = ("equity", "grant")  # what lenders lend against; prepayments are a claim like theirs


class Accounts(NamedTuple):
    """The programme's books, and what everyone remembers of the market. (P,) unless said.

    Constant dollars: drawn, recycled, working, paid, sites, fabs; the rest calendar dollars.
    """

    contract: Array  # (O, P) USD an H100e-hour
    hours: Array  # (O, P) H100e-hours sold in the quarter before
    trail: Array  # trailing price over full cost; 0 before the first quarter
    effort: Array  # the world's capex over its dated forecast
    fleet: Array  # GW of fleet that the world wants
    cash: Array
    debt: Array
    prepaid: Array  # compute owed to customers who paid ahead
    equipment: Array  # tax book
    buildings: Array
    losses: Array
    losses_unlevered: Array
    drawn: Array  # (F, P) for capital, since the start
    recycled: Array  # own cash put into capital, since the start
    working: Array  # capital in service, since the start
    paid: Array  # (L + 1, P) capital paid by the end of the last quarters, newest first
    tranche: Array  # how many are open
    sites: Array  # value of halls and power, worn
    fabs: Array


class Means(NamedTuple):
    """What may be ordered and paid in a quarter, in constant dollars."""

    outside: Array  # (P,) outside money for capital since the start, at most
    budget: Array  # (P,) that and own cash: all that may have been spent and owed
    left: Array  # (F, P) what each funder has left
    pledge: Any = float("inf")  # (P,) the whole pledge


def empty(xp: Any, ch: Chain, fleet: Array, n: int) -> Accounts:
    """Books of a programme that has not begun; fleet: GW that the world has."""
    zero, owners = xp.zeros(n), xp.zeros((2, n))
    return Accounts(
        contract=owners, hours=owners, trail=zero, effort=zero + 1.0, fleet=fleet, cash=zero,
        debt=zero, prepaid=zero, equipment=zero, buildings=zero, losses=zero, losses_unlevered=zero,
        drawn=xp.zeros((len(ch.funders), n)), recycled=zero, working=zero,
        paid=xp.zeros((ch.reporting + 1, n)), tranche=zero + 1.0, sites=zero, fabs=zero)


def means(xp: Any, ch: Chain, t: int, p: Params, a: Accounts, owed: Array, planned: Array
          ) -> Means:
    """owed: due on what is started, constant dollars; planned: GW that stand or are under way."""
    m = p.money
    spent = a.drawn.sum(0) + a.recycled
    caps, beside = [], 0.0 * spent
    for f, kind in enumerate(ch.funder_kinds):
        if kind == "grant":
            caps.append(xp.minimum(m.ceiling[t, f], m.grant[f] * (spent + owed)))
        elif kind != "debt":
            caps.append(m.ceiling[t, f])
        if kind in UNDER_DEBT:
            beside = beside + caps[-1]
    lent = sum((a.drawn[f] for f, k in enumerate(ch.funder_kinds) if k == "debt"), 0.0 * spent)
    room = xp.maximum(_debt_capacity(xp, t, p, a, planned) - a.debt, 0.0) / m.index[t]
    borrow = xp.minimum(m.leverage / (1.0 - m.leverage) * beside, lent + room)
    it = iter(caps)
    debts = sum((m.ceiling[t, f] for f, k in enumerate(ch.funder_kinds) if k == "debt"), TINY)
    caps = [next(it) if k != "debt" else xp.minimum(m.ceiling[t, f],
                                                   borrow * m.ceiling[t, f] / debts)
            for f, k in enumerate(ch.funder_kinds)]
    left = xp.maximum(xp.stack(caps) - a.drawn, 0.0)
    drawn = a.drawn.sum(0)
    opened = xp.minimum(p.pledge[t], m.tranche * a.tranche)
    new = xp.minimum(opened, drawn + left.sum(0)) * p.active[t]
    cash = a.cash / m.index[t]
    honoured = xp.minimum(p.pledge[t], drawn + xp.maximum(owed - cash, 0.0))
    outside = xp.maximum(xp.maximum(new, honoured), drawn)
    return Means(outside, outside + a.recycled + cash, left, p.pledge[-1])


def _debt_capacity(xp: Any, t: int, p: Params, a: Accounts, planned: Array) -> Array:
    """Debt that contracted cash serves with cover, in calendar dollars.

    cash = k (hours x worth of a GW x contract price - running cost) x GW planned.
    """
    m = p.money
    worth = (1.0 - m.worth) * p.h100e[t, 1] + m.worth * p.h100e_8bit[t, 1]
    cash = m.contracts * (m.hours * worth * a.contract[1] - m.running[t]) * planned * m.index[t]
    return xp.maximum(cash, 0.0) / (m.cover * (m.rate / 4.0 + m.repay))


def draw(xp: Any, m: Money, left: Array, amount: Array) -> Array:
    """`amount` (P,) over funders (F, P), in proportion to what each has left; beyond that, as
    their shares of the whole are: what was ordered is honoured."""
    total = left.sum(0)
    part = xp.minimum(1.0, amount / xp.maximum(total, TINY))
    return left * part + m.weight * xp.maximum(amount - total, 0.0)


def tranches(xp: Any, m: Money, a: Accounts, owed: Array, trail: Array) -> Array:
    """How many tranches are open after this quarter."""
    committed = a.drawn.sum(0) + owed >= m.in_service * m.tranche * a.tranche
    running = a.working >= m.in_service * a.paid[-1]
    priced = trail >= m.covenant
    return a.tranche + xp.where(committed & running & priced, 1.0, 0.0)


def raisable(xp: Any, ch: Chain, m: Money) -> Array:
    """What funders could pay in a quarter, every trigger met and no limit of matter: (T, P).

    Lenders lend at most leverage / (1 - leverage) of what equity and grants bring.
    """
    part = lambda wanted: sum((m.limit[:, f] for f, k in enumerate(ch.funder_kinds)  # noqa: E731
                               if k in wanted), 0.0 * m.limit[:, 0])
    under, ahead, lent = part(UNDER_DEBT), part(("prepayment",)), part(("debt",))
    return under + ahead + xp.minimum(lent, m.leverage / (1.0 - m.leverage) * under)
