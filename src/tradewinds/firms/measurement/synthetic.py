r"""Plants whose truth is known: a liberalisation hits firms of the paper's model, and tools are asked what happened.

Firms draw a marginal cost, sell if it is below the cutoff, export and innovate as the equilibrium with free entry says
(:mod:`tradewinds.firms.uniform`). Between two years trade gets cheaper: the worst leave, exporters grow, some start to
export, some innovate. Productivity is minus the marginal cost, in the unit of prices, weights are output, so that
aggregate productivity is minus the model's output-weighted cost. A change of it is, in the model's own order:

1. *selection*: leavers are gone (those above the new cutoff, and by chance as many as entry falls by), everybody else
as before; 2. *reallocation*: survivors have their new outputs at their old costs;
3. *innovation*: survivors have their new costs;
4. *entry*: new firms are there.

The steps add up to the change. Which decomposition finds them is what :func:`recovery` shows.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from tradewinds.errors import InputError
from tradewinds.firms.measurement.panel import PlantPanel, read_plants
from tradewinds.firms.uniform import Behaviour, UniformEquilibrium, UniformParameters, behaviour, solve_uniform

__all__ = ["STEPS", "SyntheticPanel", "liberalisation_panel"]

#: What happens to aggregate productivity, in the model's order.
STEPS = ("selection", "reallocation", "innovation", "entry")


@dataclass(frozen=True, eq=False)
class SyntheticPanel:
    """A panel of firms of the model and what is known of them.

    Attributes
    ----------
    panel : PlantPanel
        Observed: productivity and output with measurement error, export status; columns ``tariff_cut`` and ``liberalised``.
    latent : DataFrame
        The same rows: true ``cost`` (after innovation), ``output``, ``innovates``.
    before, after : tuple of UniformEquilibrium
        One an industry.
    liberalised_in : int
        First year of the new trade cost.
    seed : int
    """

    panel: PlantPanel
    latent: pd.DataFrame = field(repr=False)
    before: tuple[UniformEquilibrium, ...] = field(repr=False)
    after: tuple[UniformEquilibrium, ...] = field(repr=False)
    liberalised_in: int
    seed: int

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return ("melitz-trefler2012", "melitz-ottaviano2008")

    def steps(self, first: int, last: int, industry: str | None = None) -> pd.Series[float]:
        """Return the true steps between two years, and their sum ``change``; of one industry if named.

        Raises
        ------
        InputError
            If a year or industry is not in the panel.
        """
        frame = self.latent if industry is None else self.latent[self.latent["industry"] == industry]
        one, two = (frame[frame["year"] == year].set_index("plant") for year in (first, last))
        if one.empty or two.empty:
            raise InputError(
                f"{first}, {last} or industry {industry!r} is not in the panel; years are {self.panel.years}"
            )
        stay = one.index.intersection(two.index)
        old, new = one.loc[stay], two.loc[stay]
        levels = [
            _mean(one["cost"], one["output"]),
            _mean(old["cost"], old["output"]),
            _mean(old["cost"], new["output"]),
            _mean(new["cost"], new["output"]),
            _mean(two["cost"], two["output"]),
        ]
        found = pd.Series(-np.diff(levels), index=list(STEPS))
        found["change"] = levels[0] - levels[-1]
        return found

    def model_levels(self) -> pd.DataFrame:
        """Return aggregate productivity of each industry in the model, with infinitely many firms, before and after."""
        rows = [
            {"before": -_weighted_cost(one), "after": -_weighted_cost(two)}
            for one, two in zip(self.before, self.after, strict=True)
        ]
        return pd.DataFrame(rows, index=pd.Index(_names(len(rows)), name="industry"))

    def summary(self) -> str:
        """Return what the panel is and what happened, as text."""
        years = self.panel.years
        steps = self.steps(self.liberalised_in - 1, years[-1])
        lines = [
            self.panel.summary(),
            f"trade costs fall in {self.liberalised_in}; change of productivity to {years[-1]}:",
        ]
        return "\n".join([*lines, *(f"  {name:<13}{value:9.5f}" for name, value in steps.items())])


def liberalisation_panel(
    before: UniformParameters | Sequence[UniformParameters],
    after: UniformParameters | Sequence[UniformParameters],
    *,
    draws: int = 2000,
    years_before: int = 2,
    years_after: int = 2,
    turnover: float = 0.0,
    noise: float = 0.0,
    seed: int = 0,
) -> SyntheticPanel:
    """Return a panel of firms of the model around a liberalisation.

    Parameters
    ----------
    before, after : UniformParameters, or one an industry
        With innovation, or both without; an industry with the same trade cost twice is not liberalised.
    draws : int
        Firms that draw a cost in each industry before; after, in proportion to the model's entrants.
    years_before, years_after : int
    turnover : float
        Share of firms that a new draw replaces each year, for reasons outside the model.
    noise : float
        Standard deviation of a transitory error in measured output, relative to it; measured productivity is off by
        the same share of the cost, as when both come from one sales figure.
    seed : int

    Raises
    ------
    InputError
        If numbers of industries differ, or an option is out of bounds.

    Examples
    --------
    >>> from tradewinds.firms import UniformParameters
    >>> found = liberalisation_panel(UniformParameters(trade_cost=0.9), UniformParameters(trade_cost=0.3), draws=500)
    >>> bool(found.steps(1, 2)["reallocation"] > 0), bool(abs(found.steps(1, 2)["innovation"]) < 1e-12)
    (True, True)
    """
    ones = [before] if isinstance(before, UniformParameters) else list(before)
    twos = [after] if isinstance(after, UniformParameters) else list(after)
    _require_options(ones, twos, draws, years_before, years_after, turnover, noise)
    solved: list[tuple[Any, Any]] = [
        (solve_uniform(one).value, solve_uniform(two).value) for one, two in zip(ones, twos, strict=True)
    ]
    frames = []
    for number, (stream, (one, two)) in enumerate(
        zip(np.random.SeedSequence(seed).spawn(len(ones)), solved, strict=True)
    ):
        frames.append(
            _industry(one, two, draws, years_before, years_after, turnover, noise, np.random.default_rng(stream))
        )
        frames[-1]["industry"] = _names(len(ones))[number]
        frames[-1]["plant"] = frames[-1]["industry"] + "-" + frames[-1]["plant"].astype(str)
        frames[-1]["tariff_cut"] = _fall(one, two)
    latent = pd.concat(frames, ignore_index=True)
    latent["liberalised"] = (latent["tariff_cut"] > 0).astype(float)
    panel = read_plants(
        latent,
        weight="measured_output",
        exporter="exporter",
        keep=["tariff_cut", "liberalised"],
        source="synthetic firms",
    )
    return SyntheticPanel(
        panel, latent, tuple(one for one, _ in solved), tuple(two for _, two in solved), years_before, seed
    )


def _industry(
    one: UniformEquilibrium,
    two: UniformEquilibrium,
    draws: int,
    years_before: int,
    years_after: int,
    turnover: float,
    noise: float,
    random: np.random.Generator,
) -> pd.DataFrame:
    """Return the firms of one industry that sell, year by year."""
    top = one.parameters.maximum_cost
    plant, cost = np.arange(draws), random.uniform(0, top, draws)
    born, rows = draws, []
    for year in range(years_before + years_after):
        acts = _acts(two if year >= years_before else one)
        if year == years_before:  # entry is free: as many draw a cost as the model says
            wanted = round(draws * _entrants(two) / _entrants(one))
            keep = random.permutation(len(plant))[:wanted]
            fresh = max(0, wanted - len(plant))
            plant = np.concatenate([plant[keep], born + np.arange(fresh)])
            cost, born = np.concatenate([cost[keep], random.uniform(0, top, fresh)]), born + fresh
        elif year:
            gone = random.random(len(plant)) < turnover
            plant, cost = plant.copy(), cost.copy()
            plant[gone], cost[gone] = born + np.arange(gone.sum()), random.uniform(0, top, gone.sum())
            born += int(gone.sum())
        sells = acts.sells(cost)
        now, output = acts.cost_after(cost[sells]), acts.output(cost[sells])
        error = random.normal(0, noise, len(now)) if noise else np.zeros(len(now))
        rows.append(
            pd.DataFrame(
                {
                    "plant": plant[sells],
                    "year": year,
                    "cost": now,
                    "output": output,
                    "innovates": acts.innovates(cost[sells]).astype(float),
                    "exporter": acts.exports(cost[sells]).astype(float),
                    "productivity": -now * (1 - error),
                    "measured_output": output * np.exp(error),
                }
            )
        )
    return pd.concat(rows, ignore_index=True)


def _require_options(
    ones: list[UniformParameters],
    twos: list[UniformParameters],
    draws: int,
    years_before: int,
    years_after: int,
    turnover: float,
    noise: float,
) -> None:
    if len(ones) != len(twos) or not ones:
        raise InputError(f"before has {len(ones)} industries and after {len(twos)}; give one of each an industry")
    for one, two in zip(ones, twos, strict=True):
        if one.innovates != two.innovates or one.maximum_cost != two.maximum_cost:
            raise InputError(
                "before and after differ in maximum_cost or in whether firms can innovate; a firm keeps its draw"
            )
    for name, count in (("draws", draws), ("years_before", years_before), ("years_after", years_after)):
        if isinstance(count, bool) or not isinstance(count, int) or count < 1:
            raise InputError(f"{name} is {count!r}; it must be a whole number from 1 on")
    if not 0 <= turnover < 1:
        raise InputError(f"turnover is {turnover!r}; it must be a share from 0 to below 1")
    if not 0 <= noise < 1:
        raise InputError(f"noise is {noise!r}; it must be a standard deviation from 0 to below 1")


def _acts(point: UniformEquilibrium) -> Behaviour:
    return behaviour(point, "equilibrium" if point.parameters.innovates else "none")


def _entrants(point: UniformEquilibrium) -> float:
    return point.innovation.entrants if point.innovation is not None else point.entrants


def _weighted_cost(point: UniformEquilibrium) -> float:
    """Return the output-weighted cost of the model, by quadrature between the costs at which decisions change."""
    from scipy.integrate import quad

    acts = _acts(point)
    ends = [0.0, *acts.breakpoints()]
    pieces = list(itertools.pairwise(ends))

    def total(function: Any) -> float:
        return float(sum(quad(lambda c: float(function(np.array(c))), low, high)[0] for low, high in pieces))

    return total(lambda c: acts.cost_after(c) * acts.output(c)) / total(acts.output)


def _fall(one: UniformEquilibrium, two: UniformEquilibrium) -> float:
    """Return the fall of the trade cost; from a closed economy, from the cost at which trade begins."""
    start, end = (min(point.parameters.trade_cost, point.parameters.autarky_cutoff) for point in (one, two))
    return start - end


def _mean(values: pd.Series[float], weights: pd.Series[float]) -> float:
    return float(np.average(values, weights=weights))


def _names(count: int) -> list[str]:
    return [f"industry {number + 1}" for number in range(count)]
