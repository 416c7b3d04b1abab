"""The openings that the map of mechanisms solves: one sign, no effect, or both signs, and at which parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any

__all__ = ["ENTRIES", "Case", "Entry"]


@dataclass(frozen=True)
class Case:
    """One opening.

    Attributes
    ----------
    label : str
        What opens, and whose rate of what is shown.
    variant : str, optional
    calibration : mapping
        What differs from the standard calibration.
    closed : mapping, optional
        What closes the economy; that of the mechanism where nothing is said.
    variable, country : str, int
        The rate shown, and in which country.
    """

    label: str
    variant: str | None = None
    calibration: Mapping[str, Any] = field(default_factory=dict)
    closed: Mapping[str, Any] | None = None
    variable: str = "growth"
    country: int = 0


@dataclass(frozen=True)
class Entry:
    """A mechanism on the map: the channel through which trade works, and the openings that show what decides."""

    channel: str
    cases: tuple[Case, ...]


_FEW_IDEAS = ((1.0, 0.03, 0.01), (0.02, 1.0, 0.04), (0.01, 0.02, 1.0))

ENTRIES: Mapping[str, Entry] = {
    "variety-expansion": Entry(
        "scale and competition; idea flows",
        (
            Case("goods; consumption"),
            Case("goods and ideas; consumption", closed={"trade_cost": inf, "idea_flow": 0.0}),
        ),
    ),
    "quality-ladders": Entry(
        "scale; idea flows",
        (
            Case("goods and ideas (`international`); consumption"),
            Case("goods alone (`divided`); consumption", variant="divided"),
            Case(
                "goods at 1.5 instead of 3 (`costly-trade`); consumption",
                variant="costly-trade",
                closed={"trade_cost": 3.0},
            ),
        ),
    ),
    "partial-spillovers": Entry(
        "idea flows; competition",
        (
            Case("goods; consumption"),
            Case(
                "ideas, from a tenth of `spillovers` to all; consumption",
                closed={"trade_cost": inf, "spillovers": _FEW_IDEAS},
            ),
        ),
    ),
    "heckscher-ohlin-innovation": Entry(
        "allocation; idea flows",
        (
            Case("goods and ideas; output where human capital abounds", variable="output_growth"),
            Case("the same; output where labour abounds", variable="output_growth", country=1),
            Case(
                "the same, with less human capital abroad; output there",
                calibration={"foreign_human_capital": 0.6, "foreign_labour": 1.4},
                variable="output_growth",
                country=1,
            ),
        ),
    ),
    "national-spillovers": Entry(
        "allocation; history",
        (
            Case("goods; varieties of the leader", variable="innovation"),
            Case("goods; varieties of the laggard", variable="innovation", country=1),
            Case("goods; consumption of the laggard", country=1),
        ),
    ),
    "feenstra": Entry(
        "competition",
        (
            Case("goods and capital; varieties of the slower", variable="innovation", country=1),
            Case("goods alone; varieties of the slower", variant="financial-autarky", variable="innovation", country=1),
            Case("goods and capital; consumption of the slower", country=1),
        ),
    ),
    "young": Entry(
        "learning by doing; history",
        (
            Case("goods; knowledge of the leader", variable="innovation", country=1),
            Case("goods; knowledge of the laggard", variable="innovation"),
            Case("goods; consumption of the laggard"),
        ),
    ),
    "baldwin-robert-nicoud": Entry(
        "selection; idea flows",
        tuple(
            Case(f"goods (`{variant}`); consumption", variant=variant)
            for variant in (
                "grossman-helpman",
                "coe-helpman",
                "reverse-engineering",
                "efficiency-linked",
                "lab-equipment",
            )
        ),
    ),
    "peretto-valente": Entry("allocation of labour", (Case("goods and materials; consumption"),)),
    "perla-tonetti-waugh": Entry(
        "diffusion; selection",
        (
            Case("goods, free entry (`corrected`); consumption"),
            Case("goods, fixed mass, adoption in labour; consumption", variant="fixed-mass-labour-cost"),
            Case("goods, fixed mass, adoption in goods; consumption", variant="fixed-mass-goods-cost"),
            Case(
                "goods, no fixed cost of exporting; consumption",
                variant="no-shocks",
                calibration={"export_fixed_cost": 0.0},
            ),
        ),
    ),
    "sampson": Entry(
        "selection; diffusion to entrants",
        (
            Case("goods; consumption"),
            Case("goods, no fixed cost of exporting; consumption", calibration={"export_cost": 0.0}),
        ),
    ),
    "alvarez-buera-lucas": Entry(
        "idea flows with goods; diffusion",
        (Case("goods; consumption"), Case("goods, at a trade cost of 4; consumption", calibration={"trade_cost": 4.0})),
    ),
    "buera-oberfield": Entry(
        "learning through trade",
        (
            Case("goods, learning from sellers; consumption"),
            Case("goods, learning from producers; consumption", variant="producers"),
        ),
    ),
}
