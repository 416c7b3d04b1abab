"""Tables 1 to 5 on the calibrated stand-in: many simulated panels, each put through everything the paper does.

One simulated panel has the sampling error of one sample; the mean over panels shows what the design gives on average, and the
spread over panels how far a single sample may lie from it. Every panel has the paper's real trade shares and, unless asked
otherwise, no trade effect: productivity responds to the *general* spillover of equation (5.1) with Table 4's coefficients.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from tradewinds.data import SpilloverPanel, keller1997_calibrated
from tradewinds.errors import UnitDependenceWarning
from tradewinds.labels import KELLER_LABELS
from tradewinds.spillovers import (
    KELLER_PERIODS,
    Estimate,
    Experiment,
    Specification,
    SpilloverResult,
    analyse,
    estimate,
    general_and_trade,
    run_experiment,
)
from tradewinds.spillovers.equations import average_growth

__all__ = ["FIRST_SEED", "Cell", "Ensemble", "panel_numbers", "paper_label", "run_ensemble", "trade_fits"]

#: Table, equation, row, what: a printed cell.
Cell = tuple[str, str, str, str]

#: Seed of the first panel, that of the bundled ``keller1997-calibrated``.
FIRST_SEED = 1997

LEVEL_NIS = Specification(kind="level", import_share=False)
LEVEL_IS = Specification(kind="level", import_share=True)
GROWTH_NIS = Specification(kind="growth", import_share=False)
GROWTH_IS = Specification(kind="growth", import_share=True)

Tables = tuple[tuple[str, str], ...]

#: Specification -> the tables that print it, as (table, equation): with observed shares, and of each experiment.
EXPERIMENTS: tuple[tuple[Specification, Tables, Mapping[str, Tables]], ...] = (
    (
        LEVEL_NIS,
        (("1", "4.1"), ("2", "4.1")),
        {"exchange_all": (("2", "4.4"),), "exchange_partners": (("2", "4.7"),)},
    ),
    (
        LEVEL_IS,
        (("1", "4.2"), ("2", "4.2")),
        {"exchange_all": (("2", "4.5"),), "exchange_partners": (("2", "4.8"),)},
    ),
    (GROWTH_NIS, (("3", "4.9"),), {"exchange_partners": (("3", "4.11"),)}),
    (GROWTH_IS, (("3", "4.10"),), {"exchange_partners": (("3", "4.12"), ("4", "4.12"))}),
)


@dataclass(frozen=True)
class Ensemble:
    """Numbers of many panels.

    Attributes
    ----------
    mean, spread : dict
        Mean and standard deviation over panels, by cell.
    panels, draws : int
        Number of panels, and of random trade patterns in each.
    gaps : ndarray, shape (panels,)
        Largest relative gap between Monte-Carlo mean (4.12) and general spillover (5.1) over countries.
    """

    mean: dict[Cell, float]
    spread: dict[Cell, float]
    panels: int
    draws: int
    gaps: np.ndarray


def paper_label(code: str) -> str:
    """Return the label the paper prints for an ISO code."""
    return KELLER_LABELS.get(code, code)


def _estimate_cells(part: Estimate, table: str, equation: str) -> dict[Cell, float]:
    cells: dict[Cell, float] = {}
    for country, value, error in zip(part.terms, part.coefficients, part.std_errors, strict=True):
        cells[table, equation, paper_label(country), "estimate"] = float(value)
        cells[table, equation, paper_label(country), "standard error"] = float(error)
    if table != "5":
        cells[table, equation, "R2", "R2"] = part.r_squared
    return cells


def _experiment_cells(lottery: Experiment, table: str, equation: str) -> dict[Cell, float]:
    cells: dict[Cell, float] = {}
    for country, mean, deviation in zip(lottery.terms, lottery.mean, lottery.sd, strict=True):
        cells[table, equation, paper_label(country), "mean over draws"] = float(mean)
        cells[table, equation, paper_label(country), "s.d. over draws"] = float(deviation)
    cells[table, equation, "R2", "mean R2"] = lottery.mean_r_squared
    return cells


def _table_5_cells(general: Estimate, both: Estimate) -> dict[Cell, float]:
    cells = _estimate_cells(general, "5", "5.1")
    for term, value, error in zip(both.terms, both.coefficients, both.std_errors, strict=True):
        part, country = term.split(":")
        name = {"general": "5.2 general", "trade": "5.2 trade"}[part]
        cells["5", name, paper_label(country), "estimate"] = float(value)
        cells["5", name, paper_label(country), "standard error"] = float(error)
    cells["5", "5.1", "adjusted R2", "adjusted R2"] = general.adjusted_r_squared
    cells["5", "5.2", "adjusted R2", "adjusted R2"] = both.adjusted_r_squared
    return cells


def _footnote_18_cells(result: SpilloverResult) -> dict[Cell, float]:
    assert result.trade_test is not None and result.trade_contribution is not None  # (5.2) exists partner by partner
    label = result.specification.label
    return {
        ("footnote 18", label, "contribution", "per cent"): 100 * result.trade_contribution,
        ("footnote 18", label, "rejected at 5%", "share"): float(result.trade_test.p_value < 0.05),
    }


def _moment_cells(panel: SpilloverPanel) -> dict[Cell, float]:
    """Return the moments of Tables A-7 and A-8 and of footnote 15."""
    cells: dict[Cell, float] = {}
    growth = np.log(panel.tfp[:, :, -1] / panel.tfp[:, :, 0]) / (panel.years[-1] - panel.years[0])
    for axis, labels in ((0, tuple(map(paper_label, panel.countries))), (1, panel.industries)):
        for position, label in enumerate(labels):
            stock = np.take(panel.rnd_stock, position, axis=axis)
            cells["A-7", "", label, "mean"] = float(stock.mean())
            cells["A-7", "", label, "standard deviation"] = float(stock.std(ddof=1))
            rates = np.take(growth, position, axis=axis)
            cells["A-8", "", label, "mean"] = float(rates.mean())
            cells["A-8", "", label, "standard deviation"] = float(rates.std(ddof=1))
    national = panel.rnd_stock.sum(axis=1)
    whole = np.log(national[:, -1] / national[:, 0]) / (panel.years[-1] - panel.years[0])
    for code in ("CAN", "ITA"):
        position = panel.countries.index(code)
        cells["footnote 15", "", paper_label(code), "growth of R&D stock"] = 100 * float(whole[position])
    periods = average_growth(national, panel.years, KELLER_PERIODS, "log").std(axis=0, ddof=1)
    cells["footnote 15", "", "1970-74", "dispersion over countries"] = 100 * float(periods[0])
    cells["footnote 15", "", "1978-82", "dispersion over countries"] = 100 * float(periods[2])
    return cells


def panel_numbers(panel: SpilloverPanel, draws: int, seed: int) -> tuple[dict[Cell, float], float]:
    """Return every cell of Tables 1 to 5, A-7, A-8 and footnotes 15 and 18 for one panel, and the gap of Table 4."""
    cells = _moment_cells(panel)
    for specification, observed, experiments in EXPERIMENTS:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UnitDependenceWarning)  # the page says it once for all level regressions
            result = analyse(panel, specification, experiment="equal")  # observed, (5.1) and (5.2), without a lottery
        for table, equation in observed:
            cells |= _estimate_cells(result.observed, table, equation)
        cells |= _footnote_18_cells(result)
        for kind, tables in experiments.items():
            lottery = run_experiment(panel, specification, kind, draws=draws, seed=seed)
            for table, equation in tables:
                cells |= _experiment_cells(lottery, table, equation)
    general, both = result.general, result.both  # of growth IS, the last: Tables 4 and 5
    assert general is not None and both is not None
    cells |= _estimate_cells(general, "4", "5.1") | _table_5_cells(general, both)
    gap = float(np.max(np.abs(lottery.mean / general.coefficients - 1)))
    return cells, gap


def run_ensemble(panels: int, draws: int, *, seed: int = 1, step: Callable[[], None] | None = None) -> Ensemble:
    """Put many stand-in panels through the paper and average.

    Parameters
    ----------
    panels : int
        Seeds ``FIRST_SEED``, ``FIRST_SEED + 1``, ... of the stand-in.
    draws, seed : int
        Random trade patterns in each, and their seed.
    step : callable, optional
        Called when a panel is done.
    """
    every, gaps = [], []
    for number in range(panels):
        cells, gap = panel_numbers(keller1997_calibrated(seed=FIRST_SEED + number), draws, seed)
        every.append(cells)
        gaps.append(gap)
        if step:
            step()
    keys = list(every[0])
    table = np.array([[cells[key] for key in keys] for cells in every], dtype=float)
    return Ensemble(
        mean=dict(zip(keys, _finite(table.mean(axis=0)), strict=True)),
        spread=dict(zip(keys, _finite(table.std(axis=0, ddof=1) if panels > 1 else 0 * table[0]), strict=True)),
        panels=panels,
        draws=draws,
        gaps=np.array(gaps),
    )


def trade_fits(panels: int, trade_effect: float) -> tuple[float, float]:
    """Return adjusted R2 of (5.1) and (5.2), means over panels that have a trade effect.

    Parameters
    ----------
    panels : int
        As in :func:`run_ensemble`.
    trade_effect : float
        True trade effect as a multiple of the general one.
    """
    fits = []
    for number in range(panels):
        panel = keller1997_calibrated(seed=FIRST_SEED + number, trade_effect=trade_effect)
        general, both = estimate(panel, GROWTH_IS, weights="equal"), general_and_trade(panel, GROWTH_IS)
        fits.append((general.adjusted_r_squared, both.adjusted_r_squared))
    general_mean, both_mean = np.mean(fits, axis=0)
    return float(general_mean), float(both_mean)


def _finite(values: Iterable[float]) -> list[float]:
    return [float(value) for value in values]
