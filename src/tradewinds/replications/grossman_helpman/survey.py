"""What the survey states, sentence by sentence in its own order, and which claims of which mechanism answer.

A statement is in our words. What is about data, or about something that no mechanism here has, is listed with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["SECTIONS", "STATEMENTS", "Statement", "section_of"]

#: Name of an exhibit -> its title.
SECTIONS: Mapping[str, str] = {
    "Introduction": "Introduction",
    "Section I": "Section I. International knowledge spillovers",
    "Section II": "Section II. Scale versus competition",
    "Section III": "Section III. Innovation in general equilibrium",
    "Footnote 2": "Footnote 2. A resource boom",
    "Section IV": "Section IV. Technological diffusion",
    "Section V": "Section V. Concluding remark",
}


@dataclass(frozen=True)
class Statement:
    """One statement of the survey.

    Attributes
    ----------
    section : str
        Key of :data:`SECTIONS`.
    text : str
        In our words.
    checks : tuple of (str, str)
        Mechanism and name of its claim.
    reason : str
        Why no claim answers; empty where one does.
    """

    section: str
    text: str
    checks: tuple[tuple[str, str], ...] = ()
    reason: str = ""


_DATA = "a statement about data"
_VARIETY, _LADDERS, _PARTIAL = "variety-expansion", "quality-ladders", "partial-spillovers"
_FACTORS, _NATIONAL, _FEENSTRA, _YOUNG = "heckscher-ohlin-innovation", "national-spillovers", "feenstra", "young"
_BALDWIN, _BOOM, _ADOPTION = "baldwin-robert-nicoud", "peretto-valente", "perla-tonetti-waugh"
_SAMPSON, _IDEAS, _LEARNING = "sampson", "alvarez-buera-lucas", "buera-oberfield"

STATEMENTS: tuple[Statement, ...] = (
    Statement(
        "Introduction",
        "Physical capital that grows faster than population is likely to meet diminishing returns, until investment does not pay.",
        reason="no mechanism here accumulates physical capital",
    ),
    Statement(
        "Introduction",
        "Knowledge is not used up by its use, so that output has increasing returns to all inputs together, and the accumulation "
        "of knowledge need not meet diminishing returns.",
        ((_VARIETY, "increasing-returns"),),
    ),
    Statement(
        "Introduction",
        "Integration affects the incentive to acquire knowledge through the flow of ideas, the size of markets and "
        "the rivals in them, prices of inputs, and diffusion. Incentives may intensify or diminish.",
        ((_VARIETY, "larger-stage"), (_LADDERS, "larger-stage"), (_BALDWIN, "two-of-five-harm-growth")),
    ),
    Statement(
        "Introduction",
        "Foreign ideas may be useful for new products, for better products, or for lower costs.",
        (
            (_VARIETY, "spillovers-raise-growth"),
            (_LADDERS, "upgrading-on-world-research"),
            (_IDEAS, "trade-improves-sources"),
        ),
    ),
    Statement(
        "Introduction",
        "Integration changes prices of inputs and outputs, and so the cost of innovation and which activities attract it.",
        (
            (_FACTORS, "research-cheapest-where-human-capital-abounds"),
            (_NATIONAL, "lesser-industries-for-the-laggard"),
        ),
    ),
    Statement(
        "Section I", "There are substantial international spillovers, and they are far from complete.", reason=_DATA
    ),
    Statement(
        "Section I",
        "International spillovers tend to accelerate growth in all countries.",
        ((_VARIETY, "spillovers-raise-growth"), (_LADDERS, "upgrading-on-world-research")),
    ),
    Statement(
        "Section I",
        "They do so because the cost of further innovation declines in every country with advances made elsewhere.",
        ((_VARIETY, "advances-abroad-lower-costs"),),
    ),
    Statement(
        "Section I",
        "With an arbitrary pattern of partial spillovers, more of them from any country to any other raise long-run "
        "growth everywhere.",
        ((_PARTIAL, "any-spillover-raises-growth-everywhere"),),
    ),
    Statement(
        "Section I",
        "Trade may be a conduit: firms get ideas from their suppliers abroad.",
        ((_LEARNING, "trade-is-the-vehicle"), (_IDEAS, "trade-improves-sources")),
    ),
    Statement(
        "Section I",
        "Exporters learn from their customers; multinational firms bring knowledge to affiliates, and it leaks from there.",
        reason="no mechanism here has learning from customers or foreign direct investment",
    ),
    Statement(
        "Section I",
        "Bilateral trade and foreign direct investment help to explain what a country gains from its partners' research.",
        reason=f"{_DATA}; for trade, see the replications of Keller (1997) and of Bayoumi, Coe and Helpman (1996)",
    ),
    Statement(
        "Section II",
        "A larger stage tends to boost the incentive to acquire knowledge; more rivals offset it.",
        ((_VARIETY, "larger-stage"), (_LADDERS, "larger-stage")),
    ),
    Statement(
        "Section II",
        "Without fixed costs of producing and exporting, lower trade costs leave the common growth rate as it is: "
        "what demand adds, market share lost to foreign firms takes away.",
        ((_PARTIAL, "trade-costs-neutral"), (_VARIETY, "goods-trade-neutral")),
    ),
    Statement(
        "Section II",
        "With fixed costs, a decline in trade costs raises the productivity needed to survive and lowers "
        "that needed to export.",
        ((_BALDWIN, "selection"),),
    ),
    Statement(
        "Section II",
        "If spillovers stay constant, the demand that cheaper trade adds is then more than offset by fiercer "
        "competition, and incentives for research decline.",
        ((_BALDWIN, "constant-spillovers-slow-growth"),),
    ),
    Statement(
        "Section II",
        "Without international spillovers, rivals in the country that grows faster make innovation less profitable "
        "in the slower one when trade opens, and the gap between them widens.",
        ((_FEENSTRA, "gap-widens"), (_FEENSTRA, "profitability-of-the-slower-falls")),
    ),
    Statement(
        "Section II",
        "That can be worse with several industries: the country with lesser incentives specialises in those with lesser prospects.",
        ((_NATIONAL, "lesser-industries-for-the-laggard"),),
    ),
    Statement(
        "Section II",
        "With national spillovers, history and initial conditions can matter for what globalisation does to growth.",
        ((_NATIONAL, "history-matters"),),
    ),
    Statement(
        "Section II",
        "In the extreme, competition with a more advanced partner leads a country that would have gone on innovating "
        "alone to specialise in activities without prospects.",
        (
            (_NATIONAL, "laggard-stops"),
            (_NATIONAL, "laggard-grows-slower"),
            (_YOUNG, "growth-prospects-lost"),
        ),
    ),
    Statement(
        "Section II",
        "The country with the head start does more of the activity that accumulates knowledge, the other does less.",
        ((_NATIONAL, "leader-does-more"), (_YOUNG, "head-start")),
    ),
    Statement(
        "Section III",
        "In the long run the country abundant in human capital does more research, exports differentiated products "
        "in exchange for the homogeneous good, and grows faster.",
        ((_FACTORS, "human-capital-invents"),),
    ),
    Statement(
        "Section III",
        "There the cost of innovation is lowest, because abundance makes human capital relatively cheap.",
        ((_FACTORS, "research-cheapest-where-human-capital-abounds"),),
    ),
    Statement(
        "Section III",
        "For the country abundant in labour, foreign knowledge and the pull of the homogeneous good work against "
        "each other: globalisation can raise or lower its growth.",
        ((_FACTORS, "labour-abundant-two-forces"), (_FACTORS, "labour-abundant-ambiguous")),
    ),
    Statement(
        "Section III",
        "Human capital may come from decisions about education; the country with the best educational system "
        "specialises in research.",
        reason="endowments are given here; more human capital at home has the effects of the statements above",
    ),
    Statement(
        "Footnote 2",
        "A resource boom draws labour into processing, and away from innovation and manufacturing, where raw "
        "material and labour are complements.",
        ((_BOOM, "complements-draw-labour-away"),),
    ),
    Statement(
        "Footnote 2",
        "Where they are substitutes, labour in innovation and manufacturing grows.",
        ((_BOOM, "substitutes-free-labour"),),
    ),
    Statement(
        "Section IV",
        "Diffusion, like the creation of new technologies, can be a source of sustained growth.",
        ((_ADOPTION, "diffusion-sustains-growth"), (_SAMPSON, "technologies-improve-for-ever")),
    ),
    Statement(
        "Section IV",
        "A set of the least productive firms search rather than produce.",
        ((_ADOPTION, "least-productive-search"),),
    ),
    Statement(
        "Section IV",
        "Cheaper trade raises the profits of firms of high productivity, which export, relative to those of low productivity, "
        "which face more competition at home.",
        ((_ADOPTION, "exporters-profit-relative-to-others"), (_ADOPTION, "weak-firms-face-competition")),
    ),
    Statement(
        "Section IV",
        "Cheaper trade is neutral for adoption if the fixed costs of exporting are nil.",
        ((_ADOPTION, "neutral-without-fixed-costs"),),
    ),
    Statement(
        "Section IV",
        "If the cost of search is labour in fixed supply, opening raises the real wage and so the cost of adoption, "
        "and diffusion slows down.",
        ((_ADOPTION, "opening-raises-the-real-wage"), (_ADOPTION, "labour-cost-slows-diffusion")),
    ),
    Statement(
        "Section IV",
        "If it is the final good, the wider gap in profits between firms of high and low productivity speeds diffusion up.",
        ((_ADOPTION, "goods-cost-speeds-diffusion"),),
    ),
    Statement(
        "Section IV",
        "Lower trade costs induce exit of firms of low productivity and expansion of those of high productivity.",
        ((_SAMPSON, "selection"),),
    ),
    Statement(
        "Section IV",
        "That selection improves the draws of entrants, and so encourages further entry.",
        ((_SAMPSON, "better-draws-encourage-entry"),),
    ),
    Statement(
        "Section IV",
        "Globalisation then speeds growth, without any scale effect and without international spillovers.",
        ((_SAMPSON, "globalisation-speeds-growth"), (_SAMPSON, "no-scale-effect")),
    ),
    Statement(
        "Section IV",
        "In autarky those one may learn from are the domestic producers.",
        ((_IDEAS, "autarky-learns-from-home"),),
    ),
    Statement(
        "Section IV",
        "Trade improves the source of learning by replacing less efficient domestic sellers with more efficient foreigners.",
        ((_IDEAS, "trade-improves-sources"),),
    ),
    Statement(
        "Section IV",
        "Trade is the vehicle for endogenous international knowledge spillovers.",
        ((_LEARNING, "trade-is-the-vehicle"),),
    ),
    Statement(
        "Section V",
        "What integration does to knowledge ought to depend on a country's endowments of factors and "
        "resources, and on its history.",
        (
            (_FACTORS, "labour-abundant-ambiguous"),
            (_BOOM, "complements-draw-labour-away"),
            (_BOOM, "substitutes-free-labour"),
            (_NATIONAL, "history-matters"),
        ),
    ),
    Statement(
        "Section V",
        "Little is known about which mechanisms are at work and how much they matter; regressions across countries "
        "lack instruments and independent observations.",
        reason=_DATA,
    ),
)


def section_of(source: str) -> str:
    """Return the exhibit of a claim by its source: a key of :data:`SECTIONS`, or the paper it is from.

    Examples
    --------
    >>> section_of("Grossman and Helpman (2015), section IV; Sampson (2016)"), section_of("Sampson (2016), abstract")
    ('Section IV', 'Sampson (2016)')
    """
    found = re.match(r"(.*?\(\d{4}\))(?:, ([^,;]*))?", source)
    if found is None:
        return "Beyond the survey"
    paper, place = found[1], found[2] or ""
    if paper != "Grossman and Helpman (2015)":
        return paper
    return place[:1].upper() + place[1:]
