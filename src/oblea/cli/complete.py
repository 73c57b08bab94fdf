"""What a shell may complete: names of scenarios, mechanisms, products, keys, words. Never raises: a
completion that fails would write over what is being typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def _quiet(find: Callable[[], Iterable[str]]) -> Callable[[str], list[str]]:
    def completed(incomplete: str) -> list[str]:
        try:
            return sorted(x for x in find() if x.startswith(incomplete))
        except Exception:
            return []

    return completed


def _scenarios() -> Iterable[str]:
    from pathlib import Path

    from ..scenario import names

    return [*names(), *(p.name for p in Path().glob("*.yaml"))]


def _mechanisms() -> Iterable[str]:
    from ..chain.mechanisms import MECHANISMS

    return ["each", *MECHANISMS]


def _products() -> Iterable[str]:
    from ..scenario.load import tree

    return list(tree("reference").value["products"].value)


def _keys() -> Iterable[str]:
    from ..scenario.document import paths
    from ..scenario.load import tree

    return paths(tree("reference"))


def _why() -> Iterable[str]:
    return [*_keys(), *_facts()]


def _facts() -> Iterable[str]:
    """Ids in the tables of facts; to read them as evidence would take too long here."""
    from importlib import resources

    for file in resources.files("oblea.data").joinpath("evidence").iterdir():
        if file.name.endswith(".csv"):
            head, *rows = file.read_text("utf-8").splitlines()
            if head.startswith("id,value,unit"):
                yield from (row.split(",", 1)[0] for row in rows)


def _folders() -> Iterable[str]:
    from pathlib import Path

    return [str(p.parent) for p in Path().glob("runs/*/manifest.json")]


def _languages() -> Iterable[str]:
    from ..report.words import LANGUAGES

    return LANGUAGES


def _words() -> Iterable[str]:
    from ..report.glossary import glossary

    return list(glossary())


scenarios, mechanisms, products = _quiet(_scenarios), _quiet(_mechanisms), _quiet(_products)
languages, folders = _quiet(_languages), _quiet(_folders)
keys, why, words = _quiet(lambda: [f"{k}=" for k in _keys()]), _quiet(_why), _quiet(_words)
