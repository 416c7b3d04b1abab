r"""Who survives and who exports in :mod:`tradewinds.growth.baldwin_robert_nicoud`, corners included.

With :math:`\xi = V / P_K` the value of selling a unit of :math:`a^{1-\sigma}` at home over the price of knowledge, cutoffs and free
entry are three equations in :math:`\xi, a_D, a_X`, whatever the technology of knowledge:

.. math::
    \xi\, a_D^{1-\sigma} = F_D, \qquad \phi\,\xi\, a_X^{1-\sigma} = F_X, \qquad
    \xi \int_0^{a_D} a^{1-\sigma} dG + \phi\,\xi \int_0^{a_X} a^{1-\sigma} dG = F_I + F_D G(a_D) + F_X G(a_X) .

Corners: *every draw survives*, :math:`a_D = 1` and :math:`\xi \ge F_D`, where a draw is dear; *every survivor exports*,
:math:`a_X = a_D` with :math:`(1 + \phi)\,\xi\,a_D^{1-\sigma} = F_D + F_X`, where exporting is cheap (who sells abroad also sells at
home); and both.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tradewinds.growth.baldwin_parameters import BaldwinRobertNicoudParameters
from tradewinds.growth.baldwin_technologies import LAB, concentration, freeness, openness_of, productivity_of

__all__ = ["selection", "slope_of"]


def selection(p: BaldwinRobertNicoudParameters, trade_freeness: Any = None) -> dict[str, Any]:
    """Return survival (productivity of the least efficient survivor), exporters (share), openness, knowledge a variety, and xi.

    Parameters
    ----------
    trade_freeness : array_like, optional
        In place of that of the trade cost.
    """
    beta, sigma = concentration(p), np.asarray(p.elasticity_of_substitution)
    phi = freeness(p) if trade_freeness is None else trade_freeness
    draw, entry, export = p.draw_cost, p.entry_cost, p.export_cost
    all_export = phi * entry >= export
    markets = np.where(all_export, entry + export, entry * (1 + openness_of(p, phi)))
    reach = (beta - 1) * draw / markets  # a_D^k
    all_survive = reach >= 1
    # every draw survives: free entry in xi alone, convex, so that Newton's steps from above fall on the root
    xi = (draw + entry) * (beta - 1) / beta + 0 * reach
    for _ in range(60):
        abroad = export * (phi * xi / export) ** beta
        step = (xi * beta + abroad - (beta - 1) * (draw + entry)) / (beta + beta * abroad / xi)
        xi = xi - step
    alike = phi * (draw + entry + export) * (beta - 1) / (beta * (1 + phi)) >= export
    xi = np.where(alike, (draw + entry + export) * (beta - 1) / (beta * (1 + phi)), xi)
    exporters = np.where(all_survive, (phi * xi / export) ** beta, (phi * entry / export) ** beta)
    exporters = np.where(np.where(all_survive, alike, all_export), 1.0, exporters)
    survival = np.where(all_survive, 1.0, reach ** (-1 / np.asarray(p.pareto_shape)))
    together = np.where(all_export, (entry + export) / (1 + phi), entry)
    return {
        "survival": survival,
        "exporters": exporters,
        "openness": phi * exporters ** ((beta - 1) / beta),
        "cost": draw * survival**p.pareto_shape + entry + export * exporters,
        "xi": np.where(all_survive, xi, together * survival ** (1 - sigma)),
        "corner": all_survive | np.where(all_survive, alike, all_export),
    }


def slope_of(p: BaldwinRobertNicoudParameters, variant: str) -> Any:
    """Return the elasticity of the reward of research with respect to 1 + Omega by differences, in corners of selection."""
    logs = []
    for step in (3e-4, -3e-4):
        phi = np.maximum(freeness(p), 1e-4) * np.exp(step)
        at = selection(p, phi)
        if variant == LAB:
            reward = at["survival"] ** (p.elasticity_of_substitution - 1) * (1 + at["openness"]) / at["cost"]
        else:
            reward = productivity_of(p, at["openness"], at["exporters"], at["survival"], variant) / at["cost"]
        logs.append((np.log(reward), np.log1p(at["openness"])))
    return (logs[0][0] - logs[1][0]) / (logs[0][1] - logs[1][1])
