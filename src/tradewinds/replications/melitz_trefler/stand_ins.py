"""What stands in for data that are not to be had: made-up trade for Figure 1, firms of the model for Figure 5 and Table 1.

Their numbers say whether a tool does what the paper does with it, and nothing about Canada or the world.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tradewinds.firms import UniformParameters
from tradewinds.firms.measurement import (
    AggregationBias,
    PlantPanel,
    ProductivityDistributions,
    Recovery,
    SyntheticPanel,
    aggregation_bias,
    distributions_before_and_after,
    distributions_of_entrants,
    distributions_of_exporters,
    liberalisation_panel,
    read_plants,
    recovery,
)
from tradewinds.replications.melitz_trefler.economies import PARAMETERS
from tradewinds.replications.melitz_trefler.numbers import PRINTED_TABLE_1

__all__ = ["MODEL_FIRMS", "MODEL_TRADE", "SEED", "StandIns", "make_stand_ins", "stand_in_numbers"]

SEED = 1989
MODEL_TRADE = "stand-in: made-up trade in 1,161 products of 59 industries, not that of Brülhart (2009)"
MODEL_FIRMS = "stand-in: firms of the solved model around a liberalisation, not the Annual Survey of Manufactures"
_YEARS = tuple(range(1962, 2007, 4))
_PRODUCTS, _INDUSTRIES = 1161, 59
#: The liberalised industry's trade cost falls from the first to the second; another industry keeps the first.
_HIGH, _LOW = 0.9, 0.3

Key = tuple[str, str, str]


@dataclass(frozen=True)
class StandIns:
    """Everything made in the place of data.

    Attributes
    ----------
    trade : AggregationBias
        Of made-up trade.
    distributions : tuple of ProductivityDistributions
        Panels A, B and C of Figure 5.
    innovation : dict
        Per cent of new exporters and of others that innovate, their difference, and the effect of exporting by tariff cuts.
    starts : tuple of float
        Per cent of the firms that did not export that start, least productive quartile first.
    recovered : Recovery
    """

    trade: AggregationBias
    distributions: tuple[ProductivityDistributions, ...]
    innovation: tuple[float, float, float, float]
    starts: tuple[float, ...]
    recovered: Recovery


def make_stand_ins() -> StandIns:
    """Make the trade and the firms, and put the paper's questions to them."""
    plain = PARAMETERS.replace(innovation_cost=None, innovation_cost_reduction=None)
    innovating = _firms(PARAMETERS)
    logs = _in_logs(_firms(plain, turnover=0.1))
    last = logs.years[-1]
    return StandIns(
        trade=_trade(),
        distributions=(
            distributions_before_and_after(logs, 1, last, median="first"),
            distributions_of_entrants(logs, [(0, 1), (1, last)], median="first"),
            distributions_of_exporters(logs, last),
        ),
        innovation=_innovation(innovating),
        starts=_starts(innovating),
        recovered=recovery(_firms(plain)),
    )


def _firms(parameters: UniformParameters, turnover: float = 0.0) -> SyntheticPanel:
    """Return two industries, one of which is liberalised; a share of firms is replaced each year for reasons outside the model."""
    before = parameters.replace(trade_cost=_HIGH)
    after = parameters.replace(trade_cost=_LOW)
    return liberalisation_panel(
        [before, before], [after, before], draws=4000, years_before=2, years_after=2, turnover=turnover, seed=SEED
    )


def _in_logs(firms: SyntheticPanel) -> PlantPanel:
    """Return the firms with the log of output per unit of cost as productivity, and what they employ as weights."""
    frame = firms.latent.assign(
        productivity=-np.log(firms.latent["cost"]), weight=firms.latent["cost"] * firms.latent["output"]
    )
    return read_plants(frame, exporter="exporter", source="firms of the solved model")


def _trade() -> AggregationBias:
    """Return shares of two-way trade of products whose exports and imports become more alike until the mid 1990s."""
    random = np.random.default_rng(SEED)
    size, apart = random.lognormal(0, 2, _PRODUCTS), random.normal(0, 1, _PRODUCTS)
    frames = []
    for year in _YEARS:
        spread = 2.5 - 1.3 * min((year - 1962) / 32, 1.0)
        frames.append(
            pd.DataFrame(
                {
                    "product": [f"{k:04d}" for k in range(_PRODUCTS)],
                    "year": year,
                    "exports": size * np.exp(spread * apart),
                    "imports": size * np.exp(-spread * apart),
                }
            )
        )
    flows = pd.concat(frames, ignore_index=True)
    industries = {f"{k:04d}": f"industry {k * _INDUSTRIES // _PRODUCTS + 1}" for k in range(_PRODUCTS)}
    levels = {"1,161 products": {name: name for name in industries}, "59 industries": industries}
    return aggregation_bias(flows, levels, by=["year"])


def _never_exported(firms: SyntheticPanel) -> pd.DataFrame:
    """Return the firms of both years around the liberalisation that did not export before it, a row a firm."""
    first = firms.liberalised_in - 1
    frame = firms.latent
    old = frame[frame["year"] == first].set_index("plant")
    new = frame[frame["year"] == first + 1].set_index("plant")
    stayed = old[old["exporter"] == 0].index.intersection(new.index)
    old, new = old.loc[stayed], new.loc[stayed]
    return pd.DataFrame(
        {
            "cost": old["cost"],
            "starts": new["exporter"],
            "innovates": (new["innovates"] > old["innovates"]).astype(float),
            "tariff_cut": new["tariff_cut"],
        }
    )


def _innovation(firms: SyntheticPanel) -> tuple[float, float, float, float]:
    """Return per cent innovating of starters and others, the difference, and the instrumented effect: a ratio of differences."""
    frame = _never_exported(firms)
    by_start = 100 * frame.groupby("starts")["innovates"].mean()
    by_cut = frame.groupby(frame["tariff_cut"] > 0)[["innovates", "starts"]].mean()
    effect = 100 * np.diff(by_cut["innovates"])[0] / np.diff(by_cut["starts"])[0]
    return float(by_start[1]), float(by_start[0]), float(by_start[1] - by_start[0]), float(effect)


def _starts(firms: SyntheticPanel) -> tuple[float, ...]:
    frame = _never_exported(firms)
    liberal = frame[frame["tariff_cut"] > 0]
    quartile = pd.qcut(-liberal["cost"], 4, labels=False)
    return tuple(float(share) for share in 100 * liberal.groupby(quartile)["starts"].mean())


def stand_in_numbers(made: StandIns) -> dict[Key, tuple[float, str]]:
    """Return number and stand-in of every target whose data are not to be had."""
    wide = made.trade.table.pivot(index="year", columns="level", values="grubel_lloyd")
    fine, broad = (wide[level].to_numpy() for level in made.trade.levels)
    till = wide.index <= 1994
    text = "the text"
    found: dict[Key, tuple[float, str]] = {
        ("Figure 1", "wider industries have the larger share, in every year", text): (
            float(np.all(broad > fine)), MODEL_TRADE,
        ),
        ("Figure 1", "both shares grow to the mid 1990s", text): (
            float(np.all(np.diff(fine[till]) > 0) and np.all(np.diff(broad[till]) > 0)), MODEL_TRADE,
        ),
    }  # fmt: skip
    a, b, c = (panel.statistics for panel in made.distributions)
    found |= {
        ("Figure 5", "panel A: plants shift to the right", text): (float(a["mean"].iloc[1] > a["mean"].iloc[0]), MODEL_FIRMS),
        ("Figure 5", "panel B: fewer entrants near or below the median", text): (
            float(b["below_median"].iloc[1] < b["below_median"].iloc[0]), MODEL_FIRMS,
        ),
        ("Figure 5", "panel C: exporters are to the right of other plants", text): (
            float(c["p50"]["exporters"] > c["p50"]["non-exporters"]), MODEL_FIRMS,
        ),
        ("Figure 5", "exporters' productivity over that of others", "per cent"): (
            float(100 * np.expm1(c["mean"]["exporters"] - c["mean"]["non-exporters"])), MODEL_FIRMS,
        ),
        ("Who starts to export", "least productive quartile", "per cent"): (made.starts[0], MODEL_FIRMS),
        ("Who starts to export", "most productive quartile", "per cent"): (made.starts[-1], MODEL_FIRMS),
    }  # fmt: skip
    for row in PRINTED_TABLE_1:
        for column, value in zip(("new exporters", "nonexporters", "difference", "LATE"), made.innovation, strict=True):
            found["Table 1", row, column] = (value, f"{MODEL_FIRMS}; the model has one kind of innovation")
    return found
