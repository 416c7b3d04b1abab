"""Openness, selection and the five knowledge technologies of :mod:`tradewinds.growth.baldwin_robert_nicoud`."""

from __future__ import annotations

from typing import Any

import numpy as np

from tradewinds.growth.baldwin_parameters import BaldwinRobertNicoudParameters

__all__ = ["LAB", "concentration", "elasticity_of", "freeness", "openness_of", "productivity_of", "profit_of"]

LAB = "lab-equipment"


def concentration(p: BaldwinRobertNicoudParameters) -> Any:
    """Return the tail index over sigma - 1, beta."""
    return p.pareto_shape / (p.elasticity_of_substitution - 1)


def freeness(p: BaldwinRobertNicoudParameters) -> Any:
    """Return the freeness of trade, phi."""
    return np.asarray(p.trade_cost, dtype=float) ** (1 - p.elasticity_of_substitution)


def openness_of(p: BaldwinRobertNicoudParameters, trade_freeness: Any = None) -> Any:
    """Return spending on imports over spending on home's goods, Omega, where some survive and some of them export."""
    beta = concentration(p)
    return (freeness(p) if trade_freeness is None else trade_freeness) ** beta * (p.export_cost / p.entry_cost) ** (
        1 - beta
    )


def profit_of(p: BaldwinRobertNicoudParameters) -> Any:
    """Return profit in a market of a firm with unit cost 1, where costs are final goods: B L."""
    alpha = 1 - 1 / np.asarray(p.elasticity_of_substitution)
    return (1 - alpha) / alpha * alpha ** (2 * p.elasticity_of_substitution) * p.labour


def productivity_of(
    p: BaldwinRobertNicoudParameters, openness: Any, exporters: Any, survival: Any, variant: str
) -> Any:
    """Return the knowledge technology A; one in ``lab-equipment``, where knowledge takes goods."""
    still = 0 * openness
    if variant == "grossman-helpman":
        return 1 + p.idea_flow + still
    if variant == "coe-helpman":
        return 1 + p.idea_flow * openness / (1 + openness)
    if variant == "reverse-engineering":
        return 1 + p.idea_flow * exporters
    if variant == "efficiency-linked":
        return (1 + p.idea_flow) * survival**p.efficiency_link
    return 1 + still


def elasticity_of(p: BaldwinRobertNicoudParameters, openness: Any, variant: str) -> Any:
    """Return the elasticity of the reward of research with respect to 1 + Omega, away from corners of selection."""
    if variant == "coe-helpman":
        return p.idea_flow / (1 + openness + p.idea_flow * openness) - 1 + 0 * openness
    if variant == "reverse-engineering":
        per_share = p.idea_flow * p.entry_cost / p.export_cost
        return per_share * (1 + openness) / (1 + per_share * openness) - 1
    if variant == "efficiency-linked":
        return p.efficiency_link / p.pareto_shape - 1 + 0 * openness
    return (1 / concentration(p) if variant == LAB else -1.0) + 0 * openness
