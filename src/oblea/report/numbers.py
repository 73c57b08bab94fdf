"""Numbers for people: three figures, a scale word, the reader's decimal mark."""

from __future__ import annotations


def plain(x: float, lang: str = "en", digits: int = 3) -> str:
    """Three significant figures with separators.

    >>> plain(1234567.0), plain(12.345), plain(0.5), plain(1234.5, "es")
    ('1,230,000', '12.3', '0.5', '1.230')
    """
    if x == 0:
        return "0"
    rounded = float(f"{x:.{digits}g}")
    text = f"{rounded:,.0f}" if abs(rounded) >= 10 ** (digits - 1) else f"{rounded:,.{digits}g}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "es" else text


def usd(x: float, lang: str = "en") -> str:
    """Trillions to a digit or two, else billions; billones and mil millones in Spanish.

    >>> usd(1.02e12), usd(7e12), usd(3.4e11), usd(7e12, "es")
    ('1.0 T', '7.0 T', '340 bn', '7,0 B')
    """
    if abs(x) >= 5e11:
        text = f"{x / 1e12:.1f}"
        return f"{text.replace('.', ',')} B" if lang == "es" else f"{text} T"
    return f"{plain(x / 1e9, lang, 2)} {'mM' if lang == 'es' else 'bn'}"


def chance(x: float) -> str:
    """A probability in whole per cent; never 0 or 100.

    >>> chance(0.0), chance(0.42), chance(1.0)
    ('< 1 %', '42 %', '> 99 %')
    """
    return "< 1 %" if x < 0.005 else "> 99 %" if x > 0.995 else f"{100 * x:.0f} %"


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
