"""Tables of a study of industry clusters: the economies, incomes, effects of opening, welfare, checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.clusters import COUNTRIES, break_even_rates, consumption_gain, discounted_welfare
from tradewinds.report.clusters_words import Names, policy_name
from tradewinds.report.tables import Column, Table
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    import pandas as pd

    from tradewinds.clusters import BreakEven, ClusterParameters, ClusterPath, OpeningEffects
    from tradewinds.report.clusters import PolicyRun

__all__ = [
    "break_even_table",
    "break_evens",
    "checks_table",
    "economy_table",
    "effects_table",
    "income_table",
    "spillover_table",
    "welfare_frame",
    "welfare_table",
]

_DATES = 6  # columns of dates


def economy_table(parameters: ClusterParameters, label: Names) -> Table:
    """Return technology at the start and home's comparative advantage, best industry first."""
    home, foreign = parameters.technology
    order = np.argsort(-home / foreign, kind="stable")
    rows = [(label(int(i) + 1), home[i], foreign[i], home[i] / foreign[i]) for i in order]
    labour = ", ".join(f"{country} {workers:g}" for country, workers in zip(COUNTRIES, parameters.labour, strict=True))
    columns = [
        Column("Industry"),
        Column("Home", "goods a worker"),
        Column("Foreign", "goods a worker"),
        Column("Home over foreign"),
    ]
    note = f"Workers: {labour}. Elasticity of substitution {parameters.sigma:g}."
    return Table("Technology at time 0, by home's comparative advantage", columns, rows, note=note)


def spillover_table(parameters: ClusterParameters, label: Names) -> Table:
    """Return who teaches whom."""
    n = parameters.industries
    names = [label(i + 1) for i in range(n)]
    rows = [(name, *row) for name, row in zip(names, parameters.tau, strict=True)]
    heads = ("learns: {}" if label.names is None else "{}").format
    columns = [Column("Teaches"), *(Column(heads(name), format=".3g") for name in names)]
    note = "Goods a worker, per worker of the row's industry and unit of time. Columns learn."
    return Table("Spillovers", columns, rows, note=note)


def income_table(paths: Sequence[ClusterPath]) -> Table:
    """Return real income a worker at some dates, and its average growth; a row a policy and country."""
    end = min(path.segments[-1].end for path in paths)
    dates = paths[0].times[paths[0].times <= end]
    if not len(dates):
        dates = np.array([0.0, end])
    chosen = dates[np.unique(np.linspace(0, len(dates) - 1, min(_DATES, len(dates))).round().astype(int))]
    rows: list[tuple[Any, ...]] = []
    for path in paths:
        income = path.real_income_per_worker(chosen)
        ends = path.real_income_per_worker([0.0, end])
        growth = 100 * np.log(ends[:, 1] / ends[:, 0]) / end if end > 0 else np.zeros(2)
        alike = np.allclose(income[0], income[1], rtol=1e-9)
        for c, country in enumerate(COUNTRIES[:1] if alike else COUNTRIES):
            rows.append((policy_name(path.policy), "both" if alike else country, *income[c], growth[c]))
    columns = [
        *(Column("Policy"), Column("Country")),
        *(Column(f"{date:g}", "index" if number == 0 else "") for number, date in enumerate(chosen)),
        Column("Growth", "log, per cent a unit of time", format=".2f"),
    ]
    note = f"Consumption index a worker; on the day of an opening, after it. Growth is the average from 0 to {end:g}."
    return Table("Real income a worker", columns, rows, note=note)


def effects_table(effects: Mapping[str, OpeningEffects]) -> Table:
    """Return static gains and the effects on growth; a row an opening and country."""
    rows: list[tuple[Any, ...]] = []
    for name, found in effects.items():
        numbers = np.stack(
            [
                found.static_gain - 1,
                *(found.growth_before, found.concentration, found.spillovers, found.composition, found.growth_after),
            ]
        )
        numbers = np.where(np.abs(numbers) < 1e-13, 0.0, numbers)
        alike = (
            np.allclose(numbers[:, 0], numbers[:, 1], rtol=1e-6, atol=1e-13) and found.verdict[0] == found.verdict[1]
        )
        for c, country in enumerate(COUNTRIES[:1] if alike else COUNTRIES):
            verdict = found.verdict[c].removeprefix("cluster ")
            rows.append((name, "both" if alike else country, *(100 * numbers[:, c]), verdict))
    columns = [
        *(Column("Opening"), Column("Country"), Column("Static gain", "per cent", ".1f")),
        Column("Growth before", "per cent", ".3f"),
        *(Column(head, "points", ".3f") for head in ("Concentration", "Spillovers", "Composition")),
        Column("Growth after", "per cent", ".3f"),
        Column("Clusters"),
    ]
    note = (
        "Growth of real income a unit of time, at the technology of the date; the three effects add up to its change."
    )
    return Table("Effects of opening", columns, rows, note=note)


def welfare_frame(runs: Sequence[PolicyRun], discount_rate: float | None, risk_aversion: float) -> pd.DataFrame:
    """Return welfare of each policy and its gain over the first, tidy by country and policy; empty where it is not asked for."""
    rows: list[dict[str, Any]] = []
    if discount_rate is not None and runs:
        found = [discounted_welfare(run.long, discount_rate=discount_rate, risk_aversion=risk_aversion) for run in runs]
        for run, welfare in zip(runs, found, strict=True):
            gain = consumption_gain(welfare, found[0])
            for c, country in enumerate(COUNTRIES):
                labels = {"country": country, "policy": run.policy}
                value = float(welfare.equivalent_consumption[c])
                rows.append(
                    {
                        "variable": "equivalent_consumption",
                        "value": value,
                        "unit": "consumption index a worker",
                        **labels,
                    }
                )
                rows.append(
                    {
                        "variable": "gain",
                        "value": float(gain[c]),
                        "unit": f"fraction of consumption under {runs[0].policy}",
                        **labels,
                    }
                )
    return tidy_frame(rows, ["country", "policy"])


def welfare_table(frame: pd.DataFrame, runs: Sequence[PolicyRun]) -> Table:
    """Return what each policy is worth."""
    numbers = frame.set_index(["variable", "policy", "country"])["value"]
    policies = [run.policy for run in runs if run.policy in set(frame["policy"])]
    rows = [
        (
            policy_name(policy),
            *(numbers["equivalent_consumption", policy, country] for country in COUNTRIES),
            *(100 * numbers["gain", policy, country] for country in COUNTRIES),
        )
        for policy in policies
    ]
    over = f"over {policy_name(policies[0]).lower()}"
    columns = [
        Column("Policy"),
        *(Column(f"Worth, {country}", "index a worker", ".2f") for country in COUNTRIES),
        *(Column(f"Gain, {country}", f"per cent, {over}", ".2f") for country in COUNTRIES),
    ]
    note = "Gain: by how much consumption under the first policy would have to rise at every date to be as good."
    return Table("What each policy is worth", columns, rows, note=note)


def break_evens(runs: Sequence[PolicyRun], lowest: float, risk_aversion: float) -> list[BreakEven]:
    """Return the discount rates at which each two policies are worth the same."""
    return [
        break_even_rates(first.long, second.long, lowest=lowest, risk_aversion=risk_aversion)
        for first, second in combinations(runs, 2)
    ]


def break_even_table(breaks: Sequence[BreakEven]) -> Table:
    """Return who prefers which of two policies; a row a pair and country."""
    rows = []
    for found in breaks:
        alike = np.allclose(found.gain[0], found.gain[1], atol=1e-9)
        for c, country in enumerate(COUNTRIES[:1] if alike else COUNTRIES):
            patient, hasty = (_preferred(found, float(found.gain[c, end])) for end in (0, -1))
            rates = ", ".join(f"{rate:.4g}" for rate in found.rates[c]) or "none"
            pair = f"{policy_name(found.first)} or {policy_name(found.second).lower()}"
            rows.append((pair, "both" if alike else country, patient, rates, hasty, bool(found.complete[c])))
    low, high = breaks[0].lowest, breaks[0].highest
    columns = [
        *(
            Column("Policies"),
            Column("Country"),
            Column("Better for the patient", f"at {low:g}"),
            Column("Break-even rates"),
        ),
        *(Column("Better for the hasty", f"at {high:g}"), Column("All found")),
    ]
    note = (
        f"Discount rates from {low:g} to {high:g} at which both are worth the same. All found: no other rate above 0 can break "
        "even, because the difference in utility does not change its sign more often."
    )
    return Table("Discount rates at which policies break even", columns, rows, note=note)


def _preferred(found: BreakEven, gain: float) -> str:
    if abs(gain) < 1e-9:
        return "alike"
    return policy_name(found.first if gain > 0 else found.second)


def checks_table(runs: Sequence[PolicyRun]) -> Table:
    """Return the exam of each path: the equation of learning by quadrature, every equilibrium condition at every node."""
    rows = [
        (
            policy_name(run.policy),
            run.solution.residual.norm,
            len(run.solution.value.segments),
            run.solution.iterations,
            run.solution.ok,
        )
        for run in runs
    ]
    columns = [
        Column("Policy"),
        Column("Largest residual", format=".1e"),
        Column("Stretches", "between events"),
        Column("Steps"),
        Column("Solved"),
    ]
    note = (
        "The residual is the larger of the error of learning over each step, by quadrature and relative to technology, and of "
        "labour, trade balance, demand and location at its nodes."
    )
    return Table("Exam of the paths", columns, rows, note=note)
