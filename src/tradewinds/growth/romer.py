r"""Romer's (1990) model of designs for intermediates, in symmetric countries that trade them: a variant of variety expansion.

Final output of a country is :math:`Y = H_Y^{\alpha} \ell^{\beta} \sum_j x_j^{\gamma}`, :math:`\alpha + \beta + \gamma = 1`, with
unskilled labour :math:`\ell = 1` and intermediates of all countries; human capital :math:`H` makes output or designs,
:math:`\dot n = (\kappa n / a)(H - H_Y)`. An intermediate takes one unit of output and sells at :math:`1/\gamma`, abroad at
:math:`\tau/\gamma`. With :math:`\lambda = 1/(1 + (N-1)\tau^{-\gamma/(1-\gamma)})` the share of home's intermediates,

.. math::
    Y = H_Y^{\alpha}\, n\, x^{\gamma} / \lambda, \qquad x = (\gamma^2 H_Y^{\alpha})^{1/(1-\gamma)}, \qquad C = (1 - \gamma^2)\,Y .

A design earns :math:`\pi = (1-\gamma)\gamma Y / n` wherever it sells, is worth :math:`\pi / r`, and human capital earns the same
in both uses, :math:`\alpha Y / H_Y = (\kappa n / a)\,\pi / r`. With :math:`r = \rho + \theta g` this is

.. math::
    H_Y = \frac{\Lambda a}{\kappa}\,r, \qquad \Lambda = \frac{\alpha}{(1-\gamma)\gamma}, \qquad
    g = \frac{\kappa H/a - \Lambda\rho}{\Lambda\theta + 1} ,

Romer's growth rate. Trade in goods is neutral once more. In his article intermediates are durable and make up the
capital stock; here they are used up at once, which gives the same growth and no transition. Derived here; the article
was not at hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.growth.welfare import lifetime_utility

if TYPE_CHECKING:
    from tradewinds.growth.variety_parameters import VarietyExpansionParameters

__all__ = ["balanced_growth", "consumption", "least_discount_rate", "residual", "reward"]


def reward(p: VarietyExpansionParameters) -> Any:
    r"""Return :math:`\Lambda`, what human capital earns in output over what designs earn."""
    gamma = p.intermediate_share
    return p.human_capital_share / ((1 - gamma) * gamma)


def share(p: VarietyExpansionParameters) -> Any:
    """Return home's share of intermediates."""
    gamma = p.intermediate_share
    return 1 / (1 + (p.countries - 1) * np.asarray(p.trade_cost) ** (-gamma / (1 - gamma)))


def output(p: VarietyExpansionParameters, in_output: Any) -> Any:
    """Return final output a country at time 0, given human capital in it."""
    gamma = p.intermediate_share
    skill = np.asarray(in_output, dtype=float) ** p.human_capital_share
    return skill * p.varieties * (gamma**2 * skill) ** (gamma / (1 - gamma)) / share(p)


def consumption(p: VarietyExpansionParameters, in_output: Any) -> Any:
    """Return consumption per unit of human capital at time 0, given how much of it makes output."""
    return (1 - p.intermediate_share**2) * output(p, in_output) / p.labour


def least_discount_rate(p: VarietyExpansionParameters) -> Any:
    r"""Return where the discount rate is :math:`(1 - \theta) g`: at it and below, lifetime utility is infinite."""
    return (1 - np.asarray(p.inverse_ies)) * p.knowledge * p.labour / p.rnd_cost / (1 + reward(p))


def balanced_growth(p: VarietyExpansionParameters) -> dict[str, Any]:
    """Return the balanced growth path, the corner without research included."""
    rho, theta = p.discount_rate, p.inverse_ies
    ratio = reward(p)
    growth = np.maximum((p.knowledge * p.labour / p.rnd_cost - ratio * rho) / (ratio * theta + 1), 0.0)
    research = p.rnd_cost / p.knowledge * growth
    level = consumption(p, p.labour - research)
    made = output(p, p.labour - research)
    home = share(p)
    return {
        "growth": growth,
        "innovation": growth + 0.0,
        "home_share": home,
        "import_share": 1 - home,
        "home_share_differentiated": home,
        "consumption": level,
        "varieties": p.varieties + 0 * growth,
        "interest_rate": rho + theta * growth,
        "rnd_labour_share": research / p.labour,
        "spending": made / p.labour,
        "variety_value": (1 - p.intermediate_share)
        * p.intermediate_share
        * made
        / p.varieties
        / (rho + theta * growth),
        "lifetime_utility": lifetime_utility(level, growth, rho, theta),
    }


def residual(values: Mapping[str, Any], p: VarietyExpansionParameters) -> dict[str, Any]:
    """Return the conditions of the module at a point."""
    gamma, g, made = p.intermediate_share, values["innovation"], values["spending"] * p.labour
    research = values["rnd_labour_share"] * p.labour
    in_output = p.labour - research
    profit = (1 - gamma) * gamma * made / p.varieties
    designs = values["variety_value"] * p.knowledge * p.varieties / p.rnd_cost
    produced = p.human_capital_share * made / in_output
    # one intermediate sold at home: its marginal product is its price
    sold = gamma * made * values["home_share"] / p.varieties * gamma  # quantity, from spending at price 1 / gamma
    marginal = gamma * in_output**p.human_capital_share * sold ** (gamma - 1)
    return {
        "research": research * p.knowledge / p.rnd_cost - g,
        "use of human capital": np.minimum(g, 1 - designs / produced),
        "value of a design": profit / values["variety_value"] / values["interest_rate"] - 1,
        "Euler equation": values["interest_rate"] - p.discount_rate - p.inverse_ies * values["growth"],
        "demand for intermediates": marginal * gamma - 1,
        "resources": values["consumption"] * p.labour / made + gamma**2 - 1,
    }
