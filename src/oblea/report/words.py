"""The interface's words: one catalogue, two languages."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

import yaml

from ..errors import InputErrors, Problem, did_you_mean

LANGUAGES = ("en", "es")


@lru_cache(maxsize=1)
def catalogue() -> dict[str, dict[str, str]]:
    """key -> language -> text, from all files of `data/words`; no key stands in two."""
    words: dict[str, dict[str, str]] = {}
    for file in sorted(resources.files("oblea.data").joinpath("words").iterdir(), key=str):
        for key, texts in yaml.safe_load(file.read_text("utf-8")).items():
            if key in words:
                raise ValueError(f"{file.name}: {key} stands in another file too")
            words[key] = texts
    return words


class Words:
    """`Words("es")("folder", folder="runs/x")` is a text in Spanish."""

    def __init__(self, lang: str) -> None:
        if lang not in LANGUAGES:
            raise InputErrors([Problem("--lang", None, "", f"found {lang!r}; allowed: "
                                       f"{', '.join(LANGUAGES)}{did_you_mean(lang, LANGUAGES)}")])
        self.lang = lang

    def __call__(self, key: str, **values: object) -> str:
        return catalogue()[key][self.lang].format(**values)
