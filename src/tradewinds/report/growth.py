"""A study of growth as pages: what was asked, regimes side by side, the path, a sweep, statements checked, what to trust."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewinds.errors import ConvergenceError, InputError
from tradewinds.plotting import to_svg
from tradewinds.report.growth_equations import content
from tradewinds.report.growth_figures import plot_gap, plot_regimes, plot_sweep
from tradewinds.report.growth_paths import until
from tradewinds.report.growth_runs import GrowthRun
from tradewinds.report.growth_tables import (
    change_table,
    checks_table,
    claims_table,
    facts_table,
    path_table,
    regime_tables,
    sweep_table,
    variants_table,
)
from tradewinds.report.growth_words import abstract, change_words, lines, path_note, said, verdicts
from tradewinds.report.page import Figure, Section

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["GrowthPage", "growth_page"]

#: Years of a path that are drawn at most; some take a thousand to settle.
_YEARS = 200.0


@dataclass(frozen=True)
class GrowthPage:
    """What a study of growth puts into its folder."""

    abstract: str
    sections: list[Section]
    results: pd.DataFrame
    figures: dict[str, Figure]
    tables: dict[str, pd.DataFrame]
    citation_keys: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    failed_checks: tuple[str, ...] = ()


def growth_page(run: GrowthRun) -> GrowthPage:
    """Return the report and the tables of a study, as far as it was solved."""
    figures = _figures(run)
    sections = [_asked(run)]
    if run.baseline is not None:
        sections.append(_findings(run, figures))
        sections += filter(None, (_path(run, figures), _variants(run), _sweep(run, figures)))
        if run.claims:
            sections.append(Section("What is said about the mechanism", [claims_table(run)]))
    sections.append(_trust(run, figures))
    if run.baseline is not None:
        sections.append(Section("Checks", [checks_table(run)]))
    return GrowthPage(
        abstract=abstract(run),
        sections=sections,
        results=run.tidy(),
        figures=figures,
        tables={} if run.sweep is None else {"sweep.csv": run.sweep.tidy()},
        citation_keys=run.mechanism.citation_keys,
        warnings=_warnings(run),
        failed_checks=_failed(run),
    )


def _asked(run: GrowthRun) -> Section:
    blocks: list[Any] = [f"Mechanism: **{run.mechanism.title}**, variant `{run.variant}`."]
    regime = run.regime("counterfactual")
    if regime is not None:
        change = change_words(regime.result.baseline.parameters, regime.point.parameters)
        blocks.append(f"The change: {change}. Everything else stays.")
    blocks += content(run.mechanism.name, run.variant)
    if run.baseline is not None:
        blocks += filter(None, (change_table(run), facts_table(run)))
    return Section("What was asked", blocks)


def _findings(run: GrowthRun, figures: dict[str, Figure]) -> Section:
    blocks: list[Any] = [*([figures["regimes"]] if "regimes" in figures else []), *regime_tables(run)]
    points = [("baseline", run.point), *((each.name, each.point) for each in run.regimes)]
    blocks += [f"**Why growth moves or stays, {each.name}.** {lines(each.result.why)}" for each in run.regimes]
    told = "; ".join(f"{point.exports} ({name})" for name, point in points)
    blocks.append(f"**What home exports.** {lines(told)}")
    blocks += [f"**Corner, {name}.** {lines(point.corner)}" for name, point in points if point.corner]
    return Section("Regimes side by side", blocks)


def _path(run: GrowthRun, figures: dict[str, Figure]) -> Section | None:
    if not run.regimes:
        return None
    blocks: list[Any] = []
    note = path_note(run.mechanism.name, run.variant)
    told = [each for each in run.regimes if each.trail is not None]
    if not told:
        reasons = [each.problem for each in run.regimes if each.problem] or [note]
        return Section("The path", [lines(reasons[0])])
    if not any(each.trail is not None and each.trail.solved for each in told):
        blocks.append("The economy jumps: it is on its new balanced growth path from the day of the change.")
    if "consumption" in figures:
        blocks.append(figures["consumption"])
    table = path_table(run)
    if table is not None:
        blocks.append(table)
    blocks += [figure for name, figure in figures.items() if name.startswith("path-")]
    return Section("The path", blocks)


def _variants(run: GrowthRun) -> Section | None:
    if run.asked is None or not (run.others or run.unsolved):
        return None
    told = lines(verdicts([run.asked.result, *run.others]))
    return Section("The same change in other variants", [told, variants_table(run)])


def _sweep(run: GrowthRun, figures: dict[str, Figure]) -> Section | None:
    if run.sweep is None:
        return None
    heading = f"How much hangs on {said(run.sweep.parameter)}"
    return Section(heading, [*([figures["sweep"]] if "sweep" in figures else []), sweep_table(run.sweep)])


def _trust(run: GrowthRun, figures: dict[str, Figure]) -> Section:
    data = "\n".join(f"- {sentence}" for sentence in run.mechanism.discipline)
    blocks: list[Any] = [
        f"**Where the equations come from.** {run.mechanism.provenance}",
        f"They are derived in the documentation, page explanation/growth/{run.mechanism.name}.",
        f"**Data that would discipline it:**\n\n{data}",
    ]
    if "mechanism" in figures:
        blocks.append(figures["mechanism"])
    return Section("What it rests on", blocks)


def _figures(run: GrowthRun) -> dict[str, Figure]:
    if run.baseline is None:
        return {}
    title = run.mechanism.title
    found = {
        "regimes": Figure(
            "Regimes side by side",
            to_svg(plot_regimes(run)),
            "Bars by regime: growth of consumption, home share of spending, and static, dynamic and whole gains over the baseline.",
        )
    }
    gap = plot_gap(run)
    if gap is not None:
        alt = "Home's consumption over time, per cent of what it would have been without the change; a line a regime."
        found["consumption"] = Figure("Consumption against no change", to_svg(gap), alt)
    for each in run.regimes:
        path = each.result.path
        if path is not None and each.name == "counterfactual":
            alt = "The variables of the mechanism along the path, one panel each."
            found[f"path-{each.name}"] = Figure("Along the path", to_svg(until(path, _YEARS).plot()), alt)
    if run.sweep is not None and any(point is not None for point in run.sweep.points):
        alt = f"Growth and gains against {said(run.sweep.parameter)}."
        found["sweep"] = Figure(f"By {said(run.sweep.parameter)}", to_svg(plot_sweep(run, run.sweep)), alt)
    where, svg = _glance(run)
    found["mechanism"] = Figure(f"{title} at a glance, {where}", svg, f"The mechanism at a glance, {where}.")
    return found


def _glance(run: GrowthRun) -> tuple[str, str]:
    """Return the mechanism's own figure, and at which parameters it is drawn: around a corner it may not be defined."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # an axis on which nothing moves
        try:
            drawn = run.mechanism.plot(run.point.parameters, variant=run.variant)
        except (InputError, ConvergenceError):
            return "at the standard calibration", to_svg(run.mechanism.plot(variant=run.variant))
        return "at the parameters of the baseline", to_svg(drawn)


def _warnings(run: GrowthRun) -> tuple[str, ...]:
    told = []
    if run.baseline is not None and run.point.corner:
        told.append(f"The baseline is in a corner: {run.point.corner}.")
    for each in run.regimes:
        if each.problem:
            told.append(f"{each.name}: no path, only balanced growth paths compared. {lines(each.problem)}")
        if each.point.corner and each.name == "counterfactual":
            told.append(f"The counterfactual is in a corner: {each.point.corner}.")
    told += [f"{name}: no solution. {lines(why)}" for name, why in run.missing.items()]
    told += [f"{name}: no solution. {lines(why)}" for name, why in run.unsolved.items()]
    if run.facts is not None and run.baseline is not None:
        told += _unmet(run)
    if run.sweep is not None and run.sweep.refused:
        told.append(
            f"No solution at {len(run.sweep.refused)} of {len(run.sweep.values)} values of {run.sweep.parameter}."
        )
    return tuple(told)


def _unmet(run: GrowthRun) -> list[str]:
    """Return a sentence a fact that the baseline does not meet."""
    told = []
    for name, got in (
        ("growth", run.point.growth),
        ("home_share", run.point.home_share),
        ("interest_rate", run.point.home("interest_rate")),
    ):
        wanted = getattr(run.facts, name)
        if abs(got - wanted) > 1e-6:
            told.append(f"The baseline has {said(name)} {got:.4g}, not {wanted:.4g} as the facts say.")
    return told


def _failed(run: GrowthRun) -> tuple[str, ...]:
    told = list(run.stops)
    solutions = [] if run.baseline is None else [("baseline", run.baseline)]
    solutions += [(each.name, each.solution) for each in run.regimes]
    for name, solution in solutions:
        if not solution.ok:
            told.append(f"{name} is not solved. {solution.status.value} Largest residual {solution.residual.norm:.2g}")
    return tuple(told)
