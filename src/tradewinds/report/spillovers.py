"""A spillover result as pages: what was asked, the estimates, randomised trade, general against trade, how it was measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from tradewinds.labels import COUNTRY_NAMES
from tradewinds.plotting import to_svg
from tradewinds.report.page import Equation, Figure, Section
from tradewinds.report.tables import Column, Table, format_value
from tradewinds.spillovers import (
    Estimate,
    Experiment,
    PowerReport,
    Specification,
    SpilloverResult,
    plot_rnd_growth,
)
from tradewinds.spillovers.power import TESTS

if TYPE_CHECKING:
    from tradewinds.data.panel import SpilloverPanel

__all__ = ["power_table", "spillover_abstract", "spillover_figures", "spillover_sections"]

_EXPERIMENT_NAMES = {
    "exchange_partners": "the shares of all partners exchanged at random",
    "exchange_all": "all shares, the own weight among them, exchanged at random",
    "drawn": "partners' shares drawn at random",
}


def term_name(term: str) -> str:
    """Return the label of a regressor for readers."""
    plain = {"own_rnd": "Own R&D", "foreign_rnd": "Foreign R&D", "import_share": "Overall import share"}
    if term in plain:
        return plain[term]
    part, _, country = term.rpartition(":")
    name = COUNTRY_NAMES.get(country, country)
    return f"{name} ({part})" if part else name


def equation_of(specification: Specification) -> Equation:
    """Return the regression in the paper's symbols."""
    outcome = "ΔF/F_{ijt}" if specification.kind == "growth" else "log F_{ijt}"
    series = "ΔS/S_{vjt}" if specification.kind == "growth" else "log S_{vjt}"
    share = "m_{ij} " if specification.import_share else ""
    effects = {"country": "δ_{i}", "industry": "μ_{j}", "cell": "α_{ij}", "period": "τ_{t}"}
    absorbed = "".join(f" + {effects[effect]}" for effect in specification.absorbed)
    if specification.foreign_rnd == "by_partner":
        right = f"Σ_{{v}} β_{{v}} ({share}m^{{i}}_{{vj}} {series})"
        right += f" + Σ_{{v}} γ_{{v}} {share}m^{{i}}_{{vj}}" if specification.share_main_effects else ""
        where = ""
    else:
        own, foreign = series.replace("vjt", "ijt"), series.replace("S", "S^{f}").replace("vjt", "ijt")
        weight = "m^{i}_{wj}" if specification.foreign_rnd == "coe-helpman" else "(M^{i}_{wj}/Y_{w})"
        right = f"β_{{d}} {own} + β_{{f}} {share}{foreign}"
        right += " + γ m_{ij}" if specification.share_main_effects else ""
        where = f",  S^{{f}}_{{ijt}} = Σ_{{w}} {weight} S_{{wjt}}"
    number = specification.equation("observed")
    return Equation(f"{outcome} = α_{{0}}{absorbed} + {right} + ε_{{ijt}}{where}", f"({number})" if number else "")


def _estimates_table(result: SpilloverResult) -> Table:
    """Observed and equal weights side by side."""
    parts = [part for part in (result.observed, result.general) if part is not None]
    heads = {"observed": "Observed trade", "equal": "Equal shares"}
    columns: list[Column] = [Column("R&D of")]
    for part in parts:
        number = f" ({part.equation})" if part.equation else ""
        columns += [
            Column(f"{heads[part.weights]}{number}", format=".3f"),
            Column(f"s.e., {heads[part.weights].lower()}", format=".3f"),
            Column(f"p, {heads[part.weights].lower()}", format=".3f"),
        ]
    rows: list[tuple[object, ...]] = []
    for index, term in enumerate(result.observed.terms):
        row: list[object] = [term_name(term)]
        for part in parts:
            row += [part.coefficients[index], part.std_errors[index], part.p_values[index]]
        rows.append(tuple(row))
    fits = "; ".join(f"{heads[part.weights].lower()} {_fit_sentence(part)}" for part in parts)
    return Table(
        "Elasticities of TFP with respect to R&D",
        columns,
        rows,
        note=f"{result.observed.covariance} standard errors. {fits[0].upper()}{fits[1:]}. R² counts fixed effects as explained.",
    )


def _fit_sentence(part: Estimate) -> str:
    return f"R² {part.r_squared:.3f}, adjusted {part.adjusted_r_squared:.3f}, {part.fit.rows:,} observations"


def _experiment_table(experiment: Experiment) -> Table:
    rows = [
        (term_name(term), *numbers)
        for term, *numbers in zip(
            experiment.terms,
            experiment.observed.coefficients,
            experiment.mean,
            experiment.sd,
            experiment.z_scores,
            experiment.share_positive,
            experiment.p_values,
            strict=True,
        )
    ]
    note = (
        "s.d. is the spread of estimates over random trade patterns, not a standard error. z is the distance of the observed "
        "estimate from the mean in those s.d.; p counts the patterns at least as far from the mean, the observed one among them, "
        "and holds only if partners are exchangeable: look at the joint test first. "
        f"R² observed {experiment.observed.r_squared:.3f}, mean over patterns {experiment.mean_r_squared:.3f}, randomisation p "
        f"{format_value(experiment.r_squared_p_value, '.3f')}."
    )
    columns = [
        Column("R&D of"),
        Column("Observed", format=".3f"),
        Column("Mean", format=".3f"),
        Column("s.d.", format=".3f"),
        Column("z", format=".2f"),
        Column("Positive", unit="share of draws", format=".2f"),
        Column("p", unit="randomisation", format=".3f"),
    ]
    return Table(f"{experiment.count:,} random trade patterns", columns, rows, note=note)


def _trade_table(result: SpilloverResult) -> Table:
    assert result.both is not None
    both = result.both
    half = len(both.terms) // 2
    rows = []
    for index in range(half):
        country = both.terms[index].split(":")[1]
        rows.append(
            (
                term_name(country),
                both.coefficients[index],
                both.std_errors[index],
                both.coefficients[half + index],
                both.std_errors[half + index],
                both.p_values[half + index],
            )
        )
    columns = [
        Column("R&D of"),
        Column("General βᴵ", format=".3f"),
        Column("s.e. (general)", format=".3f"),
        Column("Trade βᴵᴵ", format=".3f"),
        Column("s.e. (trade)", format=".3f"),
        Column("p (trade)", format=".3f"),
    ]
    number = f", equation ({both.equation})" if both.equation else ""
    return Table(f"General and trade-related spillovers{number}", columns, rows, note=f"{_fit_sentence(both)}.")


def power_table(power: PowerReport) -> Table:
    """Return rejection rates, a row a design and true effect, a column a test."""
    rows = [(shares, multiple, *rates) for (shares, multiple), rates in zip(*_wide(power), strict=True)]
    columns = [Column("Shares"), Column("True trade effect", unit="multiple", format="g")]
    columns += [Column(words, unit="rejection rate", format=".3f") for words in TESTS.values()]
    error = float(power.table["simulation_error"].max())
    note = (
        f"{power.simulations} simulated data sets a row, {power.draws} random trade patterns each; simulation error of a rate at "
        f"most {error:.3f}, given these patterns. Multiple 0 is the size of a test, others its power. The general elasticities are "
        f"{power.elasticities}"
        + (
            "."
            if power.elasticities == "given"
            else ": their sampling error makes trade look easier to find than it is."
        )
    )
    return Table(f"Rejection rates at the {power.level:.0%} level", columns, rows, note=note)


def _wide(power: PowerReport) -> tuple[list[tuple[str, float]], list[list[float]]]:
    wide = power.wide()
    return list(wide.index), wide.to_numpy().tolist()


def _trade_sentence(result: SpilloverResult) -> str:
    assert result.trade_test is not None
    text = f"Is the trade part zero? With one error variance for all rows, {result.trade_test}."
    if result.experiment is not None and result.experiment.trade_f == result.experiment.trade_f:
        text += f" Against random trade patterns, p = {result.experiment.trade_f_p_value:.3f}."
    if result.trade_contribution is None or result.general is None or result.both is None:
        return text
    general, both = result.general.adjusted_r_squared, result.both.adjusted_r_squared
    text += f" Adjusted R² goes from {format_value(general, '.3f')} to {format_value(both, '.3f')}"
    if both <= 0:
        return f"{text}: with trade in it the regression fits worse than a constant, so trade has no share in the fit."
    contribution = format_value(result.trade_contribution, ".1%")
    text += f": a contribution of trade of {contribution} as Keller (1997) computes it. That is a share of fit, not of an effect."
    return text


def spillover_figures(
    result: SpilloverResult | None, panel: SpilloverPanel, power: PowerReport | None = None
) -> dict[str, tuple[str, str, str]]:
    """Return figures as name -> (title, SVG, description for readers who cannot see it)."""
    out = {}
    if result is not None:
        out["estimates"] = (
            "Estimated elasticities",
            to_svg(result.observed.plot()),
            "Dots with 95 per cent intervals, one row a country whose R&D is meant.",
        )
    if result is not None and result.experiment is not None:
        out["experiment"] = (
            "Observed against randomised trade",
            to_svg(result.experiment.plot()),
            "Grey bars: mean plus and minus two s.d. of estimates under random trade patterns. Diamonds: observed trade.",
        )
    if result is not None and result.both is not None:
        out["trade"] = (
            "General and trade-related parts",
            to_svg(result.both.plot()),
            "Two panels of dots with 95 per cent intervals: general part and trade part of each country's R&D.",
        )
    out["rnd-growth"] = (
        "Growth of R&D stocks",
        to_svg(plot_rnd_growth(panel)),
        "Annual growth rates of R&D stocks, a line a country.",
    )
    if power is not None:
        out["power"] = (
            "Size and power of the tests",
            to_svg(power.plot()),
            "Rejection rates of three tests against the true effect, for actual and for randomly assigned shares.",
        )
    return out


def spillover_abstract(result: SpilloverResult) -> str:
    """Return two or three sentences on what was found."""
    observed = result.observed
    low, high = observed.coefficients.min(), observed.coefficients.max()
    text = (
        f"**{observed.specification.label}**, panel *{observed.panel}*: elasticities between {low:.3f} and {high:.3f}."
    )
    if result.experiment is not None:
        experiment = result.experiment
        moved = float(np.max(np.abs(experiment.mean - observed.coefficients)))
        text += (
            f" With {_EXPERIMENT_NAMES[experiment.kind]} ({experiment.count:,} draws) no estimate moves by more than "
            f"{moved:.3f} on average, and R² goes from {observed.r_squared:.3f} to {experiment.mean_r_squared:.3f}."
        )
    if result.trade_test is not None:
        text += f" Is the trade part zero? {result.trade_test} with independent errors"
        if result.experiment is not None and np.isfinite(result.experiment.trade_f_p_value):
            text += f"; p = {result.experiment.trade_f_p_value:.3f} against random trade patterns"
        text += "."
    elif result.experiment is not None and np.isfinite(result.experiment.r_squared_p_value):
        text += f" Does observed trade fit better? Against random trade patterns, p = {result.experiment.r_squared_p_value:.3f}."
    return text


def spillover_sections(
    result: SpilloverResult | None,
    panel: SpilloverPanel,
    figures: Mapping[str, tuple[str, str, str]],
    power: PowerReport | None = None,
) -> list[Section]:
    """Return the sections of a report on one result.

    Parameters
    ----------
    result : SpilloverResult or None
        None where the run stopped before any: then the report is on the data alone.
    panel : SpilloverPanel
    figures : mapping
        As :func:`spillover_figures` returns them.
    power : PowerReport, optional
    """
    drawn = {name: Figure(title, svg, alt) for name, (title, svg, alt) in figures.items()}
    sections = [] if result is None else _result_sections(result, drawn)
    if power is not None:
        sections.append(Section("Size and power", [drawn["power"], power_table(power)]))
    data = [f"- {note}" for note in panel.notes] or ["- As read; no step recorded."]
    years = f"{panel.years[0]}–{panel.years[-1]}"
    industries = f"{len(panel.industries)} industries" if len(panel.industries) > 1 else "1 industry"
    shape = f"{len(panel.countries)} countries, {industries}, {years}."
    sections.append(Section("Data", ["\n".join([shape, "", *data]), drawn["rnd-growth"]]))
    return sections


def _result_sections(result: SpilloverResult, drawn: Mapping[str, Figure]) -> list[Section]:
    """Return estimates, randomised trade, and general against trade, where there are such."""
    sections = [
        Section(
            "Estimates",
            [
                "Own research has weight one; foreign research is weighted by the importer's trade shares.",
                equation_of(result.specification),
                _estimates_table(result),
                drawn["estimates"],
            ],
        )
    ]
    if result.experiment is not None:
        sections.append(
            Section("Randomised trade patterns", [drawn["experiment"], _experiment_table(result.experiment)])
        )
    if result.both is not None:
        sections.append(
            Section(
                "General against trade-related spillovers",
                [_trade_sentence(result), _trade_table(result), drawn["trade"]],
            )
        )
    return sections
