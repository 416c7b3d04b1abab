"""Ends on request: a signal unwinds the run wherever it is, so that unfinished results are cleared away."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["Stopped", "stops_on_signals"]

#: Seconds after which a request that got lost is made again.
_PAUSE = 0.02


class Stopped(BaseException):
    """The machine asked us to stop.

    Attributes
    ----------
    code : int
        Exit code, as shells count: 128 and the number of the signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
        self.code = 128 + number


@contextmanager
def stops_on_signals() -> Iterator[None]:
    """Raise :class:`Stopped` where a job is ended or its terminal closes; what is ignored, as under nohup, stays so.

    Python drops what a signal raises in a finalizer or a callback of the garbage collector, and goes on as if nobody had asked.
    Such a request, an interrupt among them, is made again a moment later.
    """
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    taken = [number for number in numbers if signal.getsignal(number) is signal.SIG_DFL]
    before = sys.unraisablehook

    def repeat(lost: Any) -> None:
        if isinstance(lost.exc_value, Stopped):
            number = lost.exc_value.number
        elif isinstance(lost.exc_value, KeyboardInterrupt):
            number = signal.SIGINT
        else:
            before(lost)
            return
        again = threading.Timer(_PAUSE, signal.raise_signal, (number,))
        again.daemon = True
        again.start()

    for number in taken:
        signal.signal(number, _stop)
    sys.unraisablehook = repeat
    try:
        yield
    finally:
        sys.unraisablehook = before
        for number in taken:
            signal.signal(number, signal.SIG_DFL)


def _stop(number: int, _: object) -> None:
    raise Stopped(number)
