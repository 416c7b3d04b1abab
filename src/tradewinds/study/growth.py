"""The growth kind of study: from its settings to regimes, paths, claims, a sweep and a report (Grossman and Helpman 2015)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.errors import ConvergenceError, InputError
from tradewinds.report.provenance import ParameterRecord
from tradewinds.report.run import Findings
from tradewinds.study.growth_fields import GrowthStudy, GrowthSweep
from tradewinds.study.growth_values import HOME_SHARE

if TYPE_CHECKING:
    from tradewinds.growth import BalancedGrowth, Counterfactual, GrowthParameters, Transition
    from tradewinds.report.growth_runs import Regime
    from tradewinds.solvers import Solution

__all__ = ["GrowthRunner"]

Progress = Callable[[int, int], None]

#: Rows of a matrix up to which the report lists them.
_ROWS = 12


class GrowthRunner:
    """One study while it runs; what is solved stays here if a later part is not.

    Parameters
    ----------
    settings : GrowthStudy
    home : Path
        Not used: this kind of study reads no file.
    """

    def __init__(self, settings: GrowthStudy, home: Path) -> None:
        from tradewinds.report.growth_runs import GrowthRun

        self.settings = settings
        self.run = GrowthRun(settings.model, settings.chosen)
        if settings.calibrate is not None:
            self.run.facts = settings.calibrate.facts

    def compute(self, progress: Progress | None = None) -> None:
        """Solve the baseline, the other regimes with their paths, the claims, and the sweep."""
        settings, run = self.settings, self.run
        steps = 4 + len(settings.compare) + (0 if settings.sweep is None else len(settings.sweep.numbers))
        self._tick = _counter(progress, steps)
        p = self._parameters()
        run.baseline = self._solve(p, "baseline", "parameters")
        self._tick()
        still = self._no_change(p)
        if settings.counterfactual is not None:
            q = self._named(
                "counterfactual", "counterfactual", lambda: settings.changed(p, settings.counterfactual or {})
            )
            run.regimes.append(self._regime(p, q, "counterfactual", still))
        self._tick()
        if settings.autarky:
            self._close(p, still)
        self._tick()
        if settings.claims:
            run.claims = run.mechanism.claims()
        self._tick()
        for variant in settings.compare:
            self._other(variant)
            self._tick()
        if settings.sweep is not None:
            self._sweep(p, settings.sweep)

    def _parameters(self) -> GrowthParameters:
        table = "parameters" if self.settings.calibrate is None else "calibrate"
        return self._named("baseline", table, self.settings.baseline)

    def _named(self, regime: str, table: str, make: Callable[[], Any]) -> Any:
        """Return what is made, or raise InputError with the key that the mechanism's message is about."""
        try:
            return make()
        except InputError as error:
            raise self._at_key(error, regime, table) from error

    def _at_key(self, error: InputError, regime: str, table: str) -> InputError:
        changes = self.settings.counterfactual or {}
        key = self.settings.key_of(error, table)
        if table == "counterfactual" and HOME_SHARE in changes and "home share of" in str(error):
            key = (table, HOME_SHARE)
        return InputError(f'key "{".".join(("growth", *key))}", {regime}: {error}')

    def _solve(self, p: GrowthParameters, regime: str, table: str) -> Solution:
        run = self.run
        return self._named(
            regime, table, lambda: run.mechanism.solve(p, variant=run.variant, regime=regime, throw=False)
        )

    def _no_change(self, p: GrowthParameters) -> Transition | None:
        from tradewinds.report.growth_paths import no_change

        try:
            return no_change(self.run.mechanism, p, self.run.variant)
        except (InputError, ConvergenceError):
            return None  # the comparison of regimes meets the same and says so

    def _close(self, p: GrowthParameters, still: Transition | None) -> None:
        """Add autarky, or say why the economy has no solution on its own: nobody asked for it by a number."""
        try:
            self.run.regimes.append(
                self._regime(p, p.replace(**self.run.mechanism.closing(self.run.variant)), "autarky", still)
            )
        except InputError as error:
            if self.settings.counterfactual is None and self.settings.times is not None:
                raise
            self.run.missing["autarky"] = str(error.__cause__ or error)

    # ------------------------------------------------------------------ one regime against the baseline

    def _regime(self, p: GrowthParameters, q: GrowthParameters, name: str, still: Transition | None) -> Regime:
        from tradewinds.report.growth_paths import trail_of
        from tradewinds.report.growth_runs import Regime

        table = "counterfactual" if name == "counterfactual" else "parameters"
        solution = self._solve(q, name, table)
        result, problem = self._compare(p, q, name, solution, table)
        if problem:
            return Regime(name, solution, result, problem=problem)
        trail = trail_of(result, still, name=name)
        reported = None
        times = self.settings.times
        if times is not None:
            if name == "autarky" and self.settings.counterfactual is not None and result.path is not None:
                times = [time for time in times if time <= result.path.time[-1]] or [
                    0.0
                ]  # nobody asked for autarky by a year
            try:
                reported = trail_of(result, still, name=name, times=times)
            except InputError as error:
                raise InputError(f'key "growth.times", {name}: {error}') from error
        return Regime(name, solution, result, trail, reported)

    def _compare(
        self, p: GrowthParameters, q: GrowthParameters, name: str, solution: Solution, table: str
    ) -> tuple[Counterfactual, str]:
        """Return the comparison, without its path where the mechanism cannot solve one, and why."""
        mechanism, variant = self.run.mechanism, self.run.variant
        try:
            result = mechanism.counterfactual(p, q, variant=variant)
        except ConvergenceError as error:
            self.run.stops.append(f"{name}: {error}")
            return self._levels(self.run.point, solution.value), str(error).splitlines()[0]
        except InputError as error:
            if not mechanism.has_transition:
                raise self._at_key(error, name, table) from error
            levels = self._named(name, table, lambda: self._levels(self.run.point, solution.value))
            return levels, str(error)
        return _named_regime(result, solution), ""

    def _levels(self, before: BalancedGrowth, after: BalancedGrowth) -> Counterfactual:
        """Return the comparison of two balanced growth paths alone."""
        from tradewinds.growth import Counterfactual
        from tradewinds.growth.impact import gain_at_once

        mechanism, p = self.run.mechanism, before.parameters
        steady = mechanism.equivalent(after.values["lifetime_utility"], before.values["lifetime_utility"], p)
        return Counterfactual(
            mechanism=mechanism.name,
            variant=before.variant,
            baseline=before,
            counterfactual=after,
            static_gain=gain_at_once(mechanism, before, after.parameters),
            welfare_steady_state=float(np.ravel(steady)[0]),
            welfare_transition=float("nan"),
            why=mechanism.explain(before, after),
            citation_keys=mechanism.citation_keys,
        )

    def _other(self, variant: str) -> None:
        """Make the same change in another variant, at its own calibration; where it has no solution, say why."""
        run, settings = self.run, self.settings.model_copy(update={"variant": variant})
        try:
            p = settings.baseline()
            if settings.counterfactual is None:
                result = self._pair(p, p.replace(**run.mechanism.closing(variant)), variant)
                closed = dataclasses.replace(result.counterfactual, regime="autarky")
                result = dataclasses.replace(result, counterfactual=closed)
            else:
                result = self._pair(p, settings.changed(p, settings.counterfactual), variant)
        except (InputError, ConvergenceError) as error:
            run.unsolved[variant] = str(error).splitlines()[0]
        else:
            run.others.append(result)

    # ------------------------------------------------------------------ a sweep

    def _sweep(self, p: GrowthParameters, sweep: GrowthSweep) -> None:
        from tradewinds.report.growth_runs import SweepRun

        changes = self.settings.counterfactual
        target = sweep.parameter == HOME_SHARE
        apart = target or sweep.parameter in (changes or {})
        known = self.run.mechanism.definitions.get(sweep.parameter)
        self._check_place(p, sweep)
        name = sweep.parameter + (f" [{', '.join(map(str, sweep.place))}]" if sweep.place else "")
        points: list[Any] = []
        refused: dict[float, str] = {}
        for value in sweep.numbers:
            try:
                points.append(self._point(p, sweep, value, apart=apart))
            except (InputError, ConvergenceError) as error:
                points.append(None)
                refused[value] = str(error).splitlines()[0]
            self._tick()
        if len(refused) == len(points):
            first = next(iter(refused.items()))
            raise InputError(f'key "growth.sweep": no value of {name} has a solution; at {first[0]:g}: {first[1]}')
        compared = target or changes is not None
        self.run.sweep = SweepRun(
            name,
            tuple(sweep.numbers),
            tuple(points),
            "counterfactual" if compared else "",
            "it varies in the counterfactual; the baseline stays" if apart else "it varies in every regime",
            "share of spending" if known is None else known.unit,
            refused,
        )

    def _check_place(self, p: GrowthParameters, sweep: GrowthSweep) -> None:
        """Raise InputError where a list has no such number; of calibrated lists the length shows only now."""
        for place in sweep.place or ():
            count = len(getattr(p, sweep.parameter))
            if not 1 <= place <= count:
                raise InputError(
                    f'key "growth.sweep.place": {place} is not there: {sweep.parameter} has {count} countries'
                )

    def _point(self, p: GrowthParameters, sweep: GrowthSweep, value: float, *, apart: bool) -> Any:
        """Return the solution at one value: a comparison of regimes where there is a counterfactual, else the baseline."""
        settings, mechanism, variant = self.settings, self.run.mechanism, self.run.variant
        if apart:
            changes = dict(settings.counterfactual or {})
            given = changes.get(sweep.parameter)
            standard = getattr(p, sweep.parameter, None) if given is None else given
            changes[sweep.parameter] = _placed(standard, sweep.place, value)
            if sweep.parameter == "trade_cost":
                changes.pop(HOME_SHARE, None)
            return self._pair(p, settings.changed(p, changes), variant)
        start = p.replace(**{sweep.parameter: _placed(getattr(p, sweep.parameter), sweep.place, value)})
        if settings.counterfactual is None:
            return mechanism.solve(start, variant=variant).value
        return self._pair(start, settings.changed(start, settings.counterfactual), variant)

    def _pair(self, p: GrowthParameters, q: GrowthParameters, variant: str) -> Counterfactual:
        """Return a comparison, of balanced growth paths alone where no path leads from one to the other."""
        mechanism = self.run.mechanism
        before, after = (
            mechanism.solve(x, variant=variant, regime=r).value for x, r in ((p, "baseline"), (q, "counterfactual"))
        )
        try:
            return mechanism.counterfactual(p, q, variant=variant)
        except (InputError, ConvergenceError):
            return self._levels(before, after)

    # ------------------------------------------------------------------ what was found

    def findings(self) -> Findings:
        """Return what was found so far."""
        from tradewinds.report.growth import growth_page
        from tradewinds.report.html import Report

        page = growth_page(self.run)
        report = Report(
            title=self.run.mechanism.title,
            subtitle=f"Globalisation and growth: {self.run.mechanism.name}, {self.run.variant}",
            abstract=page.abstract,
            failed_checks=page.failed_checks,
            sections=page.sections,
            parameters=self._records(),
            warnings=page.warnings,
            citation_keys=page.citation_keys,
        )
        return Findings(
            report,
            page.results,
            figures={name: figure.svg for name, figure in page.figures.items()},
            tables=page.tables,
        )

    def _records(self) -> list[ParameterRecord]:
        """Return every parameter of the baseline with its symbol, unit, bounds and where it came from."""
        from tradewinds.report.growth_words import symbol

        if self.run.baseline is None:
            return []
        records = []
        given = self.settings.parameters or {}
        for name, known in self.run.mechanism.definitions.items():
            value = getattr(self.run.point.parameters, name)
            about = (symbol(known.symbol), "" if known.unit == "1" else known.unit)
            source = "study file" if name in given else self._source(name, value)
            rows: dict[str, object]
            if np.ndim(value) == 2 and len(value) > _ROWS:
                rows = {name: f"{len(value)} × {len(value)} numbers from {np.min(value):g} to {np.max(value):g}"}
            elif np.ndim(value) == 2:
                rows = {f"{name} of {known.axes[0]} {i}": row for i, row in enumerate(value.tolist(), 1)}
            else:
                rows = {name: value.tolist() if np.ndim(value) else value}
            for label, number in rows.items():
                shown = "infinite" if isinstance(number, float) and np.isinf(number) else number
                records.append(ParameterRecord(label, shown, *about, source, known.bounds))
        return records

    def _source(self, name: str, value: Any) -> str:
        known = self.run.mechanism.definitions[name]
        default = getattr(self.run.mechanism.defaults(self.run.variant), name)
        if not np.array_equal(value, default):
            return "the facts of the study" if self.run.facts is not None else "default, for as many countries"
        moved = not np.array_equal(np.asarray(value, dtype=float), np.asarray(known.default, dtype=float))
        return f"default of {self.run.variant}" if moved else known.source


def _counter(progress: Progress | None, wanted: int) -> Callable[[], None]:
    done = 0

    def tick() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, wanted)

    return tick


def _named_regime(result: Counterfactual, solution: Solution) -> Counterfactual:
    """Return a comparison whose other regime is named as the study names it."""
    return dataclasses.replace(result, counterfactual=solution.value)


def _placed(standard: Any, place: list[int] | None, value: float) -> Any:
    """Return a list or matrix with one number changed, or the number itself."""
    if not place:
        return value
    changed = np.array(standard, dtype=float)
    changed[tuple(number - 1 for number in place)] = value
    return changed.tolist()
