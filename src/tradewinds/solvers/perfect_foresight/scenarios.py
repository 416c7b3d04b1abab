"""Many scenarios of one model: a batch that shares compiled functions and linear algebra, and what each shock contributes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewinds.errors import InputError, did_you_mean
from tradewinds.solvers.perfect_foresight.inputs import several
from tradewinds.solvers.perfect_foresight.linear import ReusedFactor, choose_solver
from tradewinds.solvers.perfect_foresight.model import Model
from tradewinds.solvers.perfect_foresight.newton import LinearSolver
from tradewinds.solvers.perfect_foresight.results import DeviationKind, Simulation, deviations, require_known
from tradewinds.solvers.perfect_foresight.shocks import Shock
from tradewinds.solvers.perfect_foresight.simulate import read_scenarios
from tradewinds.solvers.perfect_foresight.together import newton_together

if TYPE_CHECKING:
    import pandas as pd
    import xarray
    from matplotlib.figure import Figure

__all__ = ["INTERACTION", "NO_SHOCK", "Scenarios", "contributions", "each_alone", "simulate_many", "told_apart"]

#: Scenarios solved side by side: more of them would gain little and want more memory.
AT_ONCE = 12


@dataclass(frozen=True, eq=False)
class Scenarios(Mapping[str, Simulation]):
    """Simulations by name, from one model and one baseline.

    Attributes
    ----------
    model : Model
    simulations : mapping of str to Simulation
    """

    model: Model
    simulations: Mapping[str, Simulation]

    def __getitem__(self, name: str) -> Simulation:
        if name not in self.simulations:
            raise InputError(f"no scenario {name!r}.{did_you_mean(str(name), self.simulations)}")
        return self.simulations[name]

    def __contains__(self, name: object) -> bool:
        return name in self.simulations

    def __iter__(self) -> Iterator[str]:
        return iter(self.simulations)

    def __len__(self) -> int:
        return len(self.simulations)

    @property
    def ok(self) -> bool:
        """True if every scenario is solved."""
        return all(simulation.ok for simulation in self.simulations.values())

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Sources of the method."""
        return tuple(dict.fromkeys(key for simulation in self.simulations.values() for key in simulation.citation_keys))

    def tidy(self, kind: DeviationKind = "percent") -> pd.DataFrame:
        """Return deviations with columns variable, value, unit, scenario, country, year."""
        import pandas as pd

        frames = []
        for name, simulation in self.simulations.items():
            frame = simulation.tidy(kind)
            frame.insert(3, "scenario", pd.Series([name] * len(frame), dtype="str"))
            frames.append(frame)
        return pd.concat(frames, ignore_index=True)

    def summary(self) -> str:
        """Return the summaries of all scenarios."""
        return "\n\n".join(f"{name}: {simulation.summary()}" for name, simulation in self.simulations.items())

    def plot(self, variable: str, countries: str | Sequence[str] = (), kind: DeviationKind = "percent") -> Figure:
        """Return a figure of one variable's deviations, one panel a country and one line a scenario.

        Parameters
        ----------
        variable : str
        countries : str or sequence of str
            Default: the first six.
        kind : {"percent", "points"}

        Raises
        ------
        InputError
            If the model has no such variable or country.
        """
        from tradewinds.solvers.perfect_foresight.figures import plot_panels

        require_known(variable, [item.name for item in self.model.variables], "variable", self.model)
        countries = several(countries, "countries")
        for country in countries:
            require_known(country, self.model.countries, "country", self.model)
        [found] = [item for item in self.model.variables if item.name == variable]
        regional = found.dimension == "country"
        panels: dict[str, dict[str, xarray.DataArray]] = {}
        for country in (list(countries) or list(self.model.countries)[:6]) if regional else ["world"]:
            lines = {name: one.deviations(kind)[variable] for name, one in self.simulations.items()}
            panels[country] = {name: line.sel(country=country) if regional else line for name, line in lines.items()}
        unit = "per cent" if kind == "percent" else found.unit or "units of the model"
        title = f"{variable.replace('_', ' ')}, deviation from baseline"
        unsolved = [name for name, one in self.simulations.items() if not one.ok]
        flag = f" NOT SOLVED: {', '.join(unsolved)}." if unsolved else ""
        source = f"Source: model {self.model.name}, perfect foresight.{flag}"
        return plot_panels(panels, dict.fromkeys(panels, unit), title, source)


def simulate_many(
    model: Model,
    baseline: xarray.Dataset,
    shocks: Mapping[str, Sequence[Shock]],
    *,
    solver: LinearSolver | str | None = None,
    throw: bool = True,
    **settings: Any,
) -> Scenarios:
    """Solve several scenarios side by side, with the compiled functions and the linear algebra of one.

    Each is what it would be alone, but for rounding. Where Newton needs smaller steps, or news come later, scenarios go on one by
    one.

    Parameters
    ----------
    model : Model
    baseline : Dataset
    shocks : mapping of str to sequence of Shock
        By name of the scenario.
    solver : LinearSolver or str, optional
        Shared by all, as in :func:`~tradewinds.solvers.perfect_foresight.simulate.simulate`: by default they use the factor of
        the first as long as it suits them. With another they are solved one after the other.
    throw : bool
        Raise at the first scenario that does not solve, naming it; otherwise flag it and go on.
    **settings
        As in :func:`~tradewinds.solvers.perfect_foresight.simulate.simulate`.

    Raises
    ------
    InputError
        If there is no scenario, or a shock cannot be used.
    ConvergenceError
        If ``throw`` and a scenario does not solve.
    """
    if not shocks or not isinstance(shocks, Mapping):
        raise InputError("simulate_many needs at least one scenario by name: {name: [shocks]}")
    engine = choose_solver(solver)
    scenarios = read_scenarios(model, baseline, shocks, **settings)
    if not isinstance(engine, ReusedFactor) or len(scenarios) == 1:
        return Scenarios(model, {one.name: one.solve(engine, throw=throw) for one in scenarios})
    done = {}
    for start in range(0, len(scenarios), AT_ONCE):
        group = scenarios[start : start + AT_ONCE]
        begun = newton_together([one.first() for one in group], engine)
        for one, outcome in zip(group, begun, strict=True):
            done[one.name] = one.solve(engine, throw=throw, begun=outcome)
    return Scenarios(model, done)


#: What is left of the deviation once each shock has been simulated alone, and what there is without any of them.
INTERACTION, NO_SHOCK = "interaction", "without shocks"


def each_alone(simulation: Simulation, names: Sequence[str] = ()) -> Scenarios:
    """Return the simulation without shocks, called ``without shocks``, and with each of its shocks alone.

    Parameters
    ----------
    simulation : Simulation
    names : sequence of str, optional
        One a shock; shocks of one name go together. Default: their labels, told apart where they are the same.

    Raises
    ------
    InputError
        If the simulation is not solved, or names are not one a shock or stand for something else.
    ConvergenceError
        If a shock alone does not solve.
    """
    if not simulation.ok:
        raise InputError("contributions of shocks need a simulation that is solved; this one is flagged as not")
    shocks = simulation.shocks
    called = several(names, "names of shocks") or told_apart([shock.label for shock in shocks])
    if len(called) != len(shocks):
        raise InputError(f"{len(called)} names for {len(shocks)} shocks; give one a shock")
    taken = [name for name in called if name in (INTERACTION, NO_SHOCK)]
    if taken:
        raise InputError(f"a shock cannot be called {taken[0]!r}: contributions have a row of that name")
    alone: dict[str, list[Shock]] = {}
    for name, shock in zip(called, shocks, strict=True):
        alone.setdefault(name, []).append(shock)
    return simulate_many(simulation.model, simulation.baseline, {NO_SHOCK: [], **alone}, **simulation.settings)


def contributions(simulation: Simulation, kind: DeviationKind = "percent", names: Sequence[str] = ()) -> xarray.Dataset:
    """Return what each shock of a simulation does alone, and the interaction that is left, along the dimension ``shock``.

    Each shock is simulated by itself, and compared with the simulation of none; interaction is the rest of the deviation. So the
    order of shocks does not matter, and what two of them do only together is neither's.

    Parameters
    ----------
    simulation : Simulation
    kind : {"percent", "points"}
    names : sequence of str, optional
        As in :func:`each_alone`.

    Raises
    ------
    InputError
        If the simulation is not solved, or names cannot be used.
    ConvergenceError
        If a shock alone does not solve.
    """
    import xarray

    runs = each_alone(simulation, names)
    model, baseline = simulation.model, simulation.baseline
    found = {name: deviations(model, one.databank, baseline, kind) for name, one in runs.items()}
    none = found[NO_SHOCK]
    parts = {name: one if name == NO_SHOCK else one - none for name, one in found.items()}
    parts[INTERACTION] = deviations(model, simulation.databank, baseline, kind) - sum(parts.values())
    index = xarray.DataArray(list(parts), dims="shock", name="shock")
    return xarray.concat(list(parts.values()), dim=index)


def told_apart(labels: Sequence[str]) -> list[str]:
    """Return labels with a number behind those that are the same."""
    return [
        f"{label} #{list(labels[:k]).count(label) + 1}" if list(labels).count(label) > 1 else label
        for k, label in enumerate(labels)
    ]
