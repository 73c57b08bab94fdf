"""The command line: words in, words out; what is computed comes from the service."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from . import check as checks
from . import complete
from .compare import compare
from .evidence import app as evidence_app
from .folder import Folder
from .runs import app as runs_app
from .scale import scale
from .scenarios import glossary, new
from .stop import CODES, stoppable

app = typer.Typer(no_args_is_help=True, add_completion=True, rich_markup_mode="markdown",
                  pretty_exceptions_enable=False,
                  help="What it takes to build AI compute: what fits, what binds, on what evidence."
                  )
scenario_app = typer.Typer(no_args_is_help=True, help="List, show and check scenarios.")
cost_app = typer.Typer(no_args_is_help=True, help="Costs from their parts.")
app.add_typer(cost_app, name="cost", rich_help_panel="Calculate")
app.add_typer(evidence_app, name="evidence", rich_help_panel="Manage")
app.add_typer(runs_app, name="runs", rich_help_panel="Manage")
app.add_typer(scenario_app, name="scenario", rich_help_panel="Manage")

Sets = Annotated[list[str] | None, typer.Option(
    "--set", help="key=value laid over the scenario", autocompletion=complete.keys)]
Lang = Annotated[str, typer.Option("--lang", help="en or es",
                                   autocompletion=complete.languages)]
Named = Annotated[str, typer.Option("--scenario", help="a name or a file",
                                    autocompletion=complete.scenarios)]
Json = Annotated[bool, typer.Option("--json", help="the same numbers for programs")]
Known = Annotated[str | None, typer.Option("--known-by", metavar="DATE",
                                           help="refuse facts that became public later")]


def _progress() -> Any:
    """A line on a terminal's error stream; nothing where no person looks."""
    if not sys.stderr.isatty():
        return None

    def say(what: str, part: float) -> None:
        end = "\r\033[K" if part >= 1 else ""
        print(f"\r{what:<14} {100 * part:3.0f} %{end}", end="", file=sys.stderr, flush=True)

    return say


def _has_blocks() -> bool:
    """Whether standard output can carry block characters."""
    try:
        "░▒▓█".encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


@app.command(rich_help_panel="Ask")
def run(scenario: Annotated[str, typer.Argument(
            help="a name or a file", autocompletion=complete.scenarios)] = "seven-trillion",
        set_: Sets = None,
        without: Annotated[list[str] | None, typer.Option(
            "--without", help="a mechanism to switch off, or 'each' in turn",
            autocompletion=complete.mechanisms)] = None,
        paths: Annotated[int, typer.Option("--paths", help="futures")] = 1000,
        seed: Annotated[int, typer.Option("--seed")] = 1,
        workers: Annotated[int | None, typer.Option("--workers", help="processes")] = None,
        quick: Annotated[bool, typer.Option("--quick", help="leave side ensembles out")] = False,
        explore: Annotated[bool, typer.Option("--explore", help="sliders in the report")] = False,
        as_json: Json = False, lang: Lang = "en",
        out: Annotated[Path | None, typer.Option("--out", help="run folder to write")] = None,
        known_by: Known = None,
        evidence: Folder = None) -> None:
    """Simulate a scenario and say what fits and what stops the rest.

    Example: oblea run seven-trillion --set "newcomer.share=25 %" --lang es
    """
    from ..report import each as each_text
    from ..report import readout
    from ..report.words import Words
    from ..results.store import write
    from ..service import run as simulate

    words = Words(lang)
    names = without or []
    done = simulate(scenario, sets=tuple(set_ or ()), evidence=evidence, known_by=known_by,
                    paths=paths, seed=seed,
                    workers=workers, without=tuple(n for n in names if n != "each"),
                    each="each" in names, quick=quick or "each" in names, explore=explore,
                    progress=_progress(),
                    on_main=None if as_json else lambda a: print(
                        readout.render_head(a, lang) + "\n", flush=True))
    folder = write(done, out, lang=lang)
    if as_json:
        print(json.dumps(done.answer | {"folder": str(folder)}, ensure_ascii=False, indent=1))
        return
    if done.answer["without"] is not None:
        print(words("folder", folder=folder))
        print()
        print(each_text.render(done.answer, lang))
        return
    print(readout.render_rest(done.answer, lang, blocks=_has_blocks()))
    print(words("report", file=folder / "report.html")
          + ("" if explore else f" · {words('explore_hint')}"))


app.command(rich_help_panel="Ask")(compare)
app.command(rich_help_panel="Doubt")(checks.check)
cost_app.command()(checks.decline)


@app.command(rich_help_panel="Doubt")
def why(key: Annotated[str, typer.Argument(
            help="a scenario key, a part of one, or a fact", autocompletion=complete.why)],
        scenario: Named = "seven-trillion",
        set_: Sets = None, as_json: Json = False, lang: Lang = "en",
        no_effect: Annotated[bool, typer.Option(
            "--no-effect", help="not what the number moves across its range")] = False,
        evidence: Folder = None) -> None:
    """Where a number comes from: value, method, facts, origin, users, and what it moves.

    Example: oblea why newcomer.share
    """
    from ..report.why import render
    from ..report.words import Words
    from ..service import why as explain

    Words(lang)
    entries = explain(key, scenario, sets=tuple(set_ or ()), evidence=evidence,
                      effect=not no_effect)
    print(json.dumps(entries, ensure_ascii=False, indent=1) if as_json else render(entries, lang))


@app.command(rich_help_panel="Doubt")
def backtest(day: Annotated[str | None, typer.Option("--from", metavar="DATE",
                                                     help="day whose knowledge is used")] = None,
             paths: Annotated[int, typer.Option("--paths", help="futures")] = 256,
             seed: Annotated[int, typer.Option("--seed")] = 1,
             to: Annotated[Path | None, typer.Option("--picture", metavar="FILE.svg",
                                                     help="what intervals held")] = None,
             as_json: Json = False, lang: Lang = "en", evidence: Folder = None) -> None:
    """The world as known on a day, against what happened since.

    Example: oblea backtest --from 2024-12-31
    """
    from ..report.backtest import render
    from ..report.words import Words
    from ..service import backtests
    from . import picture

    Words(lang)
    picture.check(to)
    done = backtests(day, evidence=evidence, paths=paths, seed=seed)
    picture.reliability(to, done, lang)
    print(json.dumps(done, ensure_ascii=False, indent=1) if as_json
          else "\n\n".join(render(a, lang) for a in done))


scenario_app.command()(new)
app.command(rich_help_panel="Calculate")(scale)
app.command(rich_help_panel="Doubt")(glossary)


@scenario_app.command("list")
def list_(lang: Lang = "en") -> None:
    """The bundled scenarios.

    Example: oblea scenario list --lang es
    """
    from ..report.words import Words
    from ..scenario import names
    from ..service import open_scenario

    Words(lang)
    for name in names():
        print(f"{name:<22} {getattr(open_scenario(name).title, lang)}")


@scenario_app.command()
def show(scenario: Annotated[str, typer.Argument(
            help="a name or a file", autocompletion=complete.scenarios)] = "seven-trillion",
         set_: Sets = None,
         limits: Annotated[bool, typer.Option("--limits", help="what is not modelled")] = False,
         lang: Lang = "en") -> None:
    """A scenario's whole text, with all that it inherits.

    Example: oblea scenario show stargate
    """
    import textwrap

    import yaml

    from ..report.words import Words
    from ..service import open_scenario

    if scenario == "reproductions":
        from ..service import reproductions

        print(reproductions(lang), end="")
        return
    if limits:
        print("\n".join(textwrap.wrap(Words(lang)("limits"), 79)))
        return
    sc = open_scenario(scenario, tuple(set_ or ()))
    print(yaml.safe_dump(sc.document, allow_unicode=True, sort_keys=False, width=100), end="")


@scenario_app.command()
def validate(files: Annotated[list[str], typer.Argument(
                help="names or files", autocompletion=complete.scenarios)],
             lang: Lang = "en", evidence: Folder = None) -> None:
    """Check scenarios; every problem with its file and line.

    Example: oblea scenario validate mine.yaml
    """
    from ..errors import InputErrors
    from ..report.words import Words
    from ..service import open_scenario

    words, problems = Words(lang), []
    for file in files:
        try:
            sc = open_scenario(file, (), evidence)
        except InputErrors as error:
            problems += error.problems
        else:
            print(words("valid", file=file, n=len(sc.numbers)))
    InputErrors.raise_if(problems)


@scenario_app.command()
def schema(out: Annotated[Path | None, typer.Option("--out", help="file to write")] = None) -> None:
    """JSON Schema of scenario files, for editors.

    Example: oblea scenario schema --out oblea-schema.json
    """
    from ..scenario import json_schema
    from .files import write_over

    text = json.dumps(json_schema(), indent=1)
    if out is None:
        print(text)
    else:
        write_over(out, text + "\n", "--out")


@cost_app.command()
def gigawatt(product: Annotated[str, typer.Argument(
            help="b300, rubin, tpu_v7, ...", autocompletion=complete.products)],
             basis: Annotated[str, typer.Option("--basis", help="IT or facility")] = "facility",
             scenario: Named = "reference",
             set_: Sets = None, as_json: Json = False, lang: Lang = "en",
             xlsx: Annotated[Path | None, typer.Option(
                 "--xlsx", help="workbook with live formulas")] = None,
             evidence: Folder = None) -> None:
    """What one gigawatt takes: wafers, memory, tools, dollars; beside published figures.

    Example: oblea cost gigawatt rubin --basis IT
    """
    from ..cost.gigawatt import gigawatt as compute
    from ..report.gigawatt import render
    from ..service import open_scenario

    sc = open_scenario(scenario, tuple(set_ or ()), evidence)
    g = compute(sc, product, basis)
    if xlsx is not None:
        from ..results.excel import gigawatt_to_excel

        gigawatt_to_excel(sc, product, basis, xlsx, lang)
    print(json.dumps(g.as_dict(), ensure_ascii=False, indent=1) if as_json else render(g, lang))


def main() -> None:
    """Entry point: input that cannot be used ends with code 2, an interruption with 130 or 143."""
    with stoppable() as came:
        try:
            _answer()
        except BaseException:
            if not came:
                raise
    if came:
        with suppress(Exception):  # stopped in an import, which may have left modules in halves
            from ..report.words import Words

            lang = "es" if "es" in sys.argv[1:] else "en"
            print(Words(lang)("interrupted"), file=sys.stderr)
        sys.exit(CODES[came[0]])


def _answer() -> None:
    from ..errors import InputErrors

    for stream in (sys.stdout, sys.stderr):  # a mark that an old terminal lacks is a question mark
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        app()
    except InputErrors as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:  # a reader such as head has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
