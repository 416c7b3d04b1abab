"""Numbers in print: Perla, Tonetti and Waugh's, with their equations and with corrected ones, and Sampson's.

Printed numbers of Perla, Tonetti and Waugh (2021) are from the article and from what the authors' public code prints at their
estimates; Sampson's (2016) are from memory.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tradewinds.growth import BalancedGrowth, Counterfactual, Mechanism, Transition, mechanisms
from tradewinds.growth.perla_tonetti_waugh_published import printed_gain
from tradewinds.replications.grossman_helpman.decomposition import marginal_numbers

__all__ = [
    "ADOPTION",
    "COLUMNS",
    "DEAR",
    "MOMENTS",
    "REMEMBERED",
    "SAMPSON",
    "Cut",
    "Opening",
    "cut",
    "cut_numbers",
    "opening",
    "opening_numbers",
]

Key = tuple[str, str, str]

#: Why Sampson's numbers are shown and not graded.
REMEMBERED = "the article was not at hand: what is printed is from memory"

ADOPTION, SAMPSON = "Perla, Tonetti and Waugh (2021)", "Sampson (2016)"
MOMENTS = "Perla, Tonetti and Waugh (2021), firms"
TEST = "Perla, Tonetti and Waugh (2021), test of the code"
PATH = "Perla, Tonetti and Waugh (2021), path of the code"
#: Years after the cut at which the path is compared.
YEARS = (0, 10, 40, 75)
#: Variant -> column.
COLUMNS: Mapping[str, str] = {"published": "as published", "corrected": "corrected"}
#: What is cut, and what counts as autarky in the article: trade costs less one, times this.
CHEAP, DEAR = 0.9, 2.9
#: Parameters of a test in the authors' code.
_TEST: Mapping[str, float] = {
    "discount_rate": 0.02,
    "elasticity_of_substitution": 4.2508,
    "countries": 10.0,
    "pareto_shape": 5.1269,
    "inverse_ies": 1.01,
    "trade_cost": 2.3701,
    "export_fixed_cost": 0.013,
    "adoption_cost": 1.0,
    "adoption_entry_ratio": 1 / 2.1868,
    "volatility": 0.0593,
    "drift": 0.0,
    "exit_rate": 0.053,
}


@dataclass(frozen=True)
class Cut:
    """One variant of Perla, Tonetti and Waugh's economy: trade 10 per cent cheaper, and nearly none.

    Attributes
    ----------
    variant : str
    cheaper : Counterfactual
    dear : BalancedGrowth
        At 2.9 times the trade cost less one, which the article calls autarky.
    loss : float
        Welfare of ``dear``, per cent of consumption, between balanced growth paths.
    """

    variant: str
    cheaper: Counterfactual
    dear: BalancedGrowth
    loss: float

    @property
    def static(self) -> tuple[float, float]:
        """Gains by the formula of Arkolakis, Costinot and Rodriguez-Clare, per cent: of the cut, and of ``dear``."""
        shape = float(getattr(self.cheaper.baseline.parameters, "pareto_shape"))  # noqa: B009
        shares = [self.cheaper.counterfactual.home_share, self.dear.home_share]
        first, last = (-100 / shape * math.log(share / self.cheaper.baseline.home_share) for share in shares)
        return first, last


@functools.cache
def cut(variant: str) -> Cut:
    """Solve one variant; with transition where it has one."""
    mechanism: Mechanism[Any] = mechanisms["perla-tonetti-waugh"]
    p = mechanism.parameters(variant)
    found = mechanism.counterfactual(p, {"trade_cost": 1 + CHEAP * (p.trade_cost - 1)}, variant=variant)
    dear = mechanism.solve(p.replace(trade_cost=1 + DEAR * (p.trade_cost - 1)), variant=variant).value
    return Cut(variant, found, dear, float(mechanism.equivalent(dear.welfare, found.baseline.welfare, p)))


def cut_numbers(cuts: Mapping[str, Cut]) -> dict[Key, float]:
    """Return what is printed of the cut, of autarky, of firms, and of the authors' test, for both sets of equations."""
    found: dict[Key, float] = {}
    for variant, column in COLUMNS.items():
        each = cuts[variant]
        before, after = each.cheaper.baseline, each.cheaper.counterfactual
        static, closed = each.static
        found |= {
            (ADOPTION, "growth before, per cent a year", column): 100 * before.growth,
            (ADOPTION, "growth after, per cent a year", column): 100 * after.growth,
            (ADOPTION, "welfare between balanced growth paths, per cent", column): each.cheaper.welfare_steady_state,
            (ADOPTION, "static formula, per cent", column): static,
            (ADOPTION, "autarky: welfare, per cent", column): each.loss,
            (ADOPTION, "autarky: static formula, per cent", column): closed,
        }
        firms = {
            "real interest rate, per cent": 100 * before["interest_rate"],
            "growth, per cent a year": 100 * before.growth,
            "home share": before.home_share,
            "establishments that export, per cent": 100 * before["exporter_share"],
            "domestic sales of exporters over those of others": before["relative_size"],
        }
        found |= {(MOMENTS, row, column): float(value) for row, value in firms.items()}
    published, corrected = (cuts[variant].cheaper for variant in COLUMNS)
    column = COLUMNS["published"]
    assert published.path is not None
    found |= {
        (ADOPTION, "welfare with transition, per cent", column): published.welfare_transition,
        (ADOPTION, "welfare with transition, per cent", COLUMNS["corrected"]): corrected.welfare_transition,
        (ADOPTION, "welfare with transition and the slip of the code, per cent", column): printed_gain(
            published.path, published.baseline
        ),
        (ADOPTION, "imports before, per cent of spending", column): 100 * published.baseline["import_share"],
        (ADOPTION, "consumption before, normalised", column): published.baseline.consumption,
    }
    return found | _path_numbers(published.path) | _test_numbers() | marginal_numbers(column)


def _path_numbers(path: Transition) -> dict[Key, float]:
    """Return the path by the published equations, at some dates."""
    paths = {
        "home share": path.paths["home_share"],
        "varieties": path.paths["varieties"],
        "consumption over best practice": path.paths["consumption"] * np.exp(-path.paths["best_practice"]),
    }
    return {
        (PATH, f"{row}, year {year}", COLUMNS["published"]): float(np.interp(year, path.time, values))
        for row, values in paths.items()
        for year in YEARS
    }


def _test_numbers() -> dict[Key, float]:
    mechanism: Mechanism[Any] = mechanisms["perla-tonetti-waugh"]
    point = mechanism.solve(mechanism.parameters("published", **_TEST), variant="published").value
    names = {"growth": "growth, a year", "varieties": "varieties", "export_cutoff": "export cutoff"}
    return {(TEST, row, COLUMNS["published"]): point.home(name) for name, row in names.items()}


@dataclass(frozen=True)
class Opening:
    """Sampson's economy, opened from autarky to its standard trade cost."""

    opened: Counterfactual

    def parts(self) -> Mapping[str, float]:
        """Return the gain, per cent of consumption: static, what growth adds, and both together."""
        o = self.opened
        return {"static": o.static_gain, "dynamic": o.dynamic_gain, "total": o.welfare_transition}


def opening() -> Opening:
    """Solve Sampson's economy in autarky and with trade."""
    mechanism: Mechanism[Any] = mechanisms["sampson"]
    p = mechanism.parameters()
    return Opening(mechanism.counterfactual(p.replace(trade_cost=np.inf), {"trade_cost": p.trade_cost}))


def opening_numbers(found: Opening) -> dict[Key, float]:
    """Return growth and gains beside those remembered from the article, which are no evidence and not graded."""
    o, column = found.opened, "from memory of the article"
    return {
        (SAMPSON, "growth with trade, per cent a year", column): 100 * o.counterfactual.growth,
        (SAMPSON, "growth in autarky, per cent a year", column): 100 * o.baseline.growth,
        (SAMPSON, "static gain, per cent", column): o.static_gain,
        (SAMPSON, "gain with growth, per cent", column): o.welfare_transition,
    }
