"""Which rows most need a better source: second-hand and recalled facts by what rests on them.

A fact's weight is the largest share of a verdict number's spread that a number carries which rests
on it (`oblea evidence share`). Facts behind one number share its weight; no fact is claimed to
carry it alone.

    python examples/rank_sources.py [HOW MANY] [FUTURES]
"""

from __future__ import annotations

import sys

import oblea
from oblea.service import evidence_shares


def ranking(paths: int = 1024) -> list[tuple[float, str, str]]:
    """(share, number, fact) of every fact that is not primary, largest first, each fact once."""
    sc = oblea.load("seven-trillion")
    best: dict[str, tuple[float, str]] = {}
    for key, share in evidence_shares(paths=paths)["numbers"].items():
        for fact in sc.numbers[key].facts:
            if share > best.get(fact, (0.0, ""))[0]:
                best[fact] = share, key
    weak = {f for f in best if sc.evidence.fact(f).grade in ("second-hand", "recalled")}
    return sorted(((*best[f], f) for f in weak), key=lambda x: (-x[0], x[2]))


def main(most: str = "20", paths: str = "1024") -> None:
    facts = oblea.load("seven-trillion").evidence
    for share, key, name in ranking(int(paths))[: int(most)]:
        f = facts.fact(name)
        print(f"{100 * share:5.1f} %  {name:<36} {f.grade:<12} {key}")
        print(f"         {f.source.publisher}  {f.source.url}")


if __name__ == "__main__":
    main(*sys.argv[1:])
