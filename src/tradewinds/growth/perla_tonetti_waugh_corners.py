r"""Corners of technology adoption, and the discount rate at which lifetime utility is finite.

**Can best practice shrink faster than firms do?** Firms that nobody improves drift at :math:`\mu`, and shocks spread them, which
moves the lower end of a distribution that keeps its shape at :math:`\mu + \theta \upsilon^2 / 2` a year. Adopters leave it, so
:math:`g = \mu + \theta \upsilon^2 / 2 + S / \theta` with :math:`S \ge 0`. Growth below drift would take fewer adopters than none,
and is refused. Above drift growth may still be negative. Where drift is, and households are patient, free entry leaves firms
profits that are small next to the cost of adoption, adoption does not make up for drift, and best practice falls, if more slowly
than firms that do not adopt. That is an equilibrium at any :math:`g` with :math:`R > 0`: the slope of value :math:`w = z v'` solves
:math:`R w = z \pi' + (\mu - g) w_x + D w_{xx}` in :math:`x = \ln z` with :math:`w(0) = 0`, so value rises above the threshold and
nobody there would adopt. The corner names it, with its growth.

**Finite utility** requires :math:`\rho > (1 - \gamma) g`, and with shocks growth depends on :math:`\rho`: the bound is bracketed.

**No growth path is found** where entry does not pay even at the lowest growth there may be. With more curvature than the logarithm
growth also raises the rate of discount, and with it what the least productive firm must earn, and the worth of entry need not fall
with growth. Only paths at which it falls are sought, as in logarithmic utility, from that lowest growth on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tradewinds.growth.perla_tonetti_waugh_parameters import VARIANTS, PerlaTonettiWaughParameters
from tradewinds.growth.perla_tonetti_waugh_value import lowest_growth, solve_growth

__all__ = ["corner", "finite_welfare", "no_adoption", "welfare_bound"]

P = PerlaTonettiWaughParameters


def corner(values: Mapping[str, Any], p: P) -> str:
    """Name the corners of a balanced growth path: every firm exports, best practice falls."""
    names, growth = [], float(values["growth"])
    if values["export_cutoff"] == 1:
        names.append("every firm exports: the export cutoff binds nobody")
    if growth < 0:
        names.append(
            f"growth is negative, {100 * growth:.3g} per cent a year, only because drift is: firms lose {-100 * p.drift:.3g} per "
            "cent a year, and adoption makes up for less than that"
        )
    return "; ".join(names)


def finite_welfare(growth: Any, p: P, variant: str) -> Any:
    """Return whether lifetime utility is finite; where no growth is found, whether it is at the lowest that may be.

    Where utility has more curvature than the logarithm, growth that is not found is left to the condition of adoption.
    """
    curvature = np.asarray(p.inverse_ies)
    least = np.where(curvature < 1, lowest_growth(p, variant == "corrected"), np.inf)
    known = np.where(np.isfinite(growth), growth, least)
    with np.errstate(invalid="ignore"):
        return np.where(curvature == 1, True, np.asarray(p.discount_rate) > (1 - curvature) * known)


def welfare_bound(growth: Any, p: P, variant: str) -> str:
    """Say what is wrong where lifetime utility is infinite, with the bound of the discount rate; nothing else, or for arrays."""
    if np.ndim(growth) or np.all(finite_welfare(growth, p, variant)):
        return ""
    wrong, gamma = "lifetime utility is infinite: ", p.inverse_ies
    found = _bound(p, variant)
    if found is None:
        return wrong + (
            f"it is at a discount_rate of {p.discount_rate}, and no other up to 10 is found at which it is finite and firms adopt; "
            f"bring inverse_ies, {gamma}, closer to 1"
        )
    bound, above = found
    return wrong + (
        f"discount_rate must {'exceed' if above else 'be below'} {bound:.6g}, got {p.discount_rate}; with inverse_ies {gamma} "
        "it must be above (1 - inverse_ies) * growth, and growth depends on it; or bring inverse_ies closer to 1"
    )


def no_adoption(p: P, variant: str) -> str:
    """Say that no growth path with adoption is found with shocks, and which corner bounds growth from below."""
    low = lowest_growth(p, variant == "corrected")
    wrong = (
        f"no positive growth, and no balanced growth path with adoption, is found: the corner is growth of {low}, where the tail "
        "of the distribution meets its bound, "
    )
    if np.all(np.asarray(p.inverse_ies) <= 1):
        return wrong + "and even there firms are worth less than entry costs; lower adoption_entry_ratio or volatility"
    return wrong + (
        "and from there on growth does not lower the worth of firms to the cost of entry; lower adoption_entry_ratio or "
        f"volatility, or bring inverse_ies, {p.inverse_ies}, closer to 1"
    )


def _bound(p: P, variant: str) -> tuple[float, bool] | None:
    """Return the discount rate next to that refused from which utility is finite, and whether that is upwards."""
    if variant not in VARIANTS[:2]:  # utility is logarithmic: another condition refuses
        return None

    def admissible(rate: float) -> bool:
        with np.errstate(all="ignore"):
            q = p.replace(discount_rate=rate)
            growth = solve_growth(q, variant == "corrected")
        return bool(np.isfinite(growth) and rate > (1 - p.inverse_ies) * growth)

    for factor in (1.3, 1 / 1.3):
        refused, tried = p.discount_rate, p.discount_rate * factor
        while 1e-9 < tried < 10:
            if admissible(tried):
                return _edge(admissible, refused, tried), factor > 1
            refused, tried = tried, tried * factor
    return None


def _edge(admissible: Any, refused: float, allowed: float) -> float:
    """Return where what is refused borders on what is allowed, by halving the bracket."""
    while abs(allowed - refused) > 1e-9 * allowed:
        middle = (refused + allowed) / 2
        refused, allowed = (refused, middle) if admissible(middle) else (middle, allowed)
    return allowed
