"""A paragraph and the key equations of each mechanism; all of its equations are in the documentation of its module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["WORDS", "Words"]


@dataclass(frozen=True)
class Words:
    """What a mechanism's section says before its figure.

    Attributes
    ----------
    place : str
        Where the survey has it.
    text : str
        Markdown.
    equation : str
        In plain Unicode, one line a line.
    """

    place: str
    text: str
    equation: str


WORDS: Mapping[str, Words] = {
    "variety-expansion": Words(
        "sections I and II",
        "Blueprints for new varieties get cheaper with knowledge, of which the part ψ of foreign research is of use "
        "at home. "
        "Cheaper trade in goods adds buyers and rivals in equal measure; ideas that cross the border make research cheaper.",
        "g = (s/σ) κ L/a − (1 − s/σ) ρ,   κ = 1 + ψ (N − 1)\nλ = 1 / [1 + (N − 1) τ^{1−σ}]",
    ),
    "quality-ladders": Words(
        "sections I and III",
        "A firm that makes a product better takes its market until the next one does. If laboratories build on the "
        "best product of the world, all countries' researchers stand behind each good.",
        "ι = (1 − 1/λ) (L_{h} + L_{f})/a − ρ/λ,   g = ι ln λ",
    ),
    "partial-spillovers": Words(
        "sections I and II",
        "Many countries, each learning a part Ω_{jc} of what every other has learnt. Growth is one eigenvalue, and "
        "trade costs are not in it. With workers of different ability and technologies of different "
        "complexity the ablest do research.",
        "[σ g + (σ − 1) ρ] M_{c} = (L_{c}/a_{c}) Σ_{j} Ω_{jc} M_{j}",
    ),
    "heckscher-ohlin-innovation": Words(
        "section III",
        "Research needs much human capital, varieties less, the homogeneous good least; knowledge is shared by all. "
        "In the factor price equalisation set two countries together do what one economy would; outside it "
        "some country lacks a sector.",
        "w_{H} H_{h} = ς (θ_{γ} I + θ_{x} s α) + ζ θ_{z} (1 − s)\n"
        "w_{L} L_{h} = ς [(1 − θ_{γ}) I + (1 − θ_{x}) s α] + ζ (1 − θ_{z}) (1 − s)",
    ),
    "national-spillovers": Words(
        "section II",
        "Knowledge stays at home, goods do not: the country that knows more has the lower cost of research and does "
        "all of it. The laggard makes the common good, and buys varieties.",
        "g_{A} = [L_{A} + L_{B} − (1 − sβ) E]/a\nÊ = sβ E ς/a − g_{A} − ρ,   dς/dt = ς (1 − ς) g_{A}",
    ),
    "feenstra": Words(
        "section II",
        "Two countries that do not learn from each other and differ in size. With trade the slower one's varieties "
        "lose value to the faster one's, if capital moves; with balanced trade both innovate as they would alone.",
        "g_{A} = g_{A}^{aut},   g_{B} = [σ^{2} g_{B}^{aut} − (σ − 1) g_{A}] / (σ^{2} − σ + 1)",
    ),
    "young": Words(
        "section II",
        "People learn by doing, in goods in which there is still something to learn. A laggard that trades with a "
        "leader moves to goods in which there is nothing left.",
        "a(s, T) = ā e^{−T} e^{|s−T|},   dT/dt = ∫_{T}^{∞} L(s) ds",
    ),
    "baldwin-robert-nicoud": Words(
        "section II",
        "Firms differ, and pay fixed costs to sell at home and abroad. Opening makes survivors better and a new "
        "variety dearer in knowledge; whether growth rises depends on what opening does to the cost of knowledge.",
        "g = L A λ (β − 1) / (σ β F_{D}) − ρ (σ − 1)/σ\nfaster  ⇔  d ln A / d ln(1/λ) > 1",
    ),
    "peretto-valente": Words(
        "footnote 2",
        "A country owns a raw material and processes it with labour. Spending on materials is a given part of sales: "
        "more of the raw material raises or lowers labour's part of it.",
        "w L_{M} = ζ γ (σ − 1)/σ (S + S^{*}),   dL_{M}/dR > 0  ⇔  ε < 1",
    ),
    "perla-tonetti-waugh": Words(
        "section IV",
        "The least productive firms pay for a draw from what other firms can do. Trade widens the gap between those "
        "who export and those who might adopt. What adoption costs, labour or goods, and whether firms may "
        "enter, decides what that does to growth.",
        "v(1) = E v − ζ,   v′(1) = 0,   E v = ζ/χ\nf(z) = θξ/(ξ − θ) (z^{−θ−1} − z^{−ξ−1}),   ξ = 2(g − μ)/υ^{2} − θ",
    ),
    "sampson": Words(
        "section IV",
        "Entrants learn from firms that are open, so that selection makes them better. Trade closes weak firms, "
        "draws improve, and that goes on.",
        "q = γ/[1 + γ(k − 1)] [Γ_{A}/λ_{ii} + k n/(σ − 1) − ρ]",
    ),
    "alvarez-buera-lucas": Words(
        "section IV",
        "Managers meet sellers and take over what they know if it is better. Trade brings better sellers. The best "
        "sell everywhere at any cost of trade, so that growth does not depend on how high it is.",
        "∂F(z,t)/∂t = −α F(z,t) [1 − G(z,t)],   g = θ α n",
    ),
    "buera-oberfield": Words(
        "section IV",
        "New ideas build on those of sellers, or of producers, with diminishing returns β. Trade changes who is met; "
        "knowledge changes in level, not in growth.",
        "dλ_{i}/dt = α_{i} Γ(1 − β) Σ_{j} π_{ij} (λ_{j}/π_{ij})^{β}",
    ),
}
