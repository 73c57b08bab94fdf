"""What a kilowatt of an accelerator holds, by release: compute, memory and logic area.

    ln(x / TDP) = a_vendor + g t

over accelerators released since 2020, when all vendors' had BF16 and HBM; a level for each vendor,
so that a vendor that comes late moves no slope. Chips shaped by export rules are left out. Power is
the chip's, of its lowest profile: a site takes some 1.6 to 2 times as much, a factor that has no
clear trend. Source: the table `accelerator_specs`.

By hand: a vendor's chips of 100 W with 10 GB and, a year later, of 200 W with 24: 100, then 120 GB
a kilowatt, so that g = ln 1.2 and the estimate is 20 %/year.
"""

from __future__ import annotations

from collections.abc import Callable

from oblea.evidence import Evidence

from ._known import Point, of_rows
from .growth import Series
from .prices import EXPORT_LIMITED

SINCE = "2020"
"""From the first accelerators with BF16 on: before, matrix units of their own made one step."""


def _per_kw(column: str) -> Callable[[Evidence], list[Point]]:
    def value(row: dict) -> float | None:
        old = row["release_date"] < SINCE or row["id"] in EXPORT_LIMITED
        return None if old or not row[column] or not row["tdp_w"] else (
            row[column] / (row["tdp_w"] / 1e3))
    return lambda ev: of_rows(ev, "accelerator_specs", "release_date", value,
                              owner=lambda r: r["vendor"], label=lambda r: r["id"])


_SINCE_2020 = "by release since 2020, a level for each vendor"
_CHIP = "Chip power, not facility power; released chips only."

SERIES: dict[str, Series] = {
    "bf16_per_kw_growth": Series(
        _per_kw("bf16_flop_s"), f"dense 16-bit FLOP/s a kW of TDP {_SINCE_2020}", _CHIP,
        scatter=True),
    "fp8_per_kw_growth": Series(
        _per_kw("fp8_flop_s"), f"dense 8-bit FLOP/s a kW of TDP {_SINCE_2020}",
        f"{_CHIP} Eight-bit integers where there was no eight-bit float.", scatter=True),
    "memory_per_kw_growth": Series(
        _per_kw("memory_gb"), f"GB of HBM a kW of TDP {_SINCE_2020}",
        f"{_CHIP} Of Rubin Ultra both 384 GB and 1 TB are told "
        "(rubin_ultra_hbm_2026, hbm_stacks_rubin_ultra).", scatter=True),
    "logic_per_kw_growth": Series(
        _per_kw("die_area_mm2"), f"mm2 of logic a kW of TDP {_SINCE_2020}",
        "Few vendors tell areas. It is heat per area that rises, which has an end.", scatter=True),
}
