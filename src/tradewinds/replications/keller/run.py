"""Replicate Keller (1997): compute, grade, and hand over the pages."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

from tradewinds.data import datasets, keller1997_calibrated
from tradewinds.replications.collect import Replication
from tradewinds.replications.keller.ensemble import FIRST_SEED, Ensemble, run_ensemble, trade_fits
from tradewinds.replications.keller.exhibits import STAND_IN, checks, computed_numbers
from tradewinds.replications.keller.page import build_report, differences, extras, figures
from tradewinds.replications.targets import downgraded, read_targets, score
from tradewinds.report import DatasetRecord, Findings, PaperPage, ParameterRecord, tidy_frame

__all__ = ["DRAWS", "PANELS", "run"]

#: Simulated panels, and random trade patterns in each (the paper's number).
PANELS = 40
DRAWS = 1_000
#: Panels with a trade effect of twenty times the general one; only adjusted R2 are read from them.
TRADE_PANELS, TRADE_MULTIPLE = 10, 20.0
SEED = 1
SIMULATIONS = 200


def run(
    progress: Callable[[int, int], None] | None = None, *, panels: int = PANELS, simulations: int = SIMULATIONS
) -> Replication:
    """Return everything the replication found.

    Parameters
    ----------
    progress : callable, optional
        Called with units of work done and wanted: the panels behind the tables, and two for what goes beyond them.
    panels, simulations : int
        Simulated panels behind the tables, and simulated data sets a point of the power study.
    """
    targets = read_targets("keller")
    step = _counter(progress, panels + 2)
    ensemble = run_ensemble(panels, DRAWS, seed=SEED, step=step)
    with_trade = trade_fits(min(panels, TRADE_PANELS), TRADE_MULTIPLE)
    more = extras(keller1997_calibrated(seed=FIRST_SEED), DRAWS, simulations, SEED)
    step()
    scoreboard = score("keller", targets, computed_numbers(ensemble))
    found = checks(ensemble, with_trade, targets)
    made = figures(more)
    failed = [*downgraded(targets, scoreboard), *(f"{item.what}: {item.ours}" for item in found if not item.passed)]
    report = build_report(scoreboard, ensemble, found, more, made)
    step()
    return Replication(
        page=PaperPage(
            "keller",
            "Keller (1997): How Trade Patterns and Technology Flows Affect Productivity Growth",
            "keller/report.html",
            STAND_IN,
            "Trade tables and depreciation rates are data. Tables 1 to 5 are on simulated panels, side by side in the full report.",
            differences(),
        ),
        scoreboard=scoreboard,
        findings=Findings(
            replace(report, parameters=_parameters(panels, simulations), failed_checks=failed),
            tidy_frame(_results(ensemble), ["exhibit", "specification", "term", "statistic"]),
            figures={name: svg for name, (_, svg, _) in made.items()},
            datasets=[DatasetRecord(entry.name, entry.sha256, entry.source) for entry in datasets() if entry.sha256],
            seed=SEED,
        ),
    )


def _counter(progress: Callable[[int, int], None] | None, total: int) -> Callable[[], None]:
    """Return a function to call after each unit of work."""
    done = itertools.count(1)

    def step() -> None:
        if progress:
            progress(next(done), total)

    return step


def _results(ensemble: Ensemble) -> list[dict[str, object]]:
    """Return mean and spread over panels of every cell, tidy."""
    return [
        {
            "variable": variable,
            "value": values[cell],
            "unit": "as printed in the exhibit",
            "exhibit": cell[0],
            "specification": cell[1],
            "term": cell[2],
            "statistic": cell[3],
        }
        for variable, values in (("mean_over_panels", ensemble.mean), ("sd_over_panels", ensemble.spread))
        for cell in values
    ]


def _parameters(panels: int, simulations: int) -> list[ParameterRecord]:
    return [
        ParameterRecord("panels", panels, unit="simulated panels", source="tradewinds.replications.keller"),
        ParameterRecord("first_panel_seed", FIRST_SEED, source="tradewinds.replications.keller"),
        ParameterRecord("draws", DRAWS, "B", "random trade patterns a panel", "Keller (1997), Section 4.1.1"),
        ParameterRecord(
            "power_simulations", simulations, unit="simulated data sets", source="tradewinds.replications.keller"
        ),
    ]
