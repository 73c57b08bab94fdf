"""docs/estimates.md, written from the estimates themselves.

    python -c "from oblea.estimates import as_markdown; print(as_markdown(), end='')"
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

from oblea.evidence import Evidence, load

from . import delays, score, sponsor
from ._types import Estimate
from .causes import DISPUTED, REASONS
from .registry import estimate, names

INTRO = """# Estimates

Numbers that have data are fitted by code from the tables in `src/oblea/data/evidence/`; this page
is written by `oblea.estimates.as_markdown()`, and a test holds it to them. Intervals are 90 %. For
a growth rate the interval is that of a rate that lasts: t on the residual's degrees of freedom,
wider where residuals hang together; *one year* is what one further year may show, with the residual
of a point. `estimate(name, evidence, known_by=day)` uses only rows known by that day; series are as
revised since, so a back-test sees better counts than people had.
"""

COMPUTED = """`hbm`, `cowos` and `logic` rows are computed by their source from sales and parts a
chip; they are no second witness beside `nvidia_installed_growth`. The N3 defect row is left out: no
table says when its volume production began."""

NEWCOMER = """s(t) = s_max / (1 + exp(-(t - t50) / tau)), shares of the world's compute in use,
years since each precedent began. Three points of OpenAI for three parameters: nothing is left to
check, and they do not lie on any such curve, since the share fell in the second year and then rose.
With Anthropic (two) and CoreWeave (five within a year) t50 and tau run to the edges of the search:
the precedents give levels, not a curve. xAI has one point and Rapidus none. The share in a year's
additions, on which the model puts its limit, is `newcomer_flow_*`."""

SCORED = f"""Months, on projects that the sponsor did not strike. Weights 1 / G of Kaplan-Meier; the
interval draws companies with replacement; better means that it lies below zero with at least
{score.LEAST_SCORED} scored. The baseline with a spread is a normal about it, with the sd of the
delays it learned from. *Trained on* is the smallest fit where there are several."""

NOT_SCORED = """The sponsor's hazard is not scored: strikes have no date in the register, so there
is no earlier day to forecast from."""


def number(x: float) -> str:
    """Three figures, without exponents.

    >>> number(1146.1), number(0.04102), number(-0.5), number(100.0)
    ('1,150', '0.0410', '-0.500', '100')
    """
    if x == 0:
        return "0"
    places = 2 - int(np.floor(np.log10(abs(float(f"{x:.2e}")))))
    return f"{round(x, places):,.{max(places, 0)}f}"


def span(low: float, high: float) -> str:
    """An interval.

    >>> span(0.5, 2.0)
    '0.500 to 2.00'
    """
    return f"{number(low)} to {number(high)}"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table in Markdown.

    >>> print(table(["a", "b"], [["1", "2"]]))
    | a | b |
    |---|---|
    | 1 | 2 |
    """
    head = list(head)
    lines = [head, ["---"] * len(head), *map(list, rows)]
    rule = "|" + "|".join(["---"] * len(head)) + "|"
    return "\n".join(rule if i == 1 else f"| {' | '.join(line)} |" for i, line in enumerate(lines))


def _estimates(some: list[Estimate], *, growth: bool = False) -> str:
    head = ["name", "value", "90 %", *["one year"] * growth, "unit", "n", "newest", "how", "weak"]
    rows = ([f"`{e.name}`", number(e.value), span(e.low, e.high),
             *[span(*e.one_year) if e.one_year else ""] * growth,
             e.unit, str(e.n), e.newest, e.method, e.caveat] for e in some)
    return table(head, rows)


def _register(evidence: Evidence) -> str:
    rows = evidence.table("fab_projects")
    causes = Counter(r["cause"] for r in rows)
    used = Counter(r["cause"] for r in rows if r["use_in_delay"])
    done = Counter(p.kind for p in delays.projects(evidence) if p.finished)
    said = table(["row", "reason", "words of its note"],
                 ([f"`{i}`", reason, words] for i, (reason, words) in REASONS.items()))
    late = [r["id"] for r in rows if r["cause"] != "none" and r["id"] not in REASONS]
    kinds = ", ".join(f"{k} {done[k]}" for k in ("logic", "memory", "packaging", "other"))
    disputed = ", ".join(f"`{i}`" for i in sorted(DISPUTED))
    return f"""The register has {len(rows)} projects: {causes['execution']} late by execution, \
{causes['sponsor']} struck by the sponsor, {causes['none']} not late; of {used.total()} in use for \
delays {used['execution']}, {used['sponsor']} and {used['none']}. Its `cause` column is kept; \
reasons within a cause are read from notes:

{said}

No words of a reason: {', '.join(f'`{i}`' for i in late)}. {disputed} is execution in the column, \
and its words read as the sponsor's.

Finished projects that the sponsor did not strike, by kind: {kinds}. An effect of kind needs two \
of logic, memory and packaging with at least {delays.LEAST} each; without it the kind of a project \
does not change its forecast."""


def _model(evidence: Evidence) -> str:
    _, _, p = sponsor.by_region(sponsor.statuses(evidence))
    regions = ("is rejected at p = {}: each keeps its own" if p < 0.05 else
               "is not rejected (p = {}) and stands for each").format(number(p))
    return f"""Execution: ln(actual / promised) ~ N(mu + d_region, sigma), from the day of the \
promise. Prior of d: normal, sd {number(delays.prior_sd(evidence))}, that of ln building days over \
seven regions (`cset_days_*`). Sponsor: a hazard a year; one hazard for all regions {regions}."""


def _variants(evidence: Evidence) -> str:
    tau = delays.prior_sd(evidence)
    rows = []
    for what, projects in (
            ("as fitted", delays.projects(evidence)),
            ("expected openings taken for actual ones", delays.projects(evidence, expected=True)),
            ("disputed row given to the sponsor",
             delays.projects(evidence, also_sponsor=DISPUTED))):
        model = delays.fit(projects, tau)
        rows.append([what, f"{model.n} ({model.finished} finished)",
                     *(number(np.exp(model.log_ratio(g)[0])) for g in
                       (None, "US", "Taiwan, China, Japan")), number(model.sigma)])
    return table(["fit", "n", "median ratio, all", "US", "Taiwan, China, Japan", "spread"], rows)


def _scores(scores: list[score.Score]) -> str:
    rows = ([s.split, str(s.n), str(s.n_open), f"{s.trained[0]} ({s.trained[1]})", number(s.model),
             number(s.baseline), f"{number(s.difference)} ({span(s.low, s.high)})",
             "yes" if s.better else "no", number(s.model_median), number(s.spread)]
            for s in scores)
    return table(["split", "n scored", "n open", "trained on (finished)", "CRPS of the model",
                  "of promise + country's median delay", "difference (90 %)", "better",
                  "error of the model's median", "CRPS of the baseline with a spread"], rows)


def _verdict(scores: list[score.Score]) -> str:
    better = [s.split for s in scores if s.better]
    not_better = [s.split for s in scores if not s.better]
    text = []
    if better:
        text.append(f"The model is better than the baseline on: {'; '.join(better)}.")
    if not_better:
        text.append(f"It is not shown to be better on: {'; '.join(not_better)}.")
    worse = [s.split for s in scores if s.model_median > s.baseline]
    if worse:
        text.append("Its median alone, as a single figure, is further off than the baseline on: "
                    f"{'; '.join(worse)}; there the gain is that it states a spread.")
    plain = [s.split for s in scores if s.spread <= s.model]
    if plain:
        text.append(f"The baseline with a plain spread does as well or better on: "
                    f"{'; '.join(plain)}.")
    return " ".join(text)


def as_markdown(evidence: Evidence | None = None) -> str:
    """The page, ending in a newline."""
    evidence = evidence or load()
    every = [estimate(name, evidence) for name in names()]
    late = [e for e in every if e.name.startswith(("delay_", "sponsor_"))]
    new = [e for e in every if e.name.startswith("newcomer_")]
    rest = [e for e in every if e not in late and e not in new]
    scores = [score.time_split(evidence), score.time_split(evidence, made_after=True),
              score.leave_one_company_out(evidence)]
    parts = [
        INTRO, "## Growth, prices, yield", _estimates(rest, growth=True), COMPUTED,
        "## The newcomer's curve", NEWCOMER, _estimates(new),
        "## Delays", _register(evidence), _model(evidence), _estimates(late),
        "What the fit hangs on:", _variants(evidence),
        "## Score of the execution model", SCORED, _scores(scores), _verdict(scores), NOT_SCORED]
    return "\n\n".join(part.strip() for part in parts) + "\n"
