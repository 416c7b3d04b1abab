"""Sums over firms where some innovate, in closed form.

Arithmetic only, with pieces chosen by the real part, so that complex numbers go through: that is how derivatives are exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

__all__ = ["INNOVATION_UNITS", "above_zero", "excess_gain", "excess_profit", "innovation_totals", "seller_sums"]

#: Variable of the equilibrium with innovation -> unit.
INNOVATION_UNITS: dict[str, str] = {
    "innovation_cutoff_rule": "price",
    "innovation_cutoff_exact": "price",
    "innovation_cutoff_equilibrium": "price",
    "cost_cutoff_with_innovation": "price",
    "export_cutoff_with_innovation": "price",
    "entrants_with_innovation": "firms",
    "domestic_sellers_with_innovation": "firms",
    "foreign_sellers_with_innovation": "firms",
    "import_share_with_innovation": "share of units sold",
    "output_weighted_cost_with_innovation": "price",
    "innovator_share_with_innovation": "share of domestic sellers",
}


def above_zero(value: Any) -> Any:
    """Return a number where its real part is above zero, else zero."""
    return value if value.real > 0 else 0 * value


def _larger(one: Any, other: Any) -> Any:
    return one if one.real >= other.real else other


def _smaller(one: Any, other: Any) -> Any:
    return one if one.real <= other.real else other


def excess_gain(y: Any, trade_cost: Any, reduction: Any, squares: Any) -> Any:
    r"""Return what innovation adds to profit less its cost, in units of Sb/4, with :math:`y = c^* - c + \Delta c`."""
    gained = _saved(y, reduction)
    if abs(trade_cost) < float("inf"):
        gained += _saved(y - trade_cost, reduction)
    return gained - squares


def _saved(z: Any, reduction: Any) -> Any:
    """Return z^2 less (z - reduction)^2, parts above zero, as a product where both are there: it loses no digits."""
    return reduction * (2 * z - reduction) if z.real > reduction.real else above_zero(z) ** 2


def excess_profit(choke: Any, innovation_cutoff: Any, trade_cost: Any, reduction: Any, squares: Any, entry: Any) -> Any:
    r"""Return expected profit with innovation less the entry cost, times :math:`4 c_{\max}/(Sb)`; costs below a cutoff innovate.

    ``entry`` is :math:`4 f c_{\max}/(Sb)`.
    """
    total = -squares * innovation_cutoff - entry
    for market in _markets(choke, trade_cost):
        best = above_zero(market + reduction)
        innovators = best**3 - above_zero(best - innovation_cutoff) ** 3
        total += (innovators + above_zero(market - innovation_cutoff) ** 3) / 3
    return total


def _markets(choke: Any, trade_cost: Any) -> tuple[Any, ...]:
    """Return the choke prices of both markets, less the cost of getting there."""
    return (choke, choke - trade_cost) if abs(trade_cost) < float("inf") else (choke,)


def _groups(
    choke: Any, innovation_cutoff: Any, trade_cost: Any, reduction: Any
) -> Iterator[tuple[bool, Any, Any, Any, Any]]:
    """Yield who sells where: abroad or not, low and high initial cost, fall of cost, and the choke price less transport."""
    for abroad, market in enumerate(_markets(choke, trade_cost)):
        innovators = _smaller(innovation_cutoff, above_zero(market + reduction))
        yield bool(abroad), 0 * innovators, innovators, reduction, market
        if market.real > innovation_cutoff.real:
            yield bool(abroad), innovation_cutoff, market, 0 * reduction, market


def seller_sums(choke: Any, innovation_cutoff: Any, trade_cost: Any, reduction: Any) -> tuple[Any, Any, Any, Any]:
    """Return sums over those who sell in a country, an entrant a unit of cost, units sold in units of Sb/2.

    They are of choke price less price, of units sold by domestic and by foreign firms, and of production cost times units.
    """
    below = home = imported = cost = 0.0
    for abroad, low, high, fall, market in _groups(choke, innovation_cutoff, trade_cost, reduction):
        g = market + fall
        units = g * (high - low) - (high**2 - low**2) / 2
        first = g * (high**2 - low**2) / 2 - (high**3 - low**3) / 3  # of units times initial cost
        below += units / 2
        cost += first - fall * units
        home, imported = (home, imported + units) if abroad else (home + units, imported)
    return below, home, imported, cost


def innovation_totals(
    choke: Any, innovation_cutoff: Any, trade_cost: Any, reduction: Any, price_sensitivity: Any, maximum_cost: Any
) -> dict[str, Any]:
    r"""Return what follows from the choke price and the cutoff of innovation, by public name.

    With :math:`g` the choke price less transport plus what innovation saves, a firm of initial cost :math:`c` sells
    :math:`\frac{Sb}{2}(g - c)`, and the sum over sellers of :math:`c^* - p` is :math:`1/b`.
    """
    below, home, imported, cost = seller_sums(choke, innovation_cutoff, trade_cost, reduction)
    entrants = maximum_cost / (price_sensitivity * below)
    survival = _larger(choke, innovation_cutoff)
    away = 0 * choke
    if abs(trade_cost) < float("inf"):
        x = choke - trade_cost
        away = above_zero(_larger(x, _smaller(innovation_cutoff, x + reduction)))
    return {
        "cost_cutoff_with_innovation": choke,
        "export_cutoff_with_innovation": away,
        "entrants_with_innovation": entrants,
        "domestic_sellers_with_innovation": entrants / maximum_cost * survival,
        "foreign_sellers_with_innovation": entrants / maximum_cost * away,
        "import_share_with_innovation": imported / (home + imported),
        "output_weighted_cost_with_innovation": cost / (home + imported),
        "innovator_share_with_innovation": innovation_cutoff / survival,
    }
