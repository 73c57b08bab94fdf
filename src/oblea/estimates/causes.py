"""Why a fab project was late, and its region and kind.

The register's ``cause`` column says execution, sponsor or none; it is kept. What it does not say is
the reason within a cause, which :data:`REASONS` takes from the words of the row's own note.
"""

from __future__ import annotations

CAUSE_OF_REASON: dict[str, str] = {
    "permit": "execution", "labour": "execution", "tools": "execution", "technology": "execution",
    "demand": "sponsor", "finance": "sponsor", "subsidy": "sponsor", "re-scope": "sponsor",
}

REASONS: dict[str, tuple[str, str]] = {
    "tsmc_az_p1": ("labour", "Short of skilled labour"),
    "tsmc_az_p2": ("subsidy", "Put back for subsidy and labour"),
    "samsung_taylor": ("demand", "Lacked customers and changed node"),
    "intel_ohio_m1": ("demand", "Slowed for want of demand and cash"),
    "intel_ohio_m2": ("demand", "As module 1"),
    "intel_fab52": ("re-scope", "Node changed from 20A to 18A, and money was short"),
    "micron_id1": ("demand", "Waited out the memory downturn and the grant"),
    "micron_ny1": ("demand", "environmental review and the downturn cost 19 months"),
    "micron_ny2": ("re-scope", "Put behind Idaho"),
    "samsung_p4_ph24": ("demand", "Stopped in 2024 for want of demand"),
    "skywater_in": ("subsidy", "Grant did not come"),
    "amkor_az": ("re-scope", "Changed site in 2025"),
}
"""Row: the first reason its note names, and the words. Rows without words are not here."""

DISPUTED = frozenset({"amkor_az"})
"""Rows whose words read as the other cause: the column wins, the page shows what hangs on it."""

PROMISED_ON: dict[str, tuple[str, str]] = {
    "skh_yongin1": ("2024-07", "Promise is the board plan of July 2024"),
}
"""Rows whose promise was not made when the project was announced, and the words."""

REGIONS: dict[str, tuple[str, ...]] = {
    "US": ("US",),
    "Europe and Israel": ("Germany", "France", "Israel"),
    "Taiwan, China, Japan": ("Taiwan", "China", "Japan"),
    "other Asia": ("Korea", "Singapore", "Malaysia", "India"),
}

SHORT = {"us": "US", "europe": "Europe and Israel", "east_asia": "Taiwan, China, Japan",
         "other_asia": "other Asia"}
"""The region groups in names of estimates."""

MEMORY = ("DRAM", "NAND")


def region_of(country: str) -> str | None:
    """The region group, or None where no row of the register stands in it.

    >>> region_of("Japan"), region_of("Brazil")
    ('Taiwan, China, Japan', None)
    """
    return next((name for name, members in REGIONS.items() if country in members), None)


def kind_of(kind: str) -> str:
    """logic, memory, packaging or other, from the register's words.

    >>> [kind_of(k) for k in ("logic", "DRAM/HBM", "HBM packaging", "analog 300mm", "DRAM/logic")]
    ['logic', 'memory', 'packaging', 'other', 'memory']
    """
    if "packaging" in kind:
        return "packaging"
    if any(word in kind for word in MEMORY):
        return "memory"
    return "logic" if kind in ("logic", "foundry", "2nm") else "other"


def companies(company: str) -> tuple[str, ...]:
    """The partners of a project, the leader first; a row leaves with any of them.

    >>> companies("TSMC/JASM")
    ('TSMC', 'JASM')
    """
    return tuple(part.strip() for part in company.split("/"))
