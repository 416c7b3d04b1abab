"""The example panel of the plants kind of study: firms of the solved model around a liberalisation, and nothing else.

Four industries of Melitz and Trefler's firms, whose trade cost falls by nothing, 0.2, 0.4 and 0.6. A plant's employment is
what its output takes at its marginal cost, so that output a worker is the inverse of the cost, measured with a small error.
Costs are drawn from 0.5 up and not from nothing, which the model does not notice (only differences of costs matter in it), and
keeps the best plant within three times the worst.
A plant that stops stays in the register for a year, with export status -1 and zeros, as in many surveys. The file that
ships is what this function returns; a test holds the two together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["EXAMPLE_FILE", "EXAMPLE_WORDS", "example_plants"]

#: Name of the example panel written beside the study of plants.
EXAMPLE_FILE = "plants-synthetic.csv"
#: What a report on it says at its top.
EXAMPLE_WORDS = (
    "The panel is the synthetic example that ships with tradewinds: firms of a solved model around a liberalisation. No plant in "
    "it exists; the numbers show the tools, not the world."
)

_FIRST_YEAR, _YEARS = 1987, 3
_HIGH, _CUTS = 0.9, (0.0, 0.2, 0.4, 0.6)
_SCALE, _LOWEST_COST = 1000.0, 0.5  # of output, so that plants have tens of workers; the best draw


def example_plants() -> pd.DataFrame:
    """Return the example panel, one row a plant and year.

    Examples
    --------
    >>> example_plants().columns.tolist()
    ['plant', 'year', 'industry', 'output', 'employment', 'exporter', 'tariff_cut']
    """
    import numpy as np
    import pandas as pd

    from tradewinds.firms import UniformParameters
    from tradewinds.firms.measurement import liberalisation_panel

    before = UniformParameters(trade_cost=_HIGH, innovation_cost=0.02, innovation_cost_reduction=0.05)
    made = liberalisation_panel(
        [before] * len(_CUTS),
        [before.replace(trade_cost=round(_HIGH - cut, 1)) for cut in _CUTS],
        draws=170,
        years_before=_YEARS,
        years_after=_YEARS,
        turnover=0.08,
        noise=0.08,
        seed=2000,  # of forty tried, that whose components are nearest to those of a hundred times as many firms
    )
    latent = made.latent
    number = latent["industry"].str.removeprefix("industry ").astype(int)
    frame = pd.DataFrame(
        {
            "plant": 10_000 * number + latent["plant"].str.rpartition("-")[2].astype(int),
            "year": latent["year"] + _FIRST_YEAR,
            "industry": 3100 + 10 * number,
            "output": (latent["measured_output"] * _SCALE).round(1).clip(lower=0.1),
            "employment": (latent["output"] * (_LOWEST_COST + latent["cost"]) * _SCALE).round(1).clip(lower=0.1),
            "exporter": latent["exporter"].astype(int),
            "tariff_cut": np.array(_CUTS)[number - 1],
        }
    )
    return pd.concat([frame, _stopped(frame)]).sort_values(["plant", "year"], ignore_index=True)


def _stopped(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the year after the last of each plant that stops: in the register, not operating."""
    last = frame.loc[frame.groupby("plant")["year"].idxmax()]
    gone = last[last["year"] < frame["year"].max()]
    return gone.assign(year=gone["year"] + 1, output=0.0, employment=0.0, exporter=-1)
