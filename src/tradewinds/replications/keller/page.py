"""The Keller report: question, tables side by side, checks, and what the paper did not do."""

from __future__ import annotations

import importlib.resources
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from tradewinds.data import SpilloverPanel
from tradewinds.errors import UnitDependenceWarning
from tradewinds.plotting import to_svg
from tradewinds.replications.keller.ensemble import LEVEL_IS, LEVEL_NIS, Ensemble, paper_label
from tradewinds.replications.keller.exhibits import STAND_IN, Check
from tradewinds.replications.keller.printed import printed_f_test, printed_z_scores
from tradewinds.replications.keller.tables import data_tables, estimate_tables, moment_tables
from tradewinds.report import Column, Equation, Figure, Report, Section, Table
from tradewinds.report.spillovers import power_table
from tradewinds.spillovers import (
    COVARIANCES,
    PowerReport,
    Specification,
    SpilloverResult,
    analyse,
    estimate,
    plot_rnd_growth,
    size_and_power,
    unit_sensitivity,
)

__all__ = ["Extras", "build_report", "differences", "extras", "figures"]

KEYS = (
    "keller1997",
    "keller1998",
    "coe-helpman1995",
    "coe-hoffmaister1999",
    "borusyak-hull2023",
    "jorgenson-landau1993",
    "hall1990",
)


@dataclass(frozen=True)
class Extras:
    """What the paper did not do, on the bundled stand-in panel.

    Attributes
    ----------
    panel : SpilloverPanel
    result : SpilloverResult
        The preferred specification, growth IS, with randomised partners.
    power : PowerReport
    levels : tuple of SpilloverResult
        Level NIS and IS with randomised partners: F test and randomisation test side by side.
    """

    panel: SpilloverPanel
    result: SpilloverResult
    power: PowerReport
    levels: tuple[SpilloverResult, SpilloverResult]


def extras(panel: SpilloverPanel, draws: int, simulations: int, seed: int) -> Extras:
    """Compute what goes beyond the paper."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnitDependenceWarning)  # shown as a table of its own
        levels = tuple(analyse(panel, item, draws=draws, seed=seed) for item in (LEVEL_NIS, LEVEL_IS))
    return Extras(
        panel,
        analyse(panel, draws=draws, seed=seed),
        size_and_power(panel, simulations=simulations, draws=199, seed=seed, general=panel.truth["general"]),
        (levels[0], levels[1]),
    )


def figures(more: Extras) -> dict[str, tuple[str, str, str]]:
    """Return figures as name -> (title, SVG, description)."""
    return {
        "figure-1": (
            "Figure 1. Machinery R&D growth rates across countries (stand-in)",
            to_svg(plot_rnd_growth(more.panel)),
            "Annual growth of the R&D stock of eight countries, 1971 to 1991: high and falling in the first "
            "years in all of them, "
            "because the benchmark (B.1) adds 0.1 to the denominator of the first stock.",
        ),
        "experiment": (
            "Observed against exchanged partners: growth IS, equations (4.10) and (4.12), on the stand-in",
            to_svg(more.result.plot()),
            "For each country a grey bar of estimates under random trade patterns and a diamond for observed trade.",
        ),
        "power": (
            "How often would the tests find a trade effect?",
            to_svg(more.power.plot()),
            "Rejection rates of three tests against the true trade effect, for actual and for randomly assigned shares.",
        ),
    }


def differences() -> str:
    """Return the list of what keeps the paper's numbers and ours apart, in Markdown."""
    folder = importlib.resources.files("tradewinds.replications.keller")
    return folder.joinpath("differences.md").read_text(encoding="utf-8")


def _question() -> Section:
    return Section(
        "What the paper asks",
        [
            "Does research done abroad raise productivity at home, and does it matter from whom a country "
            "imports its machines? "
            "Eight countries, six industries, 1970–1991. Own research enters with weight one, that of partner *v* with its "
            "share in the imports of machinery for the industry, scaled in the IS specifications by the overall import share "
            "m_{ij}.",
            Equation(
                "log F_{ijt} = α_{0} + μ_{j} + δ_{i} + Σ_{v} β_{v} (m_{ij} m^{i}_{vj} log S_{vjt}) + ε_{ijt}", "(4.2)"
            ),
            Equation("ΔF/F_{ijt} = α_{0} + Σ_{v} β_{v} (m_{ij} m^{i}_{vj} ΔS/S_{vjt}) + ε_{ijt}", "(4.10)"),
            "Then trade partners are exchanged at random a thousand times. On average the estimates are those of a *general* "
            "spillover, in which every partner has the share 1/7; what observed shares add to it is the trade part.",
            Equation(
                "ΔF/F_{ijt} = α_{0} + Σ_{v} β^{I}_{v} (m_{ij} (1/7) ΔS/S_{vjt})\n"
                "+ Σ_{v} β^{II}_{v} (m_{ij} (m^{i}_{vj} − 1/7) ΔS/S_{vjt}) + ε_{ijt}",
                "(5.2)",
            ),
        ],
    )


def _check_table(found: Sequence[Check]) -> Table:
    rows = [(item.what, item.paper, item.ours, item.allowed, "passed" if item.passed else "FAILED") for item in found]
    return Table("What must carry over to the stand-in", ["Check", "Paper", "Ours", "Passes if", "Result"], rows)


def _z_table() -> Table:
    scores = printed_z_scores()
    rows = [(paper_label(str(country)), float(value)) for country, value in scores.items()]
    return Table(
        "Observed estimates (4.10) in the printed spread over random patterns (4.12)",
        [Column("R&D of"), Column("z", format=".2f")],
        rows,
        note="(printed estimate − printed mean) / printed s.d. No printed estimate lies above its mean.",
        source="Keller (1997), Table 3.",
        stand_in=False,
    )


def _randomisation_table(more: Extras) -> Table:
    rows = []
    for result in (more.result, *more.levels):
        assert result.experiment is not None and result.trade_test is not None
        rows.append(
            (
                result.specification.label,
                result.trade_test.statistic,
                result.trade_test.p_value,
                result.experiment.trade_f_p_value,
                result.experiment.r_squared_p_value,
            )
        )
    columns = [
        Column("Specification"),
        Column("F of the trade part", format=".2f"),
        Column("p, iid errors", format=".3f"),
        Column("p, randomisation of F", format=".3f"),
        Column("p, randomisation of R²", format=".3f"),
    ]
    note = (
        "The bundled panel has no trade effect. Randomisation p-values count the random patterns that do at "
        "least as well; in levels "
        "they too reject in up to a fifth of such panels unless each cell has an effect of its own."
    )
    return Table("Is observed trade special?", columns, rows, note=note)


def _covariance_table(panel: SpilloverPanel) -> Table:
    fits = [estimate(panel, covariance=name) for name in COVARIANCES]  # type: ignore[arg-type]
    rows = [
        (paper_label(term), fits[0].coefficients[k], *(fit.std_errors[k] for fit in fits))
        for k, term in enumerate(fits[0].terms)
    ]
    columns = [Column("R&D of"), Column("Estimate", format=".3f")]
    columns += [Column(name.replace("_", " "), unit="s.e.", format=".3f") for name in COVARIANCES]
    return Table("Standard errors of (4.10) under other assumptions", columns, rows)


def _unit_table(panel: SpilloverPanel) -> Table:
    plain = unit_sensitivity(panel, LEVEL_IS)
    mended = unit_sensitivity(panel, LEVEL_IS.replace(effects=("cell",)))
    rows = [(paper_label(str(term)), *plain.loc[term], *mended.loc[term]) for term in plain.index]
    units = ("thousandth", "as is", "thousandfold")
    columns = [Column("R&D of")]
    columns += [Column(f"(4.2), {unit}", format=".3f") for unit in units]
    columns += [Column(f"cell effects, {unit}", format=".3f") for unit in units]
    note = "Stocks multiplied by 0.001, 1 and 1,000. An elasticity should not move; with the paper's effects it does."
    return Table("Level estimates depend on the unit of the R&D stocks", columns, rows, note=note)


def _country_effects_table(panel: SpilloverPanel) -> Table:
    plain = estimate(panel)
    within = estimate(panel, Specification(effects=("country",)))
    rows = [
        (paper_label(term), plain.coefficients[k], plain.std_errors[k], within.coefficients[k], within.std_errors[k])
        for k, term in enumerate(plain.terms)
    ]
    columns = [Column("R&D of"), Column("(4.10)", format=".3f"), Column("s.e.", format=".3f")]
    columns += [Column("with country effects", format=".3f"), Column("s.e. ", format=".3f")]
    return Table("What country effects leave", columns, rows)


def _beyond(more: Extras, drawn: dict[str, Figure]) -> Section:
    return Section(
        "What the paper did not do",
        [
            Section(
                "The F test of Table 5",
                [
                    "The paper reads a contribution of trade from adjusted R² 0.078 and 0.096. The F test "
                    "that these two numbers "
                    f"imply is {printed_f_test()}: with independent errors, as the paper assumes, the trade "
                    "part is not significant. With "
                    "correlated errors its p-value can be anything from about 0.02 to 0.4: on panels without "
                    "a trade effect an F as large "
                    "comes up in 1 to 3 per cent of samples when the noise reverts to a mean, and in over 40 when cells differ "
                    "persistently.",
                    _z_table(),
                ],
            ),
            Section(
                "Randomisation p-values",
                [
                    "How many of the thousand random patterns do as well as observed trade? The joint F is "
                    "the statistic to ask about. "
                    "Single coefficients are not: big research countries have big shares in every importer, "
                    "so partners are not "
                    "exchangeable, and Canada's coefficient rejects in 40 to 50 per cent of panels without any trade effect.",
                    _randomisation_table(more),
                    drawn["experiment"],
                ],
            ),
            Section(
                "Size and power",
                [
                    "What could this design find? Foreign regressors are multiplied by m_{ij}/7, about 0.03, so even a trade "
                    "effect as large as the whole general one is invisible.",
                    drawn["power"],
                    power_table(more.power),
                ],
            ),
            Section(
                "Standard errors",
                [
                    "Errors share a cell over periods and a country over industries. Clustering by country "
                    "is no remedy here: the "
                    "coefficient of a country's research is identified almost by its own rows, where least "
                    "squares makes the score "
                    "sum to nearly zero. Clustered errors then collapse, and leaving the country out leaves "
                    "nothing to estimate "
                    "from.",
                    _covariance_table(more.panel),
                ],
            ),
            Section(
                "Country effects",
                [
                    "Without them, differences between countries in mean TFP growth and mean R&D growth make most of each "
                    "estimate. With them, only changes over time within a country are left.",
                    _country_effects_table(more.panel),
                ],
            ),
            Section(
                "Units",
                [
                    "In levels a regressor is a share times a log stock. Measuring stocks in another unit "
                    "adds a multiple of the "
                    "share, which the effects for country and industry do not absorb; effects for each cell do.",
                    _unit_table(more.panel),
                ],
            ),
        ],
    )


def build_report(
    scoreboard: pd.DataFrame,
    ensemble: Ensemble,
    found: Sequence[Check],
    more: Extras,
    made: Mapping[str, tuple[str, str, str]],
) -> Report:
    """Return the report of the replication; ``made`` are its :func:`figures`."""
    drawn = {name: Figure(title, svg, alt) for name, (title, svg, alt) in made.items()}
    exact = int((scoreboard["status"] == "exact").sum())
    away = int((scoreboard["status"] == "data unavailable").sum())
    abstract = (
        f"{exact} printed numbers are reproduced: the trade and depreciation tables, which are data, and "
        "numbers of the text that "
        f"follow from printed tables. {away} need series that are not public; beside them stand means over {ensemble.panels} "
        f"simulated panels with {ensemble.draws:,} random trade patterns each. By the F test that the paper's "
        "own assumptions imply, "
        f"the trade part of the spillovers is not significant ({printed_f_test()})."
    )
    levels = (
        "Level regressions come with a warning: their estimates depend on the unit of the R&D stocks, and "
        "their F test rejects on "
        "panels without any trade effect."
    )
    return Report(
        title="Keller (1997): How Trade Patterns and Technology Flows Affect Productivity Growth",
        subtitle="Every table and Figure 1, beside the printed numbers",
        abstract=abstract,
        stand_in=STAND_IN,
        sections=[
            _question(),
            Section("Checks", [_check_table(found)]),
            Section("Tables 1 to 5", [levels, *estimate_tables(scoreboard)]),
            Section("Figure 1", [drawn["figure-1"]]),
            _beyond(more, drawn),
            Section("Moments of the data: Tables A-7 and A-8", moment_tables(scoreboard)),
            Section("Trade: Tables A-1 to A-6, and depreciation", data_tables(scoreboard)),
            Section("Differences and their reasons", differences()),
        ],
        warnings=more.result.warnings,
        citation_keys=KEYS,
        numbered=False,
    )
