"""Repeat the calibration of the world model: ``python -m tradewinds.replications.bch.calibrate --out parameters.csv``.

It starts from the first guesses in ``priors.csv``, or from the values that ship with the package, prints how far each table is off
at every step, and writes the parameter table with the values found. A step takes some minutes. The first guesses lie between the
priors, at which the trade simulation does not solve, and an earlier fit.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import TradewindsError
from tradewinds.replications.bch.fit import FITTED, Free, fit, read_free
from tradewinds.world import Calibration, Value, read_calibration
from tradewinds.world.scenario import BEYOND

__all__ = ["main", "parameter_table", "shipped_values", "without_fit"]

CALIBRATION = "bayoumi-coe-helpman-1996"


def shipped_values(calibration: Calibration, free: Sequence[Free]) -> NDArray[np.float64]:
    """Return the values that a calibration has for what is fitted, shape (K,)."""
    given = {(value.parameter, value.scope): value.value for value in calibration.values}
    return np.array([given[item.parameter, item.scope] for item in free])


def without_fit(calibration: Calibration, free: Sequence[Free]) -> tuple[Value, ...]:
    """Return the values of a calibration that do not come from the fit."""
    fitted = {(item.parameter, item.scope) for item in free}
    return tuple(
        value for value in calibration.values if (value.parameter, value.scope) not in fitted and value.source != FITTED
    )


def parameter_table(calibration: Calibration, free: Sequence[Free], values: Sequence[float]) -> str:
    """Return the parameter table with fitted values in their places: those of a parameter stand together, broadest scope first."""
    found = {(item.parameter, item.scope): value for item, value in zip(free, values, strict=True)}
    rows = [(value.parameter, value.scope, value.value, value.source) for value in without_fit(calibration, free)]
    rows += [(*key, value, FITTED) for key, value in found.items()]
    order = {name: k for k, name in enumerate(calibration.arrays)}
    rows.sort(key=lambda row: (order[row[0]], -len(calibration.find_scope(row[1]))))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("parameter", "scope", "value", "source"))
    writer.writerows((name, scope, f"{value:.6g}", source) for name, scope, value, source in rows)
    return out.getvalue()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the fit from the command line and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tradewinds.replications.bch.calibrate", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="where to write the parameter table")
    parser.add_argument("--start", choices=("priors.csv", "shipped"), default="priors.csv", help="first guess")
    parser.add_argument("--steps", type=int, default=12, help="most steps")
    parser.add_argument("--beyond", type=int, default=BEYOND, help="years solved after 2075")
    chosen = parser.parse_args(arguments)
    world, free = read_calibration(CALIBRATION), read_free()
    first = shipped_values(world, free) if chosen.start == "shipped" else np.array([item.start for item in free])
    try:
        found = fit(
            world,
            first=first,
            steps=chosen.steps,
            beyond=chosen.beyond,
            log=lambda text: sys.stdout.write(text + "\n") and sys.stdout.flush(),
        )
    except TradewindsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    chosen.out.write_text(parameter_table(world, free, list(found.values)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
