"""Every dollar leaves one account and enters another: revenue, costs, tax, service, distributions.

    cash' = cash - own cash put into capital + revenue - what was paid ahead - running cost - tax
            - interest - repayment + support - distributed

Revenue is hours sold at the mean price, and what own fabs sell at the commodity's price, whoever
buys. A fab costs cash as if it ran full. Tax: profit after interest and depreciation, old losses
taken off up to a limit; equipment is written off at once in part, the rest and buildings at a
constant rate of what is left. Where cash does not cover debt service, repayment waits and interest
is added to the debt; where it does not cover running costs, or what was ordered costs more than the
pledge has left and cash is gone, those who bring equity support it.

By hand: profit 100 before interest 10, depreciation 50, old losses 60 of which 80 % of profit may
be used: taxable 40, 32 offset, tax at 25 % = 2; losses left 28.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .finance import draw

if TYPE_CHECKING:
    from ..chain.index import Chain
    from ..chain.money import Money
    from ..chain.values import Array
    from .finance import Accounts, Means


class Bills(NamedTuple):
    """What a quarter brought, in constant dollars (P,)."""

    hours: Array  # H100e-hours sold by the programme
    price: Array  # mean price of them
    sold: Array  # value of what own fabs made
    fabs: Array  # their cash cost
    fleet: Array  # GW in service
    chips: Array  # bill for accelerators
    sites: Array  # works on halls and power
    plants: Array  # works on fabs


class Paid(NamedTuple):
    """Constant dollars of the quarter (P,) unless said."""

    revenue: Array
    running: Array
    tax: Array
    interest: Array
    repaid: Array
    ahead: Array  # compute delivered for which customers had paid ahead
    outside: Array  # outside money put into capital
    support: Array  # outside money for running losses and overruns
    recycled: Array
    distributed: Array
    called: Array  # (F, P) capital and support
    free: Array  # cash of the programme were there no debt: what outside money as a whole gets
    debt: Array  # outstanding
    held: Array  # cash


def tax(xp: Any, m: Money, profit: Array, losses: Array) -> tuple[Array, Array]:
    """Tax on a profit and the losses left."""
    gain = xp.maximum(profit, 0.0)
    used = xp.minimum(losses, m.loss_limit * gain)
    return m.tax * (gain - used), losses - used + xp.maximum(-profit, 0.0)


def depreciation(m: Money, a: Accounts, equipment: Array, buildings: Array
                 ) -> tuple[Array, Array, Array]:
    """Written off in the quarter, and the tax books left."""
    at_once = m.expensed * equipment
    book_e, book_b = a.equipment + equipment - at_once, a.buildings + buildings
    off_e, off_b = m.write_equipment * book_e, m.write_buildings * book_b
    return at_once + off_e + off_b, book_e - off_e, book_b - off_b


def pay(xp: Any, ch: Chain, t: int, m: Money, a: Accounts, w: Means, b: Bills, owed: Array,
        keep: Array) -> tuple[Accounts, Paid]:
    """owed: still due on orders; keep: share (P,) of cash that is kept for more."""
    i = m.index[t]
    revenue = b.hours * b.price + b.sold
    running = m.running[t] * b.fleet + b.fabs
    capital = b.chips + b.sites + b.plants
    ahead = a.prepaid * m.repay
    off, book_e, book_b = depreciation(m, a, *(i * x for x in _assets(m, b)))
    earned = (revenue - running) * i
    room = xp.maximum(w.outside - a.drawn.sum(0), 0.0)
    rate = m.rate + m.spread * _issued(ch, draw(xp, m, w.left, xp.minimum(capital, room)), m)
    interest, repay = a.debt * rate / 4.0, a.debt * m.repay
    due, losses = tax(xp, m, earned - interest - off, a.losses)
    due_u, losses_u = tax(xp, m, earned - off, a.losses_unlevered)
    # Orders were placed on the cash at hand; what the quarter earns comes after.
    own = xp.minimum(xp.maximum(capital - room, 0.0), a.cash / i)
    # What was ordered is honoured to the end of the pledge; what works cost beyond it is a loss.
    outside = xp.minimum(capital - own, xp.maximum(room, w.pledge - a.drawn.sum(0)))
    overrun = xp.maximum(capital - own - outside, 0.0)
    before = a.cash - own * i + earned - ahead - due
    served = xp.clip(before, 0.0, interest)
    repaid = xp.clip(before - served, 0.0, repay)
    left = before - served - repaid
    support = xp.maximum(-left, 0.0) + overrun * i
    cash = xp.maximum(left, 0.0)
    reserved = xp.maximum(owed - xp.maximum(room - outside, 0.0), 0.0) * i
    held = xp.minimum(cash, xp.maximum(reserved, keep * cash))
    distributed = cash - held

    drawn = draw(xp, m, w.left, outside)
    lent, paid_ahead = _of_kind(ch, drawn, "debt"), _of_kind(ch, drawn, "prepayment")
    debt = a.debt + interest - served - repaid + lent * i
    accounts = a._replace(
        cash=held, debt=debt, prepaid=a.prepaid - ahead + paid_ahead * i, equipment=book_e,
        buildings=book_b, losses=losses, losses_unlevered=losses_u, drawn=a.drawn + drawn,
        recycled=a.recycled + own)
    return accounts, Paid(
        revenue=revenue, running=running, tax=due / i, interest=served / i, repaid=repaid / i,
        ahead=ahead / i, outside=outside, support=support / i, recycled=own,
        distributed=distributed / i, called=drawn + m.weight * (support / i),
        free=(earned - due_u) / i - capital, debt=debt / i, held=held / i)


def _assets(m: Money, b: Bills) -> tuple[Array, Array]:
    """Equipment and buildings."""
    equipment = b.chips + m.fab_equipment * b.plants + m.site_equipment * b.sites
    return equipment, b.chips + b.sites + b.plants - equipment


def _of_kind(ch: Chain, drawn: Array, kind: str) -> Array:
    return sum((drawn[f] for f, k in enumerate(ch.funder_kinds) if k == kind), 0.0 * drawn[0])


def _issued(ch: Chain, drawn: Array, m: Money) -> Array:
    """Borrowing at this quarter's pace, in tenths of what the market issues in a year."""
    return 4.0 * _of_kind(ch, drawn, "debt") / (0.1 * m.issuance)
