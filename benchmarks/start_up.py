"""How long the command line takes to answer, against a bare interpreter in the same run."""

from __future__ import annotations

import subprocess
import sys
import time


def _seconds(*arguments: str) -> float:
    times = []
    for _ in range(7):
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return min(times)


def run() -> list[tuple[str, float, str, str, bool]]:
    """Return rows of (what, value, unit, goal, met)."""
    bare = _seconds("-c", "pass")
    module = _seconds("-c", "import tradewinds")
    help_text = _seconds("-m", "tradewinds", "--help")
    return [
        ("import tradewinds, over a bare interpreter", module - bare, "s", "<= 0.3", module - bare <= 0.3),
        ("tradewinds --help", help_text, "s", "<= 1", help_text <= 1.0),
    ]
