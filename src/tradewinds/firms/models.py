"""The models by name, and one way to solve any of them."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tradewinds.errors import InputError, did_you_mean, require_option
from tradewinds.firms.numbers import Definition
from tradewinds.firms.results import Scenarios, label, with_scenario
from tradewinds.solvers import Solution

__all__ = ["MODELS", "Model", "solve", "solve_scenarios"]


@dataclass(frozen=True)
class Model:
    """A model of firms, loaded when it is used.

    Attributes
    ----------
    name : str
        As a study file writes it.
    room : str
        Module that holds it.
    parameters_name, solver_name : str
        Its parameters and its solver in that module.
    """

    name: str
    room: str
    parameters_name: str
    solver_name: str

    @property
    def parameters(self) -> type[Any]:
        """The frozen dataclass of its parameters."""
        found: type[Any] = getattr(importlib.import_module(self.room), self.parameters_name)
        return found

    @property
    def definitions(self) -> Mapping[str, Definition]:
        """Public name of each parameter -> symbol, meaning, unit, bounds, source."""
        found: Mapping[str, Definition] = importlib.import_module(self.room).DEFINITIONS
        return found

    def make(self, values: Mapping[str, Any]) -> Any:
        """Return parameters from names and values.

        Raises
        ------
        InputError
            If a name is unknown, or the parameters refuse a value.
        """
        known = list(self.definitions)
        for name in values:
            if name not in known:
                raise InputError(
                    f"{self.name} has no parameter {name!r}.{did_you_mean(name, known)} Parameters: {', '.join(known)}."
                )
        return self.parameters(**values)

    def solve(self, parameters: Any, *, throw: bool = True) -> Solution:
        """Solve the model."""
        found: Solution = getattr(importlib.import_module(self.room), self.solver_name)(parameters, throw=throw)
        return found


#: Model by name.
MODELS: Mapping[str, Model] = {
    model.name: model
    for model in (
        Model("melitz-ottaviano-uniform", "tradewinds.firms.uniform", "UniformParameters", "solve_uniform"),
        Model("krugman-widgets", "tradewinds.firms.variety", "WidgetParameters", "solve_widgets"),
        Model("melitz-ottaviano-pareto", "tradewinds.firms.pareto", "ParetoParameters", "solve_pareto"),
        Model("melitz-chaney", "tradewinds.firms.chaney", "ChaneyParameters", "solve_chaney"),
        Model("caliendo-parro", "tradewinds.firms.hat", "HatParameters", "solve_hat"),
    )
}


def solve(parameters: Any, *, throw: bool = True) -> Solution:
    """Solve the model that these parameters belong to.

    Parameters
    ----------
    parameters : object
        Of any model of :data:`MODELS`.
    throw : bool
        Raise if the conditions of the model do not hold at the point found; otherwise return the flagged solution.

    Returns
    -------
    Solution
        Its value is a result with ``tidy()``, ``summary()``, ``plot()`` and ``citation_keys``.

    Raises
    ------
    InputError
        If the parameters belong to no model.
    ConvergenceError
        If ``throw`` and the model did not solve.

    Examples
    --------
    >>> from tradewinds.firms import UniformParameters
    >>> round(solve(UniformParameters(trade_cost=0.5)).value.cost_cutoff, 6)
    0.965239
    """
    return _model_of(parameters).solve(parameters, throw=throw)


def _model_of(parameters: Any) -> Model:
    for model in MODELS.values():
        if type(parameters).__module__.startswith(model.room) and type(parameters).__name__ == model.parameters_name:
            return model
    names = ", ".join(model.parameters_name for model in MODELS.values())
    raise InputError(f"solve takes the parameters of a model ({names}), not {type(parameters).__name__}")


def solve_scenarios(parameters: Any, **values: Iterable[float] | Mapping[str, Any]) -> Scenarios:
    """Solve a model at several values of one parameter.

    Parameters
    ----------
    parameters : object
        Of any model of :data:`MODELS`.
    **values : iterable of float, or mapping
        One parameter by name, with the numbers it takes; or names of scenarios with what the parameter is in each, which may be
        a matrix.

    Raises
    ------
    InputError
        If not exactly one parameter is named, it is unknown, has no values or the same value twice.
    ConvergenceError
        If a scenario did not solve.

    Examples
    --------
    >>> from tradewinds.firms import UniformParameters
    >>> found = solve_scenarios(UniformParameters(), trade_cost=[1.0, 0.5])
    >>> found.table().loc["cost_cutoff"].round(4).to_dict()
    {'trade_cost=1': 1.0, 'trade_cost=0.5': 0.9652}

    Home opens alone, and loses in the long run:

    >>> from tradewinds.firms import ParetoParameters
    >>> costs = {"before": 1.5, "home opens": [[1, 1.5], [1.3, 1]]}
    >>> found = solve_scenarios(ParetoParameters(), trade_cost=costs)
    >>> found.table().loc[("welfare", "home")].round(4).to_dict()
    {'before': 1.4176, 'home opens': 1.4069}
    """
    if len(values) != 1:
        raise InputError(f"solve_scenarios varies one parameter; found {', '.join(values) or 'none'}")
    ((name, given),) = values.items()
    require_option("the parameter to vary", name, list(_model_of(parameters).definitions))
    if isinstance(given, Mapping):
        if not given:
            raise InputError(f"{name} has no scenarios: give at least one name and value")
        solved = [
            with_scenario(solve(parameters.replace(**{name: value})).value, str(scenario))
            for scenario, value in given.items()
        ]
        return Scenarios("scenario", (), tuple(solved))
    try:
        numbers = tuple(float(value) for value in given)
    except (TypeError, ValueError):
        raise InputError(f"{name} must be a list of numbers; found {given!r}") from None
    names = [label(name, value) for value in numbers]
    if not numbers or len(set(names)) < len(names):
        raise InputError(f"{name} must be at least one number and no number twice; found {list(numbers)}")
    results = tuple(
        with_scenario(solve(parameters.replace(**{name: value})).value, scenario)
        for value, scenario in zip(numbers, names, strict=True)
    )
    return Scenarios(name, numbers, results)
