"""The chain as indices: names to positions, fixed for a scenario.

Every name that the arrays know is here; the arrays themselves are in `params`. Nothing in this
module depends on a value, so one `Chain` serves every path.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..dates import ORIGIN, quarter_index, quarter_name

if TYPE_CHECKING:
    from ..scenario import Scenario

OWNERS = ("world", "programme")
WORLD, PROGRAMME = 0, 1
PHASES = ("permit", "shell", "tools", "qualify", "ramp")
TOOLS = PHASES.index("tools")


@dataclass(frozen=True)
class Row:
    """Capacity of one stage in one region: a row of the state, for each owner."""

    stage: str
    region: str


@dataclass(frozen=True)
class Chain:
    """Index maps of a compiled scenario.

    quarters: number of quarters simulated; first: index of the first in the calendar (0 is
    2024Q1); base, start, end: of the base date and of the programme's term, counted from the first;
    row_lead: quarters from start to full output of each row, at the medians; fit_lead: those from
    the delivery of its slots on; reporting: quarters until what was paid is expected in service;
    pool_lead, book_lead: quarters from order to delivery of a pool's slots and of a commodity;
    level: commodities in the order in which they are made, inputs before what needs them.
    """

    quarters: int
    first: int
    base: int
    regions: tuple[str, ...]
    stages: tuple[str, ...]
    rows: tuple[Row, ...]
    pools: tuple[str, ...]
    commodities: tuple[str, ...]
    products: tuple[str, ...]
    fab_rows: tuple[int, ...]
    hall_rows: tuple[int, ...]
    power_rows: tuple[int, ...]
    sites: tuple[tuple[str, int, tuple[int, ...]], ...]
    producers: tuple[tuple[int, ...], ...]
    inputs: tuple[tuple[int, int], ...]
    level: tuple[int, ...]
    pool_rows: tuple[tuple[int, ...], ...]
    pool_lead: tuple[int, ...]
    book_lead: tuple[int, ...]
    row_lead: tuple[int, ...]
    fit_lead: tuple[int, ...]
    booked: tuple[bool, ...]
    operated: tuple[bool, ...]
    kinds: tuple[str, ...]
    stage_rows: tuple[tuple[int, ...], ...]
    stage_makes: tuple[int, ...]
    stage_of: tuple[int, ...]
    needs_operator: tuple[bool, ...]
    aim: str
    vintages: int
    window: int
    start: int
    end: int
    funders: tuple[str, ...]
    funder_kinds: tuple[str, ...]
    reporting: int

    def calendar(self, n: int | None = None) -> NDArray[np.int64]:
        """Quarter indices of the first `n` quarters, those simulated if not said: (n,)."""
        return np.arange(self.first, self.first + (self.quarters if n is None else n))

    def name(self, t: int) -> str:
        """Name of quarter `t` of the run."""
        return quarter_name(self.first + t)

    def year(self, t: int) -> int:
        """Calendar year of quarter `t` of the run."""
        return ORIGIN + (self.first + t) // 4

    @cached_property
    def horizon(self) -> int:
        """Quarters for which slots are kept: those simulated and the longest lead beyond."""
        return self.quarters + max(self.pool_lead, default=0) + self.window

    @cached_property
    def window_length(self) -> int:
        """Quarters ahead for which an owner may hold slots or contracts, the present included."""
        return max((*self.pool_lead, *self.book_lead), default=0) + 1

    @cached_property
    def used_as_input(self) -> frozenset[int]:
        """Commodities that other stages take as they are made."""
        return frozenset(used for _, used in self.inputs)

    @cached_property
    def row_pools(self) -> tuple[NDArray[np.intp], ...]:
        """The first pool that each row uses, the second, ...; one past the last for none."""
        uses = [[e for e, rows in enumerate(self.pool_rows) if r in rows]
                for r in range(len(self.rows))]
        most = max(map(len, uses), default=0)
        return tuple(np.array([u[k] if k < len(u) else len(self.pools) for u in uses], np.intp)
                     for k in range(max(most, 1)))

    @cached_property
    def power_pools(self) -> tuple[tuple[int, tuple[int, ...]], ...]:
        """Pools that firm power takes slots of, each with the rows of power that do."""
        power = [(e, tuple(r for r in rows if r in self.power_rows))
                 for e, rows in enumerate(self.pool_rows)]
        return tuple((e, rows) for e, rows in power if rows)

    @cached_property
    def site_lead(self) -> int:
        """Quarters ahead at which supply is foreseen: the mean over queues for firm power."""
        return max(1, round(_mean([self.pool_lead[e] for e, _ in self.power_pools], 4)))

    @cached_property
    def site_pools(self) -> tuple[tuple[int, tuple[int, ...]], ...]:
        """Pools that firm power waits for, each with the rows of power that wait longest for it: a
        row is in one of them."""
        longest = {r: max((e for e, rows in self.power_pools if r in rows),
                          key=lambda e: self.pool_lead[e])
                   for r in self.power_rows if r not in self.unqueued}
        pools = [(e, tuple(r for r in longest if longest[r] == e)) for e, _ in self.power_pools]
        return tuple((e, mine) for e, mine in pools if mine)

    @cached_property
    def unqueued(self) -> tuple[int, ...]:
        """Rows of power that take slots of no pool."""
        return tuple(r for r in self.power_rows
                     if all(r not in rows for _, rows in self.power_pools))

    @cached_property
    def longest_book(self) -> int:
        """Quarters ahead for which chips are contracted: the longest order book of their parts."""
        return max(self.book_lead, default=4)

    @cached_property
    def site_ready(self) -> NDArray[np.int64]:
        """Quarters until a site stands whose slot comes in h = 0, 1, ... quarters: (L,), medians.

            ready(h) = max(h + works once the slot is there, power from its start, 1 + hall)

        A hall is ordered a quarter after its power. Means over routes and regions.
        """
        fit = round(_mean([self.fit_lead[r] for r in self.power_rows], 0))
        power = round(_mean([self.row_lead[r] for r in self.power_rows], 0))
        hall = 1 + round(_mean([self.row_lead[r] for r in self.hall_rows], 4))
        return np.maximum(np.arange(self.window_length) + fit, max(power, hall))


def _mean(x: list[int], default: float) -> float:
    return sum(x) / len(x) if x else default


def _quarters_from(sc: Scenario, row: Row, phase: int) -> int:
    """Quarters that a row is under way from a phase on, at the medians."""
    return round(sum(getattr(sc.stages[row.stage].phases, k).value for k in PHASES[phase:]))


def _levels(names: tuple[str, ...], inputs: tuple[tuple[int, int], ...]) -> tuple[int, ...]:
    """Topological order of commodities; a cycle cannot be made and is refused by the loader."""
    order: list[int] = []
    left = list(range(len(names)))
    while left:
        ready = [c for c in left if all(i in order for made, i in inputs if made == c)]
        if not ready:
            cycle = ", ".join(names[c] for c in left)
            raise ValueError(f"commodities need one another in a circle: {cycle}")
        order += ready
        left = [c for c in left if c not in ready]
    return tuple(order)


def index(sc: Scenario) -> Chain:
    """Positions for every name in scenario `sc`."""
    regions = tuple(sc.regions)
    stages = tuple(sc.stages)
    rows = tuple(Row(s, r) for s in stages for r in sc.stages[s].rows)
    of_kind = {
        kind: tuple(i for i, row in enumerate(rows) if sc.stages[row.stage].kind == kind)
        for kind in ("fab", "hall", "power")
    }
    commodities = tuple(dict.fromkeys(s.makes for s in sc.stages.values() if s.makes))
    pools = tuple(sc.pools)
    inputs = tuple(
        (commodities.index(s.makes), commodities.index(c))
        for s in sc.stages.values()
        if s.makes
        for c in s.inputs
    )
    books = {}
    for s in sc.stages.values():
        if s.makes and s.book is not None:
            books[s.makes] = s.book.lead
    quarters = lambda number: ceil(number.value - 1e-9)  # noqa: E731
    first = floor(quarter_index(sc.start))
    since = lambda date: floor(quarter_index(date)) - first  # noqa: E731
    start, count = since(sc.programme.start), since(sc.end) + 1
    return Chain(
        quarters=count,
        first=first,
        base=since(sc.base),
        regions=regions,
        stages=stages,
        rows=rows,
        pools=pools,
        commodities=commodities,
        products=tuple(sc.products),
        fab_rows=of_kind["fab"],
        hall_rows=of_kind["hall"],
        power_rows=of_kind["power"],
        sites=tuple(
            (
                rows[h].region,
                h,
                tuple(p for p in of_kind["power"] if rows[p].region == rows[h].region),
            )
            for h in of_kind["hall"]
        ),
        producers=tuple(
            tuple(i for i, row in enumerate(rows) if sc.stages[row.stage].makes == c)
            for c in commodities
        ),
        inputs=inputs,
        level=_levels(commodities, inputs),
        pool_rows=tuple(
            tuple(
                i
                for i, row in enumerate(rows)
                if p in sc.stages[row.stage].uses
                and sc.pools[p].region in (None, row.region)
            )
            for p in pools
        ),
        pool_lead=tuple(quarters(sc.pools[p].lead) for p in pools),
        # Without a book of its own a commodity is ordered a quarter ahead.
        book_lead=tuple(max(1, quarters(books[c])) if c in books else 1 for c in commodities),
        row_lead=tuple(max(1, _quarters_from(sc, row, 0)) for row in rows),
        fit_lead=tuple(_quarters_from(sc, row, TOOLS) for row in rows),
        booked=tuple(c in books for c in commodities),
        operated=tuple(any(s.operator for s in sc.stages.values() if s.makes == c)
                       for c in commodities),
        kinds=tuple(s.kind for s in sc.stages.values()),
        stage_rows=tuple(tuple(i for i, r in enumerate(rows) if r.stage == s) for s in stages),
        stage_makes=tuple(commodities.index(s.makes) if s.makes else -1
                          for s in sc.stages.values()),
        stage_of=tuple(stages.index(r.stage) for r in rows),
        needs_operator=tuple(s.operator for s in sc.stages.values()),
        aim=sc.programme.aim,
        vintages=(count - 1) // 4 + 2,
        window=8,
        start=start,
        end=start + round(4 * sc.programme.term.value),
        funders=tuple(sc.finance.funders),
        funder_kinds=tuple(f.kind for f in sc.finance.funders.values()),
        reporting=round(sc.finance.reporting.value or 0.0),
    )
