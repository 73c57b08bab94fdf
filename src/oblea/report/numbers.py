"""Numbers for people: two or three figures, a scale word, the marks of the reader's locale."""

from __future__ import annotations

from math import floor, log10

from babel.numbers import format_decimal

ENDLESS = 1e18  # dollars: what a limit that is switched off lets through


def plain(x: float, lang: str = "en", digits: int = 3) -> str:
    """Three significant figures with separators.

    >>> plain(1234567.0), plain(12.345), plain(0.5), plain(1234.5, "es")
    ('1,230,000', '12.3', '0.5', '1.230')
    """
    if x == 0:
        return "0"
    rounded = float(f"{x:.{digits}g}")
    whole = abs(rounded) >= 10 ** (digits - 1)
    return format_decimal(rounded, "#,##0" if whole else "#,##0.##########", lang)


def fixed(x: float, decimals: int, lang: str = "en") -> str:
    """So many decimals; no minus before a zero.

    >>> fixed(1.016, 2), fixed(-0.004, 2), fixed(3858.4, 0, "es")
    ('1.02', '0.00', '3.858')
    """
    places = "." + "0" * decimals if decimals else ""
    return format_decimal(round(x, decimals) + 0.0, f"#,##0{places}", lang)


def usd(x: float, lang: str = "en") -> str:
    """Trillions to a digit or two, else billions; billones and mil millones in Spanish.

    >>> usd(1.02e12), usd(7e12), usd(3.4e11), usd(7e12, "es")
    ('1.0 T', '7.0 T', '340 bn', '7,0 B')
    """
    if abs(x) >= 5e11:
        return f"{fixed(x / 1e12, 1, lang)} {trillion(lang)}"
    return f"{plain(x / 1e9, lang, 2)} {billion(lang)}"


def pledge(x: float, lang: str = "en") -> str:
    """A sum that somebody chose, as it was said.

    >>> pledge(7e12), pledge(5e11), pledge(1.5e12, "es")
    ('7 T', '500 bn', '1,5 B')
    """
    if x >= 1e12:
        return f"{plain(x / 1e12, lang)} {trillion(lang)}"
    return f"{plain(x / 1e9, lang)} {billion(lang)}"


def trillion(lang: str) -> str:
    return "B" if lang == "es" else "T"


def billion(lang: str) -> str:
    return "mM" if lang == "es" else "bn"


def span(low: str, high: str, lang: str = "en") -> str:
    """Two numbers as an interval, the unit once where both have the same.

    >>> span("0.5 T", "1.9 T"), span("50 bn", "1.9 T"), span("-41 bn", "310 bn"), span("7 T", "7 T")
    ('0.5-1.9 T', '50 bn-1.9 T', '-41 to 310 bn', '7 T')
    """
    if low == high:
        return high
    (a, _, unit), (_, _, other) = low.partition(" "), high.partition(" ")
    if unit == other:
        low = a
    between = (" a " if lang == "es" else " to ") if "-" in low + high else "-"
    return f"{low}{between}{high}"


def usd_span(low: float, high: float, lang: str = "en") -> str:
    """An interval of dollars, in trillions from a tenth of one where its upper end is in them.

    >>> usd_span(4.65e11, 1.89e12), usd_span(1e10, 1.9e12), usd_span(4.5e10, 2.1e11)
    ('0.5-1.9 T', '10 bn-1.9 T', '45-210 bn')
    """
    return span(usd_beside(low, low, high, lang), usd(high, lang), lang)


def usd_beside(x: float, low: float, high: float, lang: str = "en") -> str:
    """Dollars in the unit of the interval beside them."""
    if high >= 5e11 and low >= 1e11:
        return f"{fixed(x / 1e12, 1, lang)} {trillion(lang)}"
    return usd(x, lang)


def billions(x: float, lang: str = "en") -> str:
    """Whole billions, so that a column can be added up.

    >>> billions(3.7485e11), billions(1e8), billions(0.0)
    ('375 bn', '< 1 bn', '0 bn')
    """
    text = "< 1" if 0.0 < x < 5e8 else fixed(x / 1e9, 0, lang)
    return f"{text} {billion(lang)}"


def chance(x: float) -> str:
    """A probability in whole per cent; never 0 or 100.

    >>> chance(0.0), chance(0.42), chance(1.0)
    ('< 1 %', '42 %', '> 99 %')
    """
    return "< 1 %" if x < 0.005 else "> 99 %" if x > 0.995 else f"{100 * x:.0f} %"


def percent(x: float, lang: str = "en", digits: int = 2) -> str:
    """A share or a rate.

    >>> percent(0.1335, digits=3), percent(0.09, "es"), percent(-1e-16)
    ('13.4 %', '9 %', '0 %')
    """
    return f"{plain(0.0 if abs(x) < 5e-5 else 100 * x, lang, digits)} %"


def big(x: float, lang: str = "en") -> str:
    """Powers of ten for FLOP, millions for H100e.

    >>> big(6.4e28), big(7.39e7), big(14.5)
    ('6e28', '73.9 M', '14.5')
    """
    if abs(x) >= 1e15:
        return f"{x:.0e}".replace("e+", "e")
    if abs(x) >= 1e6:
        return f"{plain(x / 1e6, lang)} M"
    return plain(x, lang)


def decimals(x: float) -> int:
    """Decimals at which a standard error has one figure, two at most.

    >>> decimals(23.0), decimals(0.34), decimals(0.0041), decimals(0.0)
    (0, 1, 2, 2)
    """
    return 2 if x <= 0 else min(max(-floor(log10(x)), 0), 2)


def error(x: float, se: float, lang: str = "en", places: int | None = None,
          signed: bool = False) -> str:
    """A mean and its standard error, to the same decimals.

    >>> error(999.4, 23.0, signed=True), error(0.642, 0.0147, places=2), error(0.0, 0.0)
    ('+999 ± 23', '0.64 ± 0.01', '0')
    """
    places = decimals(se) if places is None else places
    if round(x, places) == 0 and round(se, places) == 0:
        return "0"
    sign = "+" if signed and round(x, places) > 0 else ""
    return f"{sign}{fixed(x, places, lang)} ± {fixed(se, places, lang)}"
