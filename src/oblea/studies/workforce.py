"""V7, people. The US chip workforce gap of 2030 (SIA and Oxford Economics, 2023), and what the
pipeline rows of the evidence imply.

The source's supply is not published: its gap can only be had as 58 % of the new jobs. Ours from the
pipeline: gap = new jobs + leavers to replace - people joining a year x years.
"""

from __future__ import annotations

from typing import Any


def ours(given: dict[str, Any]) -> dict[str, Any]:
    """People, except where a row says share."""
    new = given["jobs_2030"] - given["jobs_2023"]
    trades = ("technicians", "engineers", "computer_scientists")
    gap = given["unfilled_share"] * new
    joining = (given["engineers_a_year"] + given["technicians_a_year"]) * given["years"]
    # Of those now over 55, evenly spread to retirement, the part that reaches it in these years.
    leavers = (given["jobs_2023"] * given["over_55"]
               * given["years"] / (given["retire_at"] - 55.0))
    return {
        "new_jobs": new,
        "unfilled": gap,
        "trades": sum(given[k] for k in trades),
        "engineers": given["engineers"] / sum(given[k] for k in trades) * gap,
        "joining": joining,
        "pipeline": new - joining,
        "pipeline_leavers": new + leavers - joining,
    }
