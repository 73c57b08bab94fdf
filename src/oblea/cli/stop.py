"""Being told to stop: one door out, whatever was being done, so that nothing half-written stays."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}


class Stopped(BaseException):
    """Raised where the signal finds the program."""


@contextmanager
def stoppable() -> Iterator[list[int]]:
    """The signals that came, in a list. While it is on, each raises Stopped.

    An import or a library may turn Stopped into an error of its own: the list tells. Where Python
    must swallow it, as in a destructor, the signal is sent again.
    """
    came: list[int] = []

    def stop(number: int, frame: Any) -> None:
        came.append(number)
        raise Stopped

    def again(lost: Any) -> None:
        if came and isinstance(lost.exc_value, Stopped):
            os.kill(os.getpid(), came[-1])
        else:
            sys.__unraisablehook__(lost)

    for number in CODES:
        signal.signal(number, stop)
    sys.unraisablehook = again
    try:
        yield came
    finally:
        sys.unraisablehook = sys.__unraisablehook__
        for number in CODES:  # all is tidy: to stop is just to end
            signal.signal(number, signal.SIG_DFL)
