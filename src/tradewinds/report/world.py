"""A world study as pages: what was asked, what it does where, scenarios side by side, checks, the baseline."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from tradewinds.plotting import to_svg
from tradewinds.report.page import Equation, Figure, Section
from tradewinds.report.tables import Table
from tradewinds.report.world_tables import (
    GAP,
    baseline_tables,
    calibrated_parameters,
    contribution_table,
    country_table,
    identity_table,
    oil_table,
    parameter_records,
    place_table,
    scenario_table,
    shares_table,
    shock_table,
)
from tradewinds.world.figures import plot_contributions, plot_countries, plot_result, plot_scenarios

if TYPE_CHECKING:
    from tradewinds.world import Calibration, WorldResult

__all__ = [
    "failed_checks",
    "parameter_records",
    "places_of",
    "world_abstract",
    "world_figures",
    "world_sections",
]

_GROUP_NAMES = {
    "all": "World",
    "industrial": "Industrial countries",
    "developing": "Developing countries",
    "integrated": "Countries open to capital",
    "large_industrial": "Large industrial countries",
    "small_industrial": "Small industrial countries",
    "newly_industrialising": "Newly industrialising countries",
    "finance_constrained": "Finance-constrained countries",
}
#: Places a figure holds: they stand in columns, as in the paper's figures they stand in rows.
_A_FIGURE = 3
#: Places compared where there are several scenarios.
_COMPARED = 6
#: Letters of a heading that fit over a panel of a figure with three columns.
_WIDE = 28
#: Scenarios that the abstract tells of.
_TOLD = 4


def places_of(results: Sequence[WorldResult], show: Sequence[str] | None = None) -> dict[str, str]:
    """Return headings and the countries or groups they stand for: those asked for, or those shocked and the others.

    Parameters
    ----------
    results : sequence of WorldResult
        Whose shocks decide; all of them are of the same countries.
    show : sequence of str, optional
        Countries, groups, or several joined by ``+``.
    """
    if not results:
        return {}
    world = results[0].calibration
    if show:
        return {_place_name(world, where): where for where in show}
    words = dict.fromkeys(
        word for result in results for shock in result.shocks for word in (shock.countries or ("all",))
    )
    places = {_place_name(world, word): word for word in words}
    shocked = {code for word in words for code in world.find_scope(word)}
    for group in ("industrial", "developing"):
        members = world.groups.get(group, ())
        rest = [code for code in members if code not in shocked]
        if rest == list(members) and members:
            places |= {_place_name(world, group): group}
        elif len(rest) == 1:
            places |= {world.names[rest[0]]: rest[0]}
        elif rest:
            places |= {f"Other {group} countries": "+".join(rest)}
        elif "all" in words and members:
            places |= {_place_name(world, group): group}
    return places


def _place_name(world: Calibration, where: str) -> str:
    parts = [part.strip() for part in where.split("+")]
    first, *others = (world.names.get(part) or _GROUP_NAMES.get(part, part) for part in parts)
    *between, last = (first, *map(_in_sentence, others))
    return f"{', '.join(between)} and {last}" if between else last


def _panel_name(label: str, where: str) -> str:
    """Return a heading that is no wider than a panel."""
    parts = where.split("+")
    if len(label) <= _WIDE:
        return label
    return ", ".join(parts) if len(parts) <= 5 else f"{', '.join(parts[:3])} and {len(parts) - 3} more"


def failed_checks(results: Sequence[WorldResult]) -> tuple[str, ...]:
    """Return what is wrong with results: scenarios that are not solved, accounting identities that do not hold."""
    found = []
    for result in results:
        if not result.ok:
            failed = next(solution for solution in result.simulation.solutions if not solution.ok)
            worst = (
                f" Worst equation: {result.simulation.worst[0].equation} in {result.simulation.worst[0].year}."
                if (result.simulation.worst)
                else ""
            )
            found.append(
                f'scenario "{result.name}" is not solved; its numbers are those of the best path reached. '
                f"{failed.status.value} Largest residual {result.residual:.2g}.{worst}"
            )
            continue
        for name, gap in result.identities().items():
            if not gap <= GAP:  # a gap that is not a number fails too
                found.append(f'scenario "{result.name}": {name} is off by {gap:.2g} of output, more than {GAP:g}')
    return tuple(found)


def world_abstract(results: Sequence[WorldResult], show: Sequence[str] | None = None) -> str:
    """Return a sentence a scenario on potential output and consumption in the last year."""
    sentences = []
    for result in results[:_TOLD]:
        own = places_of([result], show)
        told = [
            f"{_signed(result.deviation('potential_output', where)[-1])} per cent in {_in_sentence(label)} "
            f"(consumption {_signed(result.deviation('consumption', where)[-1])})"
            for label, where in list(own.items())[:3]
        ]
        name = f"**{result.name}**: in" if len(results) > 1 else "In"
        flag = "" if result.ok else " Not solved."
        sentences.append(f"{name} {result.last_year} potential output is {', '.join(told)}.{flag}")
    if len(results) > _TOLD:
        sentences.append(f"And {len(results) - _TOLD} more scenarios.")
    return " ".join(sentences)


def _signed(number: float) -> str:
    text = f"{number:+.1f}"
    return text[1:] if float(text) == 0.0 else text.replace("-", "−")  # zero has no sign


def _in_sentence(label: str) -> str:
    """Return a place as it stands in a sentence: groups in lower case, and the article that some countries have."""
    small = label.split(" ")[0] in {name.split(" ")[0] for name in _GROUP_NAMES.values()} | {"Other", "Smaller"}
    text = label[0].lower() + label[1:] if small else label
    return f"the {text}" if text == "world" or re.fullmatch(r"United \w+", text) else text


def world_figures(
    results: Sequence[WorldResult], show: Sequence[str] | None = None, divided: Collection[str] = ()
) -> dict[str, Figure]:
    """Return figures by the name of their file: by place and by country of each scenario, and scenarios side by side.

    Parameters
    ----------
    results : sequence of WorldResult
    show : sequence of str, optional
        As in :func:`places_of`.
    divided : collection of str
        Scenarios to be shown by what each of their shocks contributes.
    """
    found: dict[str, Figure] = {}
    several = len(results) > 1
    if several:
        compared = {
            _panel_name(label, where): where for label, where in list(places_of(results, show).items())[:_COMPARED]
        }
        for variable in ("potential_output", "consumption"):
            title = f"{variable.replace('_', ' ').capitalize()} in the scenarios"
            figure = plot_scenarios(results, compared, variable, "per cent")
            alt = f"A panel a country or group, a line a scenario: deviation of {variable.replace('_', ' ')} over the years."
            found[f"scenarios-{variable.replace('_', '-')}"] = Figure(title, to_svg(figure), alt)
    for result in results:
        prefix = f"{_slug(result.name)}-" if several else ""
        own = list(places_of([result], show).items())
        for start in range(0, len(own), _A_FIGURE):
            part = dict(own[start : start + _A_FIGURE])
            panels = {_panel_name(label, where): where for label, where in part.items()}
            name = f"{prefix}places" + (f"-{start // _A_FIGURE + 1}" if len(own) > _A_FIGURE else "")
            title = f"{result.name}: {', '.join(_in_sentence(label) for label in part)}"
            alt = (
                "Above, deviations of potential output and productivity; below, of consumption, investment and capital."
            )
            found[_free(name, found)] = Figure(title, to_svg(plot_result(result, panels)), alt)
        if result.name in divided:
            panels = {_panel_name(label, where): where for label, where in own[:_COMPARED]}
            alt = "A panel a country or group: bars of what each shock contributes to potential output, and their sum as a line."
            title = f"{result.name}: what each shock contributes to potential output"
            figure = plot_contributions(result, panels)
            found[_free(f"{prefix}contributions", found)] = Figure(title, to_svg(figure), alt)
        alt = "Four panels with a line a country: potential output, productivity, consumption, real exchange rate."
        figure = plot_countries(result)
        found[_free(f"{prefix}countries", found)] = Figure(f"{result.name}: by country", to_svg(figure), alt)
    return found


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60] or "scenario"


def _free(name: str, taken: Collection[str]) -> str:
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}-{number}"
    return found


def world_sections(
    results: Sequence[WorldResult],
    calibration: Calibration,
    figures: Mapping[str, Figure],
    *,
    show: Sequence[str] | None = None,
    years: Sequence[int] | None = None,
    changed: Collection[str] = (),
    divided: Collection[str] = (),
) -> list[Section]:
    """Return the sections of a report.

    Parameters
    ----------
    results : sequence of WorldResult
        May be empty, where nothing was solved.
    calibration : Calibration
        That of the study, parameters given there included.
    figures : mapping
        As :func:`world_figures` returns them.
    show : sequence of str, optional
        As in :func:`places_of`.
    years : sequence of int, optional
        Of tables; default: those of the paper.
    changed : collection of str
        Parameters that the study sets.
    divided : collection of str
        As in :func:`world_figures`.
    """
    sections = [Section("What was asked", _asked(results, calibration, changed))]
    several = len(results) > 1
    if several:
        drawn = [figure for name, figure in figures.items() if name.startswith("scenarios-")]
        sections.append(Section("Scenarios side by side", [scenario_table(results, places_of(results, show)), *drawn]))
    rest = iter([figure for name, figure in figures.items() if not (several and name.startswith("scenarios-"))])
    for result in results:
        own = places_of([result], show)
        by_place = [next(rest) for _ in range(-(-len(own) // _A_FIGURE))]
        content: list[str | Table | Figure] = [place_table(result, label, where, years) for label, where in own.items()]
        content += [*by_place, shares_table(result, own, years)]
        if result.name in divided:
            content += [contribution_table(result, own, years), next(rest)]
        content += [country_table(result), next(rest)]
        sections.append(Section(result.name if several else "Results", content))
    if results and calibration.arrays["oil_imports_share"].any():
        sections.append(Section("Oil", [oil_table(results, years)]))
    if results:
        sections.append(Section("Checks", [identity_table(results)]))
    notes = [f"- {note}" for note in calibration.notes]
    head = f"{calibration.title}: {len(calibration.codes)} countries, prices in output of {calibration.numeraire}."
    sections.append(Section("Baseline", ["\n".join([head, "", *notes]), *baseline_tables(calibration)]))
    return sections


def _asked(
    results: Sequence[WorldResult], calibration: Calibration, changed: Collection[str]
) -> list[str | Table | Equation]:
    content: list[str | Table | Equation] = [
        "All numbers are deviations from a baseline in balance. Everyone foresees what happens from the year in which it becomes "
        "known. Productivity comes from a country's own stock of R&D, from those of the countries it buys manufactures from as far "
        "as it buys them, and in developing countries from trade itself:",
        Equation(
            "log Y^{*} = κ + a log K + (1 − a) log L + log F\n"
            "log F = b_{d} log S^{D} + b_{f} m log S^{F} + b_{t} m\n"
            "S^{D}_{t+1} = (1 − d) S^{D} + R,   S^{F}_{j} = Σ_{i} a_{ji} S^{D}_{i}"
        ),
    ]
    if results:
        content.append(shock_table(results))
    if changed:
        content.append(f"Parameters set by the study: {', '.join(sorted(changed)).replace('_', ' ')}; see Parameters.")
    if fitted := calibrated_parameters(calibration):
        content.append(
            f"{len(fitted)} parameters have values that were chosen so that the model comes near the printed tables "
            "(their source says so): agreement with those tables is no evidence."
        )
    return content
