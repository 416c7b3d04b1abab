"""What each mechanism says, in a paragraph and its central equations; derivations are in the documentation of its module."""

from __future__ import annotations

from tradewinds.report.page import Equation

__all__ = ["EQUATIONS", "content"]

#: Mechanism, or mechanism and variant -> words and equations.
EQUATIONS: dict[str, tuple[str | Equation, ...]] = {
    "variety-expansion": (
        "Growth by new products. A blueprint takes a/K workers, K being knowledge at home: its own varieties, and the "
        "part ψ of those invented in each of the other countries. Goods cross borders at a trade cost τ. Growth of "
        "consumption follows from free entry, no arbitrage and the labour market; λ is the home share of spending on "
        "varieties:",
        Equation(
            "g = (s/σ) κ L/a − (1 − s/σ) ρ,   κ = 1 + ψ (N − 1)\n"
            "growth of consumption = s g/(σ − 1),   level ∝ λ^{−s/(σ−1)}\n"
            "λ = 1/[1 + (N − 1) τ^{1−σ}]"
        ),
        "Trade in goods moves the level, the flow of ideas moves growth.",
    ),
    "variety-expansion/romer-1990": (
        "Growth by new intermediate goods, designed with human capital H, which output needs too; the inverse of the "
        "intertemporal elasticity, θ, may be anything. A design takes a/(κ n) of human capital, n being the number "
        "there are at home and ψ the part of foreign designs that is of use:",
        Equation("g = (κ H/a − Λ ρ)/(Λ θ + 1),   Λ = α/[γ (1 − γ)],   κ = 1 + ψ (N − 1)"),
        "Trade in goods moves the level, the flow of ideas moves growth.",
    ),
    "quality-ladders": (
        "Growth by better products, each step λ built on the last. A firm lasts until the next step, which "
        "researchers find at rate ι on each good; σ_{j} is the share of goods whose newest quality country j makes:",
        Equation(
            "ι_{j} = (1 − 1/λ) L_{j}/(a σ_{j}) − ρ/λ,  or zero where that is negative\n"
            "growth of consumption = ln λ · Σ_{j} σ_{j} ι_{j}"
        ),
        "With trade the labour of both countries stands behind each good, without it each works alone. Goods trade freely or "
        "not at all in international, where laboratories improve any good; in divided they improve those of their own country, "
        "and a trade cost moves levels.",
    ),
    "quality-ladders/costly-trade": (
        "Growth by better products that are imperfect substitutes, with elasticity ε, and travel at a trade cost τ. A firm lasts "
        "until a laboratory somewhere finds the next step λ, which happens at the rate I λ^{1−ε}:",
        Equation("growth of consumption = I (1 − λ^{1−ε})/(ε − 1)"),
        "Profit is a part of the wage bill wherever a good is sold, so the trade cost is neutral for growth; it moves wages, home "
        "shares and levels.",
    ),
    "partial-spillovers": (
        "Many countries invent varieties, and research in c builds on a part Ω_{jc} of what was invented in j. On the "
        "balanced path all grow alike, at a rate set by the largest eigenvalue of the matrix of labour, costs of "
        "research and spillovers:",
        Equation("σ g + (σ − 1) ρ = r( diag(L/a) Ω′ ),   growth of consumption = g/(σ − 1)"),
        "Trade costs are not in it: they move wages between countries, and levels.",
    ),
    "heckscher-ohlin-innovation": (
        "Two factors, human capital and labour; research uses most human capital, the homogeneous good least. "
        "Knowledge of varieties is shared. While endowments lie within the factor price equalisation set, trade "
        "reproduces the integrated economy:",
        Equation(
            "a c_{γ} = s β/(ρ + g),   β = 1/σ\nw_{H} H = θ_{γ} I + θ_{x} s (1 − β) + θ_{z} (1 − s),   I = s β g/(ρ + g)"
        ),
        "Consumption grows alike in both countries; output grows faster where human capital is plentiful, because "
        "research is done there.",
    ),
    "national-spillovers": (
        "Knowledge stays at home, so whoever has invented more invents more cheaply. In autarky each country grows on "
        "its own; with trade the leader A takes over all innovation, and its varieties are sold in both countries:",
        Equation(
            "autarky:  g_{i} = (s/σ) L_{i}/a − (1 − s/σ) ρ\n"
            "trade:  g = (s/σ) (L_{A} + L_{B})/a − (1 − s/σ) ρ,   or  L_{A}/(σ a) − (1 − 1/σ) ρ  where A makes varieties alone"
        ),
        "Innovation and welfare are different things: the laggard stops inventing and may yet gain.",
    ),
    "feenstra": (
        "Two countries invent varieties on their own knowledge, without spillovers; A is the faster. Trade leaves A's "
        "rate as in autarky and, if capital moves between the countries, lowers B's:",
        Equation(
            "g_{A} = g_{A}^{aut} = [L/a − (σ − 1) ρ]/σ,   g_{B} = [σ^{2} g_{B}^{aut} − (σ − 1) g_{A}]/(σ^{2} − σ + 1)"
        ),
        "With balanced trade (financial-autarky) both innovate as in autarky: the capital market decides the sign.",
    ),
    "young": (
        "People learn by making goods that are still new to them; in goods below the knowledge T of a country "
        "learning is exhausted. A laggard that opens to a leader moves to simpler goods, the leader to more advanced "
        "ones:",
        Equation("Ṫ = ∫_{T}^{∞} L(s) ds,   in autarky Ṫ = L/2"),
        "There is no balanced growth with trade: numbers are those of the day, welfare is that of the whole path.",
    ),
    "baldwin-robert-nicoud": (
        "New varieties by firms that differ in productivity; opening closes the weakest, so that a surviving variety "
        "takes more knowledge, in proportion to 1/λ, λ being the home share. A is the productivity of research, which "
        "the five variants link to trade each in its way:",
        Equation("g = L A/(σ F̄) − (1 − 1/σ) ρ,   F̄ = β F_{D}/[(β − 1) λ],   β = k/(σ − 1)"),
        "Opening raises growth if and only if A rises by more than one per cent where 1/λ rises by one.",
    ),
    "peretto-valente": (
        "Home owns a raw material R and processes it with labour; firms everywhere use the product, improve their own "
        "knowledge at rate z and enter until the return to entry is that of research. Entry fixes the size of a firm, "
        "and with it growth:",
        Equation("z = (α θ′ f − ρ B)/(B − θ′),   θ′ = θ (σ − 1)/σ,   B = 1/σ − ρ η,   growth of consumption = θ z"),
        "Neither R nor labour is in it. A boom moves workers: into processing where labour and the material are "
        "complements (ε < 1), out of it where they are substitutes.",
    ),
    "perla-tonetti-waugh": (
        "The least productive firms adopt the technology of a firm drawn at random; the most productive export. "
        "Cheaper trade raises the profits of good firms against those of bad ones, and with it the reward of "
        "adoption. Without shocks, with λ the home share and p = σ − 1,",
        Equation("g = μ + (ρ + δ)/(χ θ) · { (1 − χ) [θ + p (1 − λ)/λ]/(θ − p) − 1 }"),
        "With shocks to productivity the value of a firm solves a differential equation. In corrected the option to "
        "export has its value and firms at the threshold leave it at once; published is the form of the article, for "
        "its numbers.",
    ),
    "sampson": (
        "Entrants learn from the firms that survive. Trade closes the weak, so that entrants learn from better ones, "
        "and more enter; λ is the home share and Γ_{A} the reward of entry in autarky:",
        Equation("q = γ/[1 + γ (k − 1)] · [Γ_{A}/λ + k n/(σ − 1) − ρ]"),
        "There is no scale effect, and nothing is learnt from abroad.",
    ),
    "alvarez-buera-lucas": (
        "Managers meet those who sell at home and copy what is better; trade brings the best of n countries among the "
        "sellers. Growth is set by how often they meet and how many countries they meet the best of:",
        Equation("growth of consumption = θ α n with any trade,   θ α in autarky"),
        "Trade costs move levels and the pace at which countries get there.",
    ),
    "buera-oberfield": (
        "New ideas build on those met, in proportion to the part β: on those of sellers, or of producers at home. "
        "Openness improves whom one meets, with diminishing returns:",
        Equation("growth of consumption = γ/[(1 − β) θ]"),
        "Trade is not in it: it moves the level of knowledge, by more the stronger diffusion is.",
    ),
}


def content(mechanism: str, variant: str) -> list[str | Equation]:
    """Return words and equations of a mechanism."""
    return list(EQUATIONS.get(f"{mechanism}/{variant}", EQUATIONS[mechanism]))
