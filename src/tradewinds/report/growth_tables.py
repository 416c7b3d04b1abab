"""Tables of a study of growth: regimes side by side, paths, claims, checks, a sweep."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.report.growth_paths import jumps
from tradewinds.report.growth_words import changes, lines, path_note, per_cent, said, signed
from tradewinds.report.tables import Column, Table

if TYPE_CHECKING:
    from tradewinds.growth import BalancedGrowth
    from tradewinds.report.growth_runs import GrowthRun, Regime, SweepRun

__all__ = [
    "change_table",
    "checks_table",
    "claims_table",
    "facts_table",
    "path_table",
    "regime_tables",
    "sweep_table",
    "variants_table",
]

#: Variables of home in the first table, where a mechanism has them, with their words; shares and rates are set in per cent.
_FIRST = {
    "growth": "growth of consumption",
    "innovation": "innovation",
    "output_growth": "growth of output",
    "home_share": "home share of spending",
    "import_share": "import share of spending",
    "consumption": "level of consumption, at time 0",
    "varieties": "varieties, at time 0",
    "interest_rate": "interest rate",
    "rnd_labour_share": "labour in research",
}
_PER_CENT = {"a year": "% a year", "share of spending": "%", "share of labour": "%"}
#: Countries up to which each has its rows.
_COUNTRIES = 4
#: Years of a path that a table shows where the study names none, and rows of a sweep.
_YEARS = (0.0, 5.0, 10.0, 20.0, 50.0, 100.0)
_ROWS = 25


def _regimes(run: GrowthRun) -> list[tuple[str, BalancedGrowth]]:
    return [("Baseline", run.point), *((each.name.capitalize(), each.point) for each in run.regimes)]


def regime_tables(run: GrowthRun) -> Iterator[Table]:
    """Yield home's growth, shares and gains by regime, and then every variable of every country."""
    regimes = _regimes(run)
    columns: list[Column | str] = ["", "Unit", *(name for name, _ in regimes)]
    rows: list[tuple[Any, ...]] = []
    units = {row["variable"]: row["unit"] for row in run.point.rows()}
    for name, words in _FIRST.items():
        if name in units:
            unit = _PER_CENT.get(units[name])
            numbers = [point.home(name) for _, point in regimes]
            if unit is None and name in ("consumption", "varieties"):
                unit, numbers = "baseline = 100", [100 * n / numbers[0] if numbers[0] else np.nan for n in numbers]
                rows.append((words, unit, *(f"{n:.4g}" for n in numbers)))
            elif unit is not None:
                rows.append((words, unit, *(per_cent(n, 4) for n in numbers)))
    rows += list(_gains(run))
    note = "Gains are consumption equivalents against the baseline, at home: by how many per cent consumption of the baseline "
    note += "would have to be higher at every date to be as good. Half of the way in 0 years: the economy jumps."
    missing = " ".join(f"{name.capitalize()} has no solution: {lines(why)}" for name, why in run.missing.items())
    yield Table("Home in each regime", columns, rows, note=f"{note} {missing}".strip())
    yield _all_variables(regimes)


def _gains(run: GrowthRun) -> Iterator[tuple[Any, ...]]:
    if not run.regimes:
        return
    unit = "% of consumption"
    parts: dict[str, Callable[[Regime], str]] = {
        "static gain": lambda r: signed(r.result.static_gain),
        "dynamic gain": lambda r: "–" if r.problem else signed(r.result.dynamic_gain),
        "welfare, between balanced growth paths": lambda r: signed(r.result.welfare_steady_state),
        "welfare, with the path": lambda r: "–" if r.problem else signed(r.result.welfare_transition),
    }
    for words, read in parts.items():
        yield (words, unit, "–", *(read(each) for each in run.regimes))
    for name in run.regimes[0].result.extra:
        if not name.startswith("welfare_transition_") or len(run.point.countries) > _COUNTRIES:
            continue
        country = said(name.removeprefix("welfare_transition_"))
        values = [np.nan if each.problem else each.result.extra.get(name, np.nan) for each in run.regimes]
        yield (f"welfare of {country}", unit, "–", *(signed(value) for value in values))
    yield ("half of the way", "years", "–", *(_half_life(each) for each in run.regimes))


def _half_life(regime: Regime) -> str:
    if regime.result.path is None:
        return "0" if jumps(regime.result) and not regime.problem else "–"
    return f"{regime.result.half_life:.3g}"


def _all_variables(regimes: Sequence[tuple[str, BalancedGrowth]]) -> Table:
    found: dict[tuple[str, str], dict[str, float]] = {}
    countries = regimes[0][1].countries
    many = len(countries) > _COUNTRIES
    for name, point in regimes:
        for row in point.rows():
            if not (many and row["variable"].endswith(tuple(f"_{country}" for country in countries[1:]))):
                found.setdefault((row["variable"], row["unit"]), {})[name] = row["value"]
    names = [name for name, _ in regimes]
    rows = [
        (said(variable), unit, *(values.get(name, np.nan) for name in names))
        for (variable, unit), values in found.items()
    ]
    heads: list[Column | str] = ["Variable", "Unit", *(Column(name, format=".5g") for name in names)]
    note = f"Home alone; the other {len(countries) - 1} countries are in results.csv." if many else ""
    note = note or "The same numbers are in results.csv."
    return Table("Every variable on the balanced growth path", heads, rows, note=note)


def change_table(run: GrowthRun) -> Table | None:
    """Return the parameters that differ between regimes."""
    known = run.mechanism.definitions
    names: dict[str, None] = {}
    for each in run.regimes:
        names |= dict.fromkeys(changes(run.point.parameters, each.point.parameters))
    if not names:
        return None
    points = _regimes(run)
    rows = []
    for name in names:
        meaning = known[name].meaning + ("" if known[name].unit == "1" else f" ({known[name].unit})")
        values = [np.asarray(getattr(point.parameters, name), dtype=float) for _, point in points]
        if len({value.shape for value in values}) > 1:
            rows.append((said(name), meaning, *(" × ".join(map(str, value.shape)) for value in values)))
            continue
        moved = np.argwhere(np.any([value != values[0] for value in values], axis=0)) if values[0].ndim else [()]
        for place in moved:
            label = f" [{', '.join(str(int(i) + 1) for i in place)}]" if len(place) else ""
            rows.append((f"{said(name)}{label}", meaning, *(_shown(value[tuple(place)]) for value in values)))
    heads: list[Column | str] = ["Parameter", "Meaning", *(name for name, _ in points)]
    return Table("What differs between the regimes", heads, rows)


def _shown(value: Any) -> str:
    return "∞" if np.isinf(value) else f"{float(value):.6g}"


def path_table(run: GrowthRun) -> Table | None:
    """Return consumption along the paths at a few years, against what it would have been."""
    told = [(each, each.reported or each.trail) for each in run.regimes]
    shown = [(each, trail) for each, trail in told if trail is not None]
    if not shown:
        return None
    first = next((each.reported for each, _ in shown if each.reported is not None), None)
    years = first.time if first is not None else np.array(_YEARS)
    if len(years) > _ROWS:
        years = years[np.unique(np.linspace(0, len(years) - 1, _ROWS).round().astype(int))]
    last = max(float(trail.time[-1]) for _, trail in shown)
    rows = [
        # what lies beyond a path is missing
        (f"{year:g}", *(signed(float(np.interp(year, t.time, t.gap, right=np.nan))) for _, t in shown))
        for year in years
        if year <= last
    ]
    heads: list[Column | str] = [
        Column("Years after the change"),
        *(Column(each.name.capitalize(), "% of consumption") for each, _ in shown),
    ]
    note = "Between the years of the solver logarithms are straight lines." if any(t.solved for _, t in shown) else ""
    return Table("Home's consumption against that without the change", heads, rows, note=note)


def sweep_table(sweep: SweepRun) -> Table:
    """Return growth and gains at each value."""
    compared = bool(sweep.regime)
    places = np.unique(np.linspace(0, len(sweep.values) - 1, min(_ROWS, len(sweep.values))).round().astype(int))
    rows = []
    for place in places:
        value, point = sweep.values[place], sweep.points[place]
        if point is None:
            rows.append((f"{value:.5g}", *(["–"] * (6 if compared else 2))))
        elif compared:
            gains = (point.static_gain, point.dynamic_gain, point.welfare_transition)
            home = per_cent(point.counterfactual.home_share, 4)
            growth = [per_cent(each.growth, 4) for each in (point.baseline, point.counterfactual)]
            rows.append((f"{value:.5g}", home, *growth, *(signed(gain) for gain in gains)))
        else:
            rows.append((f"{value:.5g}", per_cent(point.home_share, 4), per_cent(point.growth, 4)))
    unit = "" if sweep.unit == "1" else sweep.unit
    share = f"Home share, {sweep.regime}" if compared else "Home share"
    heads: list[Column | str] = [Column(_capital(said(sweep.parameter)), unit), Column(share, "%")]
    if compared:
        heads += [Column("Growth, baseline", "% a year"), Column(f"Growth, {sweep.regime}", "% a year")]
        heads += [Column(name, "% of consumption") for name in ("Static gain", "Dynamic gain", "Welfare")]
    else:
        heads.append(Column("Growth", "% a year"))
    if sweep.parameter == "home_share":  # it is the first column
        heads.pop(1)
        rows = [(row[0], *row[2:]) for row in rows]
    note = " ".join([lines(sweep.varies), *_about_sweep(sweep, len(rows))])
    return Table(f"By {said(sweep.parameter)}", heads, rows, note=note)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _about_sweep(sweep: SweepRun, shown: int) -> Iterator[str]:
    yield (
        "All variables are in sweep.csv."
        if shown == len(sweep.values)
        else f"{shown} of {len(sweep.values)} values are shown; all of them, with all variables, are in sweep.csv."
    )
    corners = [
        f"{value:.5g}"
        for value, point in zip(sweep.values, sweep.points, strict=True)
        if point is not None and getattr(point, "counterfactual", point).corner
    ]
    if corners:
        yield f"The economy is in a corner at {', '.join(corners[:5])}{' and more' if len(corners) > 5 else ''}."
    if sweep.refused:
        refused = "; ".join(f"{value:.5g}: {why}" for value, why in list(sweep.refused.items())[:3])
        yield f"No solution at {len(sweep.refused)} of {len(sweep.values)} values: {refused}."


def variants_table(run: GrowthRun) -> Table:
    """Return what the same change brings in every variant that was asked for."""
    assert run.asked is not None
    results = [run.asked.result, *run.others]
    rows = [
        (
            each.variant,
            per_cent(each.baseline.growth, 4),
            per_cent(each.counterfactual.growth, 4),
            per_cent(each.counterfactual.home_share, 4),
            *(signed(gain) for gain in (each.static_gain, each.dynamic_gain, each.welfare_transition)),
            lines(each.why),
        )
        for each in results
    ]
    heads: list[Column | str] = ["Variant", Column("Growth, baseline", "% a year"), Column("Growth after", "% a year")]
    heads += [
        Column("Home share after", "%"),
        *(Column(n, "% of consumption") for n in ("Static gain", "Dynamic gain", "Welfare")),
    ]
    note = "Every variant at its own calibration, with the parameters of the study."
    unsolved = " ".join(f"{name} has no solution: {lines(why)}" for name, why in run.unsolved.items())
    return Table(f"By variant: {run.asked.name}", [*heads, "Why"], rows, note=f"{note} {unsolved}".strip())


def claims_table(run: GrowthRun) -> Table:
    """Return the survey's statements about the mechanism with their verdicts."""
    rows = []
    for claim in run.claims:
        verdict = f"{claim.verdict}: {claim.condition}" if claim.condition else claim.verdict
        numbers = "; ".join(f"{name}: {value:.4g}" for name, value in claim.numbers.items())
        rows.append((f"{claim.text} [{claim.source}]", verdict, claim.explanation, numbers))
    note = "Solved at the standard calibration and others, not at the parameters of this study."
    return Table("Statements about the mechanism, checked", ["Statement", "Verdict", "Why", "Solved"], rows, note=note)


def facts_table(run: GrowthRun) -> Table | None:
    """Return the facts of the study beside what the baseline makes of them."""
    if run.facts is None:
        return None
    point = run.point
    rows = [
        ("growth of consumption", "% a year", per_cent(run.facts.growth, 4), per_cent(point.growth, 4)),
        ("home share of spending", "%", per_cent(run.facts.home_share, 4), per_cent(point.home_share, 4)),
        ("interest rate", "% a year", per_cent(run.facts.interest_rate, 4), per_cent(point.home("interest_rate"), 4)),
        ("trade elasticity", "", f"{run.facts.trade_elasticity:.4g}", "–"),
        ("countries", "", f"{run.facts.countries}", "–"),
    ]
    note = "The trade elasticity and the number of countries set parameters, where the mechanism has them."
    return Table("Facts and the baseline", ["Fact", "Unit", "Asked for", "Baseline"], rows, note=note)


def checks_table(run: GrowthRun) -> Table:
    """Return the residual of every regime."""
    assert run.baseline is not None
    solutions = [("baseline", run.baseline), *((each.name, each.solution) for each in run.regimes)]
    rows = [(name, s.residual.norm, s.status.value, _path_word(run, name)) for name, s in solutions]
    heads: list[Column | str] = ["Regime", Column("Largest residual", format=".1e"), "Status", "Path"]
    note = "Every equilibrium condition evaluated again at the point found, from primitives and not from the closed form; no units."
    return Table("Does each regime satisfy the equations?", heads, rows, note=note)


def _path_word(run: GrowthRun, name: str) -> str:
    regime = run.regime(name)
    if regime is None:
        return "–"
    if regime.problem:
        return "not solved"
    if regime.result.path is not None:
        return "solved and checked"
    return path_note(regime.point.mechanism, regime.point.variant) or "none: the economy jumps"
