"""Replicate Melitz and Trefler (2012): solve, ask, grade, and hand over the pages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd

from tradewinds.firms import MODELS, WidgetParameters, solve, solve_scenarios
from tradewinds.firms.measurement import canada_us_account
from tradewinds.replications.collect import Replication
from tradewinds.replications.melitz_trefler.economies import PARAMETERS, SEED, economies
from tradewinds.replications.melitz_trefler.figures import HIGH, LOW, figures, paper_economy
from tradewinds.replications.melitz_trefler.numbers import account_numbers, arithmetic, many_countries, widget_numbers
from tradewinds.replications.melitz_trefler.page import STAND_IN, TITLE, abstract, build_report, differences
from tradewinds.replications.melitz_trefler.stand_ins import StandIns, make_stand_ins, stand_in_numbers
from tradewinds.replications.melitz_trefler.statements import judge_statements
from tradewinds.replications.targets import Computed, downgraded, read_targets, score
from tradewinds.report import Findings, PaperPage, ParameterRecord

__all__ = ["PAPER", "computed_numbers", "run"]

PAPER = "melitz-trefler"

Key = tuple[str, str, str]


def run(progress: Callable[[int, int], None] | None = None) -> Replication:
    """Return everything the replication found.

    Parameters
    ----------
    progress : callable, optional
        Called with units of work done and wanted: stand-ins, statements, figures, pages.

    Raises
    ------
    ConvergenceError
        If an equilibrium does not satisfy its conditions.
    """
    steps = iter(range(1, 5))

    def step() -> None:
        done = next(steps)
        if progress:
            progress(done, 4)

    targets = read_targets(PAPER)
    made = make_stand_ins()
    step()
    board = score(PAPER, targets, computed_numbers(made))
    step()
    drawn = figures(paper_economy(), made)
    step()
    account = canada_us_account()
    failed = [*downgraded(targets, board), *_missed(made)]
    report = build_report(board, drawn, account, made, _parameters(), failed)
    step()
    return Replication(
        page=PaperPage(PAPER, TITLE, f"{PAPER}/report.html", STAND_IN, abstract(board), differences()),
        scoreboard=board,
        findings=Findings(
            report,
            _results(),
            figures={name: figure.svg for name, figure in drawn.items()},
            tables={
                "account.csv": account.tidy(),
                "recovery.csv": made.recovered.tidy(),
                "distributions.csv": pd.concat([each.tidy().assign(panel=each.title) for each in made.distributions]),
                "two-way-trade.csv": made.trade.tidy(),
            },
            seed=SEED,
        ),
    )


def computed_numbers(made: StandIns) -> dict[Key, Computed]:
    """Return what every target comes to."""
    found = {
        **judge_statements(economies()),
        **widget_numbers(solve(WidgetParameters()).value),
        **account_numbers(canada_us_account()),
        **arithmetic(),
        **many_countries(),
    }
    graded = {key: Computed(value) for key, value in found.items()}
    return graded | {key: Computed(value, stand_in) for key, (value, stand_in) in stand_in_numbers(made).items()}


def _missed(made: StandIns) -> list[str]:
    """Say which of the model's steps Melitz and Polanec's components miss, which are those steps exactly."""
    steps = made.recovered.gaps.columns
    found = made.recovered.found("melitz-polanec")
    return [f"melitz-polanec misses {step} of the synthetic plants" for step in steps if step not in found]


def _parameters() -> list[ParameterRecord]:
    """Return the parameters of the figures."""
    records = []
    for name, known in MODELS["melitz-ottaviano-uniform"].definitions.items():
        symbol = re.sub(r"_(\w+)", r"_{\1}", known.symbol.replace("Delta ", "Δ"))
        value = f"{HIGH:g} and {LOW:g}" if name == "trade_cost" else getattr(PARAMETERS, name)
        source = "assumed: the paper states none; without trade the cost cutoff is one"
        records.append(ParameterRecord(name, value, symbol, known.unit, source, known.bounds))
    return records


def _results() -> pd.DataFrame:
    """Return the equilibria of the figures' economy, a scenario a trade cost."""
    return solve_scenarios(PARAMETERS, trade_cost=[1.0, HIGH, LOW, 0.0]).tidy()
