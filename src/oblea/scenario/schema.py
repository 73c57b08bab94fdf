"""What a scenario may say: every key, its unit, its bounds and what it means.

Units may depend on where a number stands: `{unit}` is the unit of the enclosing pool or stage,
`{commodity}` that of the commodity named by the key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr
from pydantic_core import core_schema

from .number import Number


@dataclass(frozen=True)
class In:
    """The unit and the bounds of a number field, and whether it may be a dated series."""

    unit: str
    low: float | None = None
    high: float | None = None
    dated: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return core_schema.is_instance_schema(Number)

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        bounds = {k: v for k, v in (("minimum", self.low), ("maximum", self.high)) if v is not None}
        return {"x-number": True, "x-unit": self.unit, "x-dated": self.dated, **{f"x-{k}": v
                                                                for k, v in bounds.items()}}


class Part(BaseModel):
    """A frozen mapping that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


Ratio = Annotated[Number, In("ratio", 0.0)]
Share = Annotated[Number, In("ratio", 0.0, 1.0)]
DatedShare = Annotated[Number, In("ratio", 0.0, 1.0, dated=True)]
Growth = Annotated[Number, In("ratio/year", -0.99)]
Quarters = Annotated[Number, In("quarter", 0.0)]


class Words(Part):
    """A name in the languages of the interface."""

    en: str
    es: str


class Region(Part):
    title: Words
    cost: Annotated[Number, In("ratio", 0.01)] = Field(
        description="cost of building relative to the reference region")
    delay: Annotated[Number, In("ratio", 0.1)] = Field(
        description="time taken over time promised, execution alone")


class Pool(Part):
    """Something that everybody orders from the same few suppliers, as dated slots."""

    title: Words
    unit: str
    supply: Annotated[Number, In("{unit}/year", 0.0, dated=True)] = Field(
        description="deliveries a year")
    elsewhere: DatedShare = Field(description="share that goes to uses outside the chain")
    committed: DatedShare = Field(description="share of the rest that was sold by the base date")
    lead: Quarters = Field(description="from order to delivery")
    region: str | None = None
    mechanism: str | None = Field(default=None, description="mechanism that lifts this limit")


class Uses(Part):
    """What a unit of capacity takes from a pool: an amount, or a share of its capital cost."""

    amount: Annotated[Number, In("{pool}/{unit}", 0.0)] | None = None
    share_of_capex: Share | None = None


class Phases(Part):
    permit: Quarters
    shell: Quarters
    tools: Quarters
    qualify: Quarters
    ramp: Quarters


class Input(Part):
    amount: Annotated[Number, In("{commodity}/{made}", 0.0)]
    at_most: Share = Field(description="largest share of the input's output that may be taken")


class Book(Part):
    """The order book of a commodity: contracts for a share of each quarter's output."""

    committed: DatedShare
    lead: Quarters


class StageRow(Part):
    capacity: Annotated[Number, In("{unit}", 0.0, dated=True)] = Field(
        description="capacity of the reference world that stands or is under way, by date")
    share: Ratio = Field(description="weight of the region in later starts")


class Stage(Part):
    title: Words
    kind: Literal["fab", "hall", "power"]
    unit: str
    makes: str | None = None
    commodity_unit: str = "ratio"
    role: str | None = Field(
        default=None, description="'package' for advanced packaging, 'memory' for HBM")
    output: Annotated[Number, In("{made}/{unit}/quarter", 0.0, dated=True)] | None = None
    price: Annotated[Number, In("USD/{made}", 0.0, dated=True)] | None = None
    capex: Annotated[Number, In("USD/{unit}", 0.0, dated=True)]
    uses: dict[str, Uses] = {}
    phases: Phases
    uptime: Share
    ai_share: DatedShare
    operator: bool = False
    defects: Annotated[Number, In("defects/cm2", 0.0, dated=True)] | None = None
    euv_layers: Annotated[Number, In("layer", 0.0)] | None = Field(
        default=None, description="EUV exposures of a wafer")
    inputs: dict[str, Input] = {}
    book: Book | None = None
    rows: dict[str, StageRow]


class Logic(Part):
    stage: str
    dies: Annotated[Number, In("die", 0.0)]
    area: Annotated[Number, In("mm2", 1.0, 2000.0)] = Field(description="area of one die")
    companion: Annotated[Number, In("ratio", 1.0)] = Field(
        description="wafers for processors, switches and network chips, as a multiple")


class Product(Part):
    """An accelerator, or a successor `like` another: per kW the same, times the trends."""

    title: Words
    vendor: str | None = Field(default=None, description="who sells it, for counts by vendor")
    like: str | None = None
    after: Annotated[Number, In("year", 0.0)] | None = None
    logic: Logic | None = None
    needs: dict[str, Annotated[Number, In("{commodity}", 0.0, dated=True)]] = {}
    power: Annotated[Number, In("kW", 0.001)] | None = Field(
        default=None, description="IT power of an accelerator with its share of the rack")
    bf16: Annotated[Number, In("H100e", 0.0)] | None = None
    fp8: Annotated[Number, In("H100e", 0.0)] | None = None
    other: Annotated[Number, In("USD", 0.0)] | None = Field(
        default=None, description="board, test and other parts beside the chain's commodities")
    margin: Share | None = Field(default=None, description="gross margin of a merchant vendor")
    own_margin: Share | None = Field(default=None, description="design partner's margin")
    system: Annotated[Number, In("USD", 0.0)] | None = Field(
        default=None, description="rest of server, rack and network, an accelerator")
    server_memory: Annotated[Number, In("GB", 0.0)] | None = None


class Trends(Part):
    bf16_per_kw: Growth
    fp8_per_kw: Growth
    logic_per_kw: Growth
    memory_per_kw: Growth
    package_per_kw: Growth
    system_per_kw: Growth


class Mix(Part):
    world: dict[str, Annotated[Number, In("ratio", 0.0, dated=True)]]
    programme: dict[str, Annotated[Number, In("ratio", 0.0, dated=True)]]


class Yields(Part):
    alpha: Annotated[Number, In("ratio", 0.1)]
    critical: Share
    edge: Annotated[Number, In("mm", 0.0, 20.0)]
    wafer: Annotated[Number, In("mm", 100.0, 450.0)]


class Demand(Part):
    capex: Annotated[Number, In("USD/year", 0.0, dated=True)]
    margin: Annotated[Number, In("ratio", 0.5)] = Field(
        description="capacity the reference world plans for, over what it needs")
    follows: str = Field(description="date from which returns move the reference world's capex")
    response: Growth = Field(
        description="growth of that capex a year for each unit of ln(price over full cost)")
    swing: Growth = Field(description="largest change of that capex a year, either way")
    lag: Annotated[Number, In("quarter", 1.0)] = Field(
        description="quarters over which returns are averaged before anyone reacts")


class Market(Part):
    """Who pays for compute, and at what price it clears."""

    users: Annotated[Number, In("USD/year", 0.0, dated=True)] = Field(
        description="what users pay for AI")
    compute_share: Share = Field(description="part of users' money that pays for compute")
    internal: Annotated[Number, In("USD/year", 0.0, dated=True)] = Field(
        description="owners' own use, valued at the full cost of compute")
    investors: Annotated[Number, In("USD/year", 0.0, dated=True)] = Field(
        description="training and losses paid out of funding rounds")
    elasticity: Annotated[Number, In("ratio", 0.3, 100.0)] = Field(
        description="fall of compute bought for a rise of its price, in logarithms")
    contracts: Share = Field(description="part of compute sold on contracts at older prices")
    tenor: Annotated[Number, In("quarter", 1.0)] = Field(
        description="quarters over which contracts come up for renewal")
    sold: Annotated[Number, In("ratio", 0.05, 1.0)] = Field(
        description="hours paid for over hours installed")
    eight_bit: Share = Field(description="weight of 8-bit in what an accelerator is worth")
    cost_of_capital: Growth = Field(description="nominal, of those who own compute")
    precedent: list[str] = Field(description="facts: revenue a GW and year of signed contracts")


class Operations(Part):
    """What running compute and fabs costs, and how long they last."""

    energy: Annotated[Number, In("USD/kW/hour", 0.0)]
    load: Share = Field(description="mean over nameplate power")
    upkeep: Annotated[Number, In("ratio/year", 0.0)] = Field(
        description="staff, repair and insurance a year over capital")
    fab_cost: Share = Field(description="cash cost of a full fab over the price of its output")
    site_life: Annotated[Number, In("year", 1.0)]
    fab_life: Annotated[Number, In("year", 1.0)]


class Tax(Part):
    rate: Share
    expensed: Share = Field(description="part of equipment written off in its first quarter")
    equipment_life: Annotated[Number, In("year", 1.0)]
    building_life: Annotated[Number, In("year", 1.0)]
    fab_equipment: Share = Field(description="part of a fab's cost that is equipment")
    site_equipment: Share = Field(description="part of a site's cost that is equipment")
    loss_limit: Share = Field(description="part of a profit that old losses may offset")


class Funder(Part):
    """A source of outside money: what it could pay in a year, and what it wants back."""

    title: Words
    kind: Literal["equity", "grant", "prepayment", "debt"]
    flow: Annotated[Number, In("USD/year", 0.0, dated=True)] = Field(
        description="what it places a year, all its uses")
    share: DatedShare = Field(description="part of that flow for this programme")
    share_of_capex: Annotated[Number, In("ratio", 0.0, 1.0)] | None = Field(
        default=None, description="a grant's largest part of what is spent")
    required: Growth | None = Field(default=None, description="return it asks for, nominal")


class Finance(Part):
    """The terms on which outside money comes."""

    hurdle: Annotated[Number, In("ratio/year", -0.99)]
    leverage: Annotated[Number, In("ratio", 0.0, 0.95)] = Field(
        description="debt over capital spent, at most")
    cover: Annotated[Number, In("ratio", 0.1)] = Field(
        description="contracted cash over debt service")
    rate: Growth = Field(description="interest, nominal, before the programme's own spread")
    spread: Annotated[Number, In("ratio/year", 0.0)] = Field(
        description="added for each tenth of yearly investment-grade issuance")
    issuance: Annotated[Number, In("USD/year", 1.0)]
    debt_tenor: Annotated[Number, In("year", 0.5)]
    tranches: Annotated[Number, In("ratio", 1.0, 40.0)]
    in_service: Share = Field(
        description="part of a tranche that must be in service before the next is called")
    reporting: Quarters = Field(description="quarters until spending is expected in service")
    covenant: Annotated[Number, In("ratio", 0.0)] = Field(
        description="trailing price over full cost below which no tranche opens")
    reinvest: Share = Field(description="own cash kept for growth where outside money is short")
    funders: dict[str, Funder]


class Fleet(Part):
    gw: Annotated[Number, In("GW", 0.0)]
    h100e: Annotated[Number, In("H100e", 0.0)]
    h100e_8bit: Annotated[Number, In("H100e", 0.0)]
    life: Annotated[Number, In("year", 0.5)]
    refresh: Annotated[Number, In("ratio", 1.0)] = Field(
        description="performance per watt of new over old at which scarce power changes hands")


class LargestRun(Part):
    share: Share
    utilisation: Share
    days: Annotated[Number, In("day", 0.0)]


class Newcomer(Part):
    share: Share
    half_time: Annotated[Number, In("year")]
    width: Annotated[Number, In("year", 0.01)]


class Operator(Part):
    partner: Share
    licence: Share
    share_of_starts: Share
    starts: Annotated[Number, In("module/year", 0.0)]
    growth: Growth
    module: Annotated[Number, In("wspm/module", 1.0)]
    licence_lag: Quarters
    licence_doubling: Annotated[Number, In("year", 0.1)]
    licence_defects: Annotated[Number, In("defects/cm2", 0.0)]
    licence_halving: Annotated[Number, In("quarter", 0.1)]
    utilisation_start: Share
    utilisation_quarters: Annotated[Number, In("quarter", 0.1)]


class Resale(Part):
    share: Annotated[Number, In("ratio/year", 0.0, 1.0)]


class Payments(Part):
    permit: Share
    shell: Share
    tools: Share
    qualify: Share
    ramp: Share


class Hands(Part):
    own: Share = Field(description="share of its need that the programme's own capacity is to meet")


class Programme(Part):
    pledge: Annotated[Number, In("USD", 0.0)]
    indexed: bool = Field(description="whether the pledge grows with prices after the base year")
    start: str
    term: Annotated[Number, In("year", 0.25, 40.0)]
    pacing: list[float] | None = None
    ahead: Quarters = Field(description="how far ahead of the pacing orders may be signed")
    fill: Quarters = Field(description="how long a hall may wait for its chips: no more sites are "
                                       "ordered than are expected to fill so long after they stand")
    aim: Literal["compute", "fabs"]
    hands: dict[str, Hands]
    split: dict[str, Ratio] = {}
    modules: dict[str, Annotated[Number, In("module", 0.0)]] = {}
    own_design_after: Annotated[Number, In("year", 0.0)]
    own_design: Share
    regions: dict[str, Ratio]
    brings: Share | None = Field(
        default=None, description="part of the world's orders at the base date that the founders "
                                  "hold and bring in; none if left out")
    claim: Annotated[Number, In("ratio", 1.0)]
    priced: Annotated[Number, In("USD", 1.0)] | None = Field(
        default=None, description="press price of one fab, for arithmetic without limits")


class Lever(Part):
    """Something that might change: numbers multiplied, or divided, together."""

    title: Words
    times: list[str]
    over: list[str] = []
    shown: list[str] = Field(description="numbers whose sum says where it stands today")
    at: str = Field(description="date of that")
    most: str | None = Field(default=None, description="fact: the most ever seen")


class Common(Part):
    """An error that many dated numbers share: what forecasters are wrong about together."""

    error: Annotated[Number, In("ratio", 0.0)] = Field(
        description="factor on the mean of the year after the day of knowledge, or the base date")
    moves: list[str] = Field(
        description="dated numbers that it multiplies; * for any part of a key")
    builds: list[str] = Field(
        default=[], description="the same, for stocks: what stands on the day is not taken down")


class Report(Part):
    newcomer_shares: list[float]
    compare: list[str]
    absorbed: Share
    delivered: Share
    paid_in: Share = Field(description="part of the pledge without which nothing was returned")
    pledges: list[float] = Field(description="other pledges to try, in trillions of dollars")
    even: Share = Field(description="chance that counts as even odds")
    levers: dict[str, Lever]


class Scenario(Part):
    """A whole scenario, resolved: chain, world and programme."""

    name: str
    title: Words
    about: str
    base: str
    start: str = Field(description="the first quarter simulated, such as 2023Q1; the fleet is that "
                       "of the day before")
    end: str
    base_year: int
    deflator: Growth
    known_by: str | None = Field(
        default=None, description="a whole day: facts that became public later are refused")
    currencies: dict[str, Annotated[Number, In("USD", 0.0)]] = Field(
        default={}, description="dollars of the base year for one of another currency")
    regions: dict[str, Region]
    pools: dict[str, Pool]
    stages: dict[str, Stage]
    products: dict[str, Product]
    trends: Trends
    mix: Mix
    own_silicon: DatedShare = Field(
        description="part of the generations without a vendor that their owners design")
    ddr_intensity: Annotated[Number, In("ratio", 0.1)] = Field(
        description="wafers for a gigabyte of HBM over those for one of server memory")
    pue: Annotated[Number, In("ratio", 1.0)]
    yields: Yields
    demand: Demand
    market: Market
    operations: Operations
    tax: Tax
    finance: Finance
    fleet: Fleet
    largest_run: LargestRun
    newcomer: Newcomer
    operator: Operator
    delay_spread: Ratio
    response: Share
    resale: Resale
    deposit: Share
    payments: Payments
    programme: Programme
    common: Common | None = None
    without: list[str] = []
    report: Report

    _numbers: dict[str, Number] = PrivateAttr(default_factory=dict)
    _files: dict[str, str] = PrivateAttr(default_factory=dict)
    _document: dict[str, Any] = PrivateAttr(default_factory=dict)
    _sets: tuple[str, ...] = PrivateAttr(default=())
    _source: str = PrivateAttr(default="")
    _evidence: Any = PrivateAttr(default=None)

    def __getstate__(self) -> dict[Any, Any]:
        """For worker processes: all but the evidence, which is resolved into the numbers."""
        state = dict(super().__getstate__())
        state["__pydantic_private__"] = {**state["__pydantic_private__"], "_evidence": None}
        return state

    @property
    def evidence(self) -> Any:
        """The evidence that its facts were taken from."""
        return self._evidence

    @property
    def numbers(self) -> dict[str, Number]:
        """Every number by its dotted key, growth rates of series as `key.then`."""
        return self._numbers

    @property
    def files(self) -> dict[str, str]:
        """The files it was read from, parents first, with their sha256."""
        return self._files

    @property
    def document(self) -> dict[str, Any]:
        """The merged text as plain values."""
        return self._document

    @property
    def digest(self) -> str:
        """sha256 of the merged text: two scenarios that say the same have the same digest."""
        import hashlib
        import json

        text = json.dumps(self._document, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def replace(self, **changes: str) -> Scenario:
        """A new scenario with dotted keys set: `sc.replace(**{"programme.pledge": "1 trillion
        USD"})`."""
        from .load import load

        sets = (*self._sets, *(f"{k}={v}" for k, v in changes.items()))
        return load(self._source, sets=sets, evidence=self._evidence)
