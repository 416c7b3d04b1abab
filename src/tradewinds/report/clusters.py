"""A study of industry clusters as pages: what happened, incomes, what opening does to growth, welfare, checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from tradewinds.clusters import effects_of_opening
from tradewinds.errors import InputError
from tradewinds.plotting import to_svg
from tradewinds.report.clusters_figures import plot_incomes, renamed
from tradewinds.report.clusters_tables import (
    break_even_table,
    break_evens,
    checks_table,
    economy_table,
    effects_table,
    income_table,
    spillover_table,
    welfare_frame,
    welfare_table,
)
from tradewinds.report.clusters_words import Names, event_sentences, link_sentences, policy_name, signed
from tradewinds.report.page import Equation, Figure, Section
from tradewinds.report.tables import Table
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    import pandas as pd

    from tradewinds.clusters import ClusterParameters, ClusterPath, OpeningEffects
    from tradewinds.solvers import Solution

__all__ = ["ClustersPage", "PolicyRun", "clusters_page", "lowest_rate"]

_Content = str | Table | Figure | Equation | Section

#: Industries up to which spillovers are set as a table.
_A_TABLE = 12
#: After an opening that waited for a tie to be broken, effects are looked at this part of the horizon later.
_JUST_AFTER = 1e-6
#: Discount rates that break even are looked for from here up.
_LOWEST_RATE = 0.01


@dataclass(frozen=True)
class PolicyRun:
    """One policy as it was followed.

    Attributes
    ----------
    policy : str
    solution : Solution
        Of a :class:`~tradewinds.clusters.ClusterPath` to the horizon of the study.
    long : Solution or None
        Of one so long that what comes after does not matter for welfare; None where welfare is not asked for or the path failed.
    """

    policy: str
    solution: Solution
    long: Solution | None = None

    @property
    def path(self) -> ClusterPath:
        """The path, with those of its dates that it reaches."""
        path: ClusterPath = self.solution.value
        return replace(path, times=path.times[path.times <= path.segments[-1].end])

    @property
    def reached(self) -> bool:
        """Whether there is any path."""
        return len(self.solution.value.segments) > 0


@dataclass(frozen=True)
class ClustersPage:
    """What a study of clusters puts into its folder."""

    abstract: str
    sections: list[Section]
    results: pd.DataFrame
    figures: dict[str, Figure]
    tables: dict[str, pd.DataFrame]
    failed_checks: tuple[str, ...] = ()
    warnings: tuple[str, ...] = field(default=())


def clusters_page(
    parameters: ClusterParameters,
    runs: Sequence[PolicyRun],
    *,
    names: Sequence[str] | None = None,
    discount_rate: float | None = None,
    risk_aversion: float = 1.0,
) -> ClustersPage:
    """Return the report and the tables of a study.

    Parameters
    ----------
    parameters : ClusterParameters
    runs : sequence of PolicyRun
        The study's own policy first; may be empty, where nothing was followed.
    names : sequence of str, optional
        Of the industries.
    discount_rate, risk_aversion : float
        For welfare; without a rate there is none.
    """
    label = Names(parameters.industries, names)
    reached = [run for run in runs if run.reached]
    effects, note = _effects(parameters, reached)
    figures = _figures(reached, effects, label)
    lasting = [run for run in reached if run.long is not None]
    welfare = welfare_frame(lasting, discount_rate, risk_aversion)
    sections = [Section("What was asked", _asked(parameters, label))]
    if reached:
        sections.append(Section("What happened", _happened(reached, label)))
        drawn = [figure for name, figure in figures.items() if not name.startswith("effects")]
        sections.append(Section("Incomes and industries", [income_table([run.path for run in reached]), *drawn]))
    if effects or note.strip():
        content: list[_Content] = [*_told_effects(effects, label, figures), *([note] if note else [])]
        sections.append(Section("What opening does to growth", content))
    if len(welfare):
        assert discount_rate is not None  # there is welfare
        breaks = break_evens(lasting, lowest_rate(discount_rate), risk_aversion)
        tables = [welfare_table(welfare, lasting), *([break_even_table(breaks)] if breaks else [])]
        sections.append(Section("Welfare", [_welfare_words(discount_rate, risk_aversion), *tables]))
    if runs:
        sections.append(Section("Checks", [checks_table(runs)]))
    return ClustersPage(
        abstract=_abstract(reached, effects),
        sections=sections,
        results=reached[0].path.tidy() if reached else tidy_frame([], ("country", "industry", "time")),
        figures=figures,
        tables=_tables(reached, welfare),
        failed_checks=tuple(_failed(run) for run in runs if not run.solution.ok),
        warnings=_warnings(reached),
    )


def _asked(parameters: ClusterParameters, label: Names) -> list[_Content]:
    content: list[_Content] = [
        "Two countries make goods with labour alone. Workers of an industry teach those of others nearby, and an industry without "
        f"workers learns {_inactive(parameters)}. With trade each good is made where it costs least. People do not save:",
        Equation(
            f"dA_{{i}}/dt = Σ_{{j}} τ^{{ji}} L_{{j}}  where L_{{i}} > 0{_elsewhere(parameters)}\n"
            "L_{i} = L A_{i}^{σ−1} / Σ_{j} A_{j}^{σ−1}  over the industries at work there\n"
            "D = (Σ_{i} x_{i}^{ρ})^{1/ρ},   ρ = 1 − 1/σ"
        ),
        economy_table(parameters, label),
    ]
    if parameters.industries <= _A_TABLE:
        content.append(spillover_table(parameters, label))
    return content


def _inactive(parameters: ClusterParameters) -> str:
    part = parameters.inactive_learning
    return "nothing" if part == 0 else "as much" if part == 1 else f"a part of that, {part:g}"


def _elsewhere(parameters: ClusterParameters) -> str:
    part = parameters.inactive_learning
    return f",  {part:g} times that elsewhere" if part else ""


def _happened(runs: Sequence[PolicyRun], label: Names) -> list[_Content]:
    """Return what each policy did, in words; a section a policy where there are several."""
    told = ["\n".join(f"- {sentence}" for sentence in event_sentences(run.path, label)) for run in runs]
    if len(runs) == 1:
        return [told[0]]
    return [Section(policy_name(run.policy), [text]) for run, text in zip(runs, told, strict=True)]


def _effects(parameters: ClusterParameters, runs: Sequence[PolicyRun]) -> tuple[dict[str, OpeningEffects], str]:
    """Return effects of opening all at once, and of the openings that waited; and what cannot be told."""
    found: dict[str, OpeningEffects] = {}
    note = ""
    try:
        found["all industries at time 0"] = effects_of_opening(parameters)
    except InputError as error:
        note = f"What opening everything at time 0 would do to growth is not determined: {error}."
    if any(run.policy == "free_migration" for run in runs):
        note += " These effects are those of trade alone, before anybody moves to the other country."
    for run in runs:
        path = run.path
        dates = np.array(path.opening_dates())
        for date in sorted({float(date) for date in dates[(dates > 0) & np.isfinite(dates)]}):
            opened, before = (tuple(int(i) + 1 for i in np.flatnonzero(mask)) for mask in (dates <= date, dates < date))
            soon = min(date + _JUST_AFTER * path.horizon, path.segments[-1].end)
            economy = parameters.replace(technology=path.technology_at(soon))
            name = f"{policy_name(run.policy).lower()}, at {date:.4g}"
            try:
                found[name] = effects_of_opening(economy, open_industries=opened, already_open=before)
            except InputError as error:
                note += f" For {name}: {error}."
    return found, note.strip()


def _told_effects(effects: Mapping[str, OpeningEffects], label: Names, figures: Mapping[str, Figure]) -> list[_Content]:
    if not effects:
        return []
    told = [f"- **{name}**, {text}" for name, found in effects.items() for text in link_sentences(found, label)]
    return [
        "When trade opens, prices fall at once: the static gain. Growth changes for three reasons that add up. Industries grow "
        "where they stay and learn more from themselves (concentration); those that teach each other are brought together or "
        "parted (spillovers); and countries get more or fewer of the industries that teach much (composition).",
        effects_table(effects),
        "\n".join(told),
        *(figure for name, figure in figures.items() if name.startswith("effects")),
    ]


def _figures(runs: Sequence[PolicyRun], effects: Mapping[str, OpeningEffects], label: Names) -> dict[str, Figure]:
    found: dict[str, Figure] = {}
    if len(runs) > 1:
        figure = plot_incomes([run.path for run in runs])
        alt = "A line a policy: real income a worker over time, a panel a country."
        found["incomes"] = Figure("Real income under each policy", to_svg(figure), alt)
    for run in runs:
        name = "path" if len(runs) == 1 else f"path-{run.policy.replace('_', '-')}"
        alt = "Three panels over time: real income a worker of both countries, workers by industry in each; events are marked."
        found[name] = Figure(
            f"{policy_name(run.policy)}: incomes and employment", to_svg(renamed(run.path.plot(), label)), alt
        )
    for number, (name, effect) in enumerate(effects.items()):
        alt = "Bars: three effects on the growth of each country; and the change of every link between industries."
        key = "effects" if number == 0 else f"effects-{number + 1}"
        found[key] = Figure(f"Effects of opening: {name}", to_svg(renamed(effect.plot(), label)), alt)
    return found


def _tables(runs: Sequence[PolicyRun], welfare: pd.DataFrame) -> dict[str, pd.DataFrame]:
    import pandas as pd

    if not runs:
        return {}
    tables = {"events.csv": runs[0].path.events_frame()}
    if len(runs) > 1:
        parts = [run.path.tidy().assign(policy=run.policy) for run in runs]
        whole = pd.concat(parts, ignore_index=True)
        tables["policies.csv"] = whole[["variable", "value", "unit", "policy", "country", "industry", "time"]]
        events = pd.concat([run.path.events_frame().assign(policy=run.policy) for run in runs], ignore_index=True)
        tables["policies-events.csv"] = events[["policy", "time", "event", "industry", "country"]]
    if len(welfare):
        tables["welfare.csv"] = welfare
    return tables


def _abstract(runs: Sequence[PolicyRun], effects: Mapping[str, OpeningEffects]) -> str:
    sentences = []
    for run in runs:
        path = run.path
        end = path.segments[-1].end
        income = path.real_income_per_worker([0.0, end])
        places = ("at home", "abroad")
        told = [f"from {income[c, 0]:.4g} to {income[c, 1]:.4g} {places[c]}" for c in range(2)]
        alike = np.allclose(income[0], income[1], rtol=1e-9)
        words = f"from {income[0, 0]:.4g} to {income[0, 1]:.4g} in both countries" if alike else " and ".join(told)
        flag = "" if run.solution.ok else " Not solved."
        sentences.append(f"**{policy_name(run.policy)}**: real income a worker goes {words} by {end:g}.{flag}")
    first = effects.get("all industries at time 0")
    if first is not None:
        home, foreign = first.verdict
        verdict = f"{home} in both countries" if home == foreign else f"{home} at home and {foreign} abroad"
        change = [signed(100 * rate, ".2f") for rate in first.change_in_growth]
        both = change[0] if change[0] == change[1] else f"{change[0]} and {change[1]}"
        verdict = verdict.replace("neither", "neither cluster building nor destroying")
        sentences.append(f"Opening everything at time 0 is {verdict}: growth changes by {both} percentage points.")
    return " ".join(sentences)


def _welfare_words(discount_rate: float | None, risk_aversion: float) -> str:
    utility = "log utility" if risk_aversion == 1 else f"relative risk aversion {risk_aversion:g}"
    return (
        f"Discounted without end at {discount_rate:g} a unit of time, {utility}. A policy is worth the constant consumption index "
        "a worker that is as good as its path, transition included. For this the paths go on beyond the horizon, so far that "
        "what comes after does not matter."
    )


def lowest_rate(discount_rate: float) -> float:
    """Return the lowest rate at which policies are compared; paths must be long enough for it."""
    return min(discount_rate, _LOWEST_RATE)


def _failed(run: PolicyRun) -> str:
    solution = run.solution
    return (
        f"policy {run.policy} is not solved; its numbers are those of the part reached. {solution.status.value} Largest residual "
        f"{solution.residual.norm:.2g}"
    )


def _warnings(runs: Sequence[PolicyRun]) -> tuple[str, ...]:
    found = []
    for run in runs:
        events = {event.event for event in run.path.events}
        if run.policy in ("delayed", "gradual") and "cluster_building" not in events:
            found.append(
                f"policy {run.policy}: opening does not become cluster building up to {run.path.horizon:g}; what was closed stays "
                "closed"
            )
    return tuple(found)
