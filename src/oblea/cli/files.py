"""Text to a file, whole or not at all; what cannot be written is said as bad input is."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import InputErrors, Problem


def write_new(file: Path, text: str) -> None:
    """A file that was not there before. Raises InputErrors where it was, or cannot be written."""
    begun = False
    try:
        with file.open("x", encoding="utf-8") as place:
            begun = True
            place.write(text)
    except OSError as error:
        if begun:
            file.unlink(missing_ok=True)
        raise InputErrors([Problem(
            str(file), None, "", "exists already; nothing was changed" if isinstance(
                error, FileExistsError) else f"cannot be written: {error.strerror}")]) from None


def check_new(file: Path | None) -> None:
    """Before the work: raises InputErrors where `write_new` would."""
    if file is not None and file.exists():
        raise InputErrors([Problem(str(file), None, "", "exists already; nothing was changed")])
    if file is not None and not file.absolute().parent.is_dir():
        raise InputErrors([Problem(str(file), None, "", f"there is no folder {str(file.parent)!r}")
                           ])


def write_over(file: Path, text: str, option: str) -> None:
    """A file in place of one that may be there. Raises InputErrors, named after the option."""
    part = file.with_name(f".{file.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        os.replace(part, file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise InputErrors([Problem(option, None, "", f"cannot write {str(file)!r}: "
                                   f"{error.strerror}")]) from None
