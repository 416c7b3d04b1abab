"""What the survey states about endowments and innovation, solved over endowments inside and outside equalisation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.growth.claims import SURVEY, Claim, grade
from tradewinds.growth.factor_parameters import HeckscherOhlinInnovationParameters

if TYPE_CHECKING:
    from tradewinds.growth.heckscher_ohlin_innovation import HeckscherOhlinInnovation

__all__ = ["claims"]


@dataclass(frozen=True)
class _World:
    """Two countries, home rich in human capital, with trade and without; values by name, home first."""

    p: HeckscherOhlinInnovationParameters
    opened: dict[str, Any]
    closed: dict[str, Any]

    def research_cost(self, values: dict[str, Any]) -> Any:
        """Return the cost of research over that of the homogeneous good, a country."""
        premium = values["human_capital_wage"] / values["labour_wage"]
        return premium ** (self.p.research_intensity - self.p.homogeneous_intensity)

    def simple_labour(self, values: dict[str, Any], share: float) -> float:
        """Return the part of labour abroad that makes the homogeneous good, of spending on which it sells a share."""
        p = self.p
        paid = share * (1 - p.homogeneous_intensity) * (1 - p.differentiated_share)
        return float(paid / (values["labour_wage"][1] * p.foreign_labour))

    @property
    def equalised(self) -> bool:
        """Whether trade equalises factor prices."""
        home, foreign = self.opened["human_capital_wage"]
        return bool(abs(home / foreign - 1) < 1e-9)


def claims(mechanism: HeckscherOhlinInnovation) -> tuple[Claim, ...]:
    """Return the claims about the cost of research, who does it, and the country abundant in labour."""
    worlds = list(_worlds(mechanism))
    return (_cheapest(worlds), _invents(mechanism, worlds), _pulled(worlds), _ambiguous(worlds))


def _worlds(mechanism: HeckscherOhlinInnovation) -> Iterator[_World]:
    for human in (0.1, 0.3, 0.6, 0.8, 0.95):
        for size in (0.2, 1.0, 4.0):
            p = mechanism.parameters(foreign_human_capital=human * size, foreign_labour=(2 - human) * size)
            opened, closed = (mechanism.balanced_growth(p.replace(trade=x), mechanism.variants[0]) for x in (1, 0))
            yield _World(p, opened, closed)


def _cheapest(worlds: list[_World]) -> Claim:
    """Compare costs of research before trade, with trade, and with trade that equalises factor prices."""
    before = [w.research_cost(w.closed) for w in worlds]
    after = [(w, w.research_cost(w.opened)) for w in worlds]
    apart = [cost for w, cost in after if not w.equalised]
    alike = [cost for w, cost in after if w.equalised]
    return grade(
        "research-cheapest-where-human-capital-abounds",
        "In the country with the greater relative endowment of human capital the cost of innovation is lowest, because abundance "
        "makes this factor relatively cheap.",
        f"{SURVEY}, section III",
        within=[cost[0] < cost[1] for cost in (*before, *apart)],
        outside=[cost[0] < cost[1] * (1 - 1e-9) for cost in alike],
        condition="trade does not equalise factor prices: before trade, or where endowments are far apart; where it does, research "
        "costs the same in both countries",
        numbers={
            "cost of research at home over abroad, autarky": float(before[7][0] / before[7][1]),
            "the same, trade and factor prices equal": float(alike[0][0] / alike[0][1]),
            "the same, trade and factor prices apart": float(apart[0][0] / apart[0][1]),
        },
        explanation="Cost is in units of the homogeneous good. Trade in goods that hold human capital makes it as scarce at home "
        "as abroad.",
    )


def _invents(mechanism: HeckscherOhlinInnovation, worlds: list[_World]) -> Claim:
    """Compare the two countries with trade."""
    rich = [
        [
            w.opened["rnd_share"][0] > w.opened["rnd_share"][1],
            w.opened["net_exports_varieties"][0] > 0,
            w.opened["output_growth"][0] > w.opened["output_growth"][1],
        ]
        for w in worlds
    ]
    values = mechanism.solve().value
    numbers = {
        f"{name.replace('_', ' ')}, {c}": float(values[name][i])
        for name in ("rnd_share", "net_exports_varieties", "output_growth")
        for i, c in enumerate(("home", "foreign"))
    }
    return grade(
        "human-capital-invents",
        "In the long run the country with an abundance of human capital conducts more R&D, exports differentiated products in "
        "exchange for the homogeneous good, and grows faster.",
        f"{SURVEY}, section III",
        within=np.ravel(rich),
        numbers=numbers | {"growth of consumption, both": values.growth},
        explanation="More R&D relative to its income. It is output that grows faster; consumption grows alike, as varieties are "
        "traded.",
    )


def _pulled(worlds: list[_World]) -> Claim:
    """Compare knowledge, and labour in the homogeneous good, of the country abundant in labour with autarky."""
    own = [float(w.closed["varieties"][1] / w.opened["varieties"].sum()) for w in worlds]
    # alone its spending on the good is its own, with trade that of the world
    moved = [
        (w.simple_labour(w.closed, 1.0), w.simple_labour(w.opened, float(w.opened["homogeneous_share"][1])))
        for w in worlds
    ]
    before, after = moved[7]
    return grade(
        "labour-abundant-two-forces",
        "In the labour-abundant country knowledge from abroad augments productivity in research, and comparative advantage in the "
        "labour-intensive activity causes it to allocate more resources to homogeneous goods.",
        f"{SURVEY}, section III",
        within=[*(part < 1 for part in own), *(late > early for early, late in moved)],
        numbers={
            "part of the world's varieties that it builds on in autarky": own[7],
            "labour in the homogeneous good, autarky": before,
            "labour in the homogeneous good, trade": after,
        },
        explanation="The two forces work against each other in what it invents.",
    )


def _ambiguous(worlds: list[_World]) -> Claim:
    """Compare the country abundant in labour with itself in autarky."""
    moved = np.array([w.opened["output_growth"][1] - w.closed["output_growth"][1] for w in worlds])
    return grade(
        "labour-abundant-ambiguous",
        "For the labour-abundant country either effect can dominate: globalization can cause its growth rate to rise or fall.",
        f"{SURVEY}, section III",
        within=[bool(np.any(moved > 0)), bool(np.any(moved < 0))],
        numbers={
            "largest rise of output growth": float(moved.max()),
            "largest fall of output growth": float(moved.min()),
        },
        explanation="Foreign knowledge against specialisation in the homogeneous good; the growth rate is that of output.",
    )
