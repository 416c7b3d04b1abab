"""Replicate Bayoumi, Coe and Helpman (1996): simulate, grade, and hand over the pages."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING

import pandas as pd

from tradewinds.errors import MissingDependencyError
from tradewinds.replications.collect import Replication
from tradewinds.replications.targets import downgraded, read_targets, score
from tradewinds.report import DatasetRecord, Findings, PaperPage, tidy_frame

if TYPE_CHECKING:
    from tradewinds.replications.bch.exhibits import Simulated
    from tradewinds.world import Calibration

__all__ = ["run"]

#: What is kept of every simulation, five years apart.
_KEPT = (
    "potential_output",
    "output",
    "tfp",
    "tfp_domestic_rnd",
    "tfp_foreign_rnd",
    "tfp_trade",
    "capital",
    "market_value",
    "investment",
    "consumption",
    "domestic_rnd_stock",
    "foreign_rnd_stock",
    "manufactures_imports_gdp",
    "real_exchange_rate",
    "terms_of_trade",
    "real_interest_rate",
    "current_account_gdp",
)


def run(progress: Callable[[int, int], None] | None = None) -> Replication:
    """Return everything the replication found.

    Parameters
    ----------
    progress : callable, optional
        Called with units of work done and wanted: the simulations and the pages.

    Raises
    ------
    MissingDependencyError
        If the libraries that solve models are not installed.
    ConvergenceError
        If a simulation does not solve.
    """
    _require_solver()
    from tradewinds.replications.bch import exhibits, page
    from tradewinds.replications.bch.figures import figures
    from tradewinds.replications.bch.unfitted import UNFITTED, simulate_unfitted
    from tradewinds.replications.bch.variants import VARIANTS
    from tradewinds.report.world import failed_checks, parameter_records
    from tradewinds.world import read_calibration

    done, total = 0, 21 + len(VARIANTS)

    def step(count: int) -> None:
        nonlocal done
        done += count
        if progress:
            progress(done, total)

    targets = read_targets("bch")
    world = read_calibration(exhibits.CALIBRATION)
    simulated = exhibits.simulate_all(world, step)
    unfitted = simulate_unfitted()
    step(len(unfitted))
    board = score("bch", targets, exhibits.computed_numbers(simulated, targets))
    made = figures(simulated)
    failed = [*downgraded(targets, board), *failed_checks([*simulated.every.values(), *unfitted.values()])]
    report = page.build_report(simulated, unfitted, board, made, parameter_records(world), failed)
    step(1)
    return Replication(
        page=PaperPage("bch", page.TITLE, "bch/report.html", "", page.abstract(board), page.differences()),
        scoreboard=board,
        findings=Findings(
            report,
            _results(simulated),
            figures={name: svg for name, (_, svg, _) in made.items()},
            tables={"text.csv": _statements(simulated)},
            datasets=[*_files(world), *_files(read_calibration(UNFITTED))],
        ),
    )


def _require_solver() -> None:
    missing = [name for name in ("jax", "asdex") if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingDependencyError(
            f'the world model needs {" and ".join(missing)} to be solved: pip install "tradewinds[models]"'
        )


def _results(simulated: Simulated) -> pd.DataFrame:
    """Return deviations by country in 1996 and every fifth year from 2000."""
    from tradewinds.world.results import UNITS
    from tradewinds.world.variables import MEASURES

    frames = []
    for name, result in simulated.every.items():
        years = [year for year in result.years if year % 5 == 0 or year == result.first_year]
        places = [year - result.first_year for year in years]
        for variable in _KEPT:
            for code in result.calibration.codes:
                column = {"variable": variable, "value": result.deviation(variable, code)[places]}
                place = {"unit": UNITS[MEASURES[variable]], "scenario": name, "country": code, "year": years}
                frames.append(pd.DataFrame(column | place))
    return tidy_frame(pd.concat(frames, ignore_index=True), ("scenario", "country", "year"))


def _statements(simulated: Simulated) -> pd.DataFrame:
    """Return statements of the text beside ours."""
    from tradewinds.replications.bch.text import path_statements, with_our_tables

    judged = with_our_tables(simulated)
    paths = pd.DataFrame(
        [(item.page, item.text, item.paper, item.ours, item.holds) for item in path_statements(simulated)],
        columns=["page", "claim", "text", "ours", "ours_agrees"],
    )
    return pd.concat([judged, paths], ignore_index=True)


def _files(world: Calibration) -> list[DatasetRecord]:
    """Return the records of the files that a calibration is read from."""
    from tradewinds.world.files import calibration_files

    return [
        DatasetRecord(f"{world.name}/{file}", sha256(content).hexdigest(), world.source)
        for file, content in calibration_files(world.name).items()
    ]
