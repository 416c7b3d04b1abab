"""Replicate Grossman and Helpman (2015): solve every mechanism, ask, grade, and hand over the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from tradewinds.growth import mechanisms
from tradewinds.replications.collect import Replication
from tradewinds.replications.grossman_helpman import comparison
from tradewinds.replications.grossman_helpman.claims import Answered, answer_all, claim_frame, claim_numbers
from tradewinds.replications.grossman_helpman.failures import FAILURES, Failure, Moved
from tradewinds.replications.grossman_helpman.figures import adoption_figure, glance, sampson_figure
from tradewinds.replications.grossman_helpman.numbers import (
    COLUMNS,
    REMEMBERED,
    Cut,
    Opening,
    cut,
    cut_numbers,
    opening,
    opening_numbers,
)
from tradewinds.replications.grossman_helpman.page import TITLE, abstract, build_report, differences
from tradewinds.replications.grossman_helpman.survey import SECTIONS
from tradewinds.replications.grossman_helpman.tables import calibration_records
from tradewinds.replications.targets import Computed, downgraded, read_targets, score
from tradewinds.report import Findings, PaperPage, tidy_frame
from tradewinds.report.compare import compare_page

__all__ = ["PAPER", "computed_numbers", "find_failures", "run"]

PAPER = "grossman-helpman"

#: Units of work: claims, numbers in print, figures, the comparison, pages.
STEPS = 5

Key = tuple[str, str, str]


def run(progress: Callable[[int, int], None] | None = None) -> Replication:
    """Return everything the replication found.

    Parameters
    ----------
    progress : callable, optional
        Called with units of work done and wanted.

    Raises
    ------
    ConvergenceError
        If an equilibrium does not satisfy its conditions.
    """
    steps = iter(range(1, STEPS + 1))

    def step() -> None:
        done = next(steps)
        if progress:
            progress(done, STEPS)

    targets = read_targets(PAPER)
    answered = answer_all()
    moved = find_failures()
    step()
    cuts, opened = {variant: cut(variant) for variant in COLUMNS}, opening()
    board = score(PAPER, targets, computed_numbers(answered, cuts, opened))
    step()
    drawn = {name: glance(name) for name in mechanisms}
    drawn |= {"correction": adoption_figure(cuts), "dynamic-selection": sampson_figure()}
    step()
    compared = comparison.same_shock()
    page = compare_page(compared)
    step()
    failed = [*downgraded(targets, board), *_unfounded(moved), *page.failed_checks]
    section = comparison.comparison_section(compared, page)
    report = build_report(answered, moved, board, drawn, opened, section, failed)
    step()
    return Replication(
        page=PaperPage(PAPER, TITLE, f"{PAPER}/report.html", "", abstract(answered), differences(), SECTIONS),
        scoreboard=board,
        findings=Findings(
            report,
            _results(),
            figures={name: figure.svg for name, figure in (drawn | page.figures).items()},
            tables={
                "claims.csv": claim_frame(answered),
                "calibrations.csv": _calibrations(),
                "comparison.csv": compared.tidy(),
                **{f"comparison-{name}": frame for name, frame in page.tables.items()},
            },
            parameters=[record for each in answered for record in calibration_records(each)],
        ),
    )


def computed_numbers(answered: Sequence[Answered], cuts: Mapping[str, Cut], opened: Opening) -> dict[Key, Computed]:
    """Return what every target comes to."""
    printed = {key: Computed(value) for key, value in cut_numbers(cuts).items()}
    remembered = {key: Computed(value, REMEMBERED) for key, value in opening_numbers(opened).items()}
    return claim_numbers(answered) | printed | remembered


def find_failures() -> dict[tuple[str, str], Moved]:
    """Solve the economies in which claims fail, by mechanism and claim."""
    return {
        (mechanism, claim): case.solve(mechanism) if isinstance(case, Failure) else case(mechanism)
        for (mechanism, claim), case in FAILURES.items()
    }


def _unfounded(moved: Mapping[tuple[str, str], Moved]) -> list[str]:
    """Say which claims do not fail where they are said to."""
    return [
        f"{mechanism}, {claim}: does not fail at {found.where}"
        for (mechanism, claim), found in moved.items()
        if not found.contradicted
    ]


def _results() -> pd.DataFrame:
    """Return every mechanism at its standard calibration, with trade and in autarky."""
    frames = [
        mechanism.solve(regime=regime).value.tidy()
        for mechanism in mechanisms.values()
        for regime in ("baseline", "autarky")
    ]
    return tidy_frame(pd.concat(frames, ignore_index=True), ("mechanism", "variant", "regime"))


def _calibrations() -> pd.DataFrame:
    """Return every standard calibration with sources."""
    frames = [mechanism.calibration().assign(mechanism=name) for name, mechanism in mechanisms.items()]
    return pd.concat(frames, ignore_index=True)
