"""Where a model stays as it is, or grows at steady rates: the start of a baseline.

In a steady state the period before, this one and the next are the same; on a balanced-growth path each variable moves by a rate of
its own, so that ``x[t] = x (1 + growth)^t + drift t``. The unknowns are the levels ``x``. They are found in the first period; that
the equations then hold in all others is checked in two distant ones, and an equation that does not is named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.errors import ConvergenceError, InputError
from tradewinds.solvers.perfect_foresight.balanced import BalancedSystem, Given, Rates, by_name, read_given
from tradewinds.solvers.perfect_foresight.damped import Loose, descend, loose
from tradewinds.solvers.perfect_foresight.failure import explain, worst_equations
from tradewinds.solvers.perfect_foresight.homotopy import follow
from tradewinds.solvers.perfect_foresight.inputs import require_settings
from tradewinds.solvers.perfect_foresight.levels import SteadyState, some
from tradewinds.solvers.perfect_foresight.model import Model, require_model
from tradewinds.solvers.perfect_foresight.simulate import compiled
from tradewinds.solvers.solution import Solution, judge

__all__ = ["steady_state"]

Array = NDArray[np.float64]

#: Periods after the first in which a balanced-growth path is checked.
DISTANT = (7, 40)
#: Multiples of the guess, for unknowns that can only be positive, from which the search starts anew.
MULTIPLES = (1.0, 10.0, 0.1, 100.0)
#: How many equations that depend on each other are worth telling where a search failed.
MOST_TOLD = 24
#: Iterations of each solve on the road of a homotopy.
STAGE_ITERATIONS = 25


def steady_state(
    model: Model,
    exogenous: Given | None = None,
    parameters: Mapping[str, ArrayLike] | None = None,
    guess: Given | None = None,
    *,
    growth: Given | None = None,
    drift: Given | None = None,
    fixed: Given | None = None,
    tolerance: float = 1e-10,
    max_iterations: int = 60,
    throw: bool = True,
) -> SteadyState:
    """Solve for the levels at which a model stays as it is, or from which it grows at given rates.

    Parameters
    ----------
    model : Model
    exogenous : mapping
        Levels of every exogenous variable. Here and below by name: one number, one a country, or a mapping from countries.
    parameters : mapping, optional
        Values that differ from the defaults.
    guess : mapping, optional
        Start of the search; one where nothing is given. Another steady state's ``values`` will do.
    growth : mapping, optional
        Growth a period as a fraction, of variables and exogenous variables; zero where nothing is given.
    drift : mapping, optional
        Increase a period as an amount, such as that of a logarithm.
    fixed : mapping, optional
        Levels that are given instead of sought, where equations leave them open. No equation is dropped: all must hold.
    tolerance : float
        Largest residual accepted, relative to the largest term of its equation.
    max_iterations : int
        Of the search from the guess; where it fails, others follow from multiples of it and by homotopy.
    throw : bool
        Raise if it is not solved or not unique; otherwise return the best point, flagged by ``ok``.

    Returns
    -------
    SteadyState

    Raises
    ------
    InputError
        If something given cannot be used; or if the equations leave levels open, with the unknowns that are.
    ConvergenceError
        If no levels are found at which all equations hold, in the first period or in later ones, with the worst equations and the
        values of all that is in them.

    Examples
    --------
    >>> from tradewinds.solvers.perfect_foresight import Model, Variable
    >>> def solow(now, lag, lead, exogenous, parameters):
    ...     return {"capital": now.capital - 0.9 * lag.capital - 0.2 * exogenous.tfp * lag.capital**0.5}
    >>> model = Model(
    ...     "solow",
    ...     countries=["A", "B"],
    ...     variables=[Variable("capital", "capital")],
    ...     exogenous=[Variable("tfp", "productivity")],
    ...     blocks=[solow],
    ... )
    >>> steady_state(model, {"tfp": [1.0, 2.0]}).values["capital"].round(9).tolist()
    [4.0, 16.0]
    """
    require_model(model)
    require_settings(tolerance, max_iterations)
    system, start = _read(model, exogenous, parameters, guess, growth, drift, fixed)
    what = f"{'balanced growth' if _moves(system) else 'steady state'} of model {model.name}"
    # Steps that go too far are tried and taken back; a point that is not finite is judged as such.
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        found, notes = _search(system, start[system.free], tolerance, max_iterations)
        level = system.whole(found.value)
        periods = (0, *DISTANT) if _moves(system) else (0,)
        solution, message = _judged(system, level, periods, found, tolerance, what)
        state = loose(system.linear(found.value))
        gone = system.vanished(found.value, start[system.free]) if solution.ok else np.zeros(0, dtype=np.intp)
    if not solution.ok and throw:
        said = [*notes, *_rank_notes(system, state)]
        raise ConvergenceError(explain(message, said, _worst(system, level, periods, tolerance)), solution)
    names = np.array(model.unknown_labels)[system.free]
    vanished, undetermined = tuple(names[gone].tolist()), tuple(names[list(state.unknowns)].tolist()) if state else ()
    if vanished and throw:
        message = f"{what}: {some(vanished)} went to zero, where the equations hold in the limit only"
        raise ConvergenceError(f"{message}. Start from a better guess; there may be no other", solution)
    if undetermined and throw:
        assert state is not None
        raise InputError(
            f"{what} is not unique: {_open(system, state)}. {_how_to_fix(model, undetermined, state.count)}"
        )
    return replace(_result(system, level, solution, notes), undetermined=undetermined, vanished=vanished)


def _moves(system: BalancedSystem) -> bool:
    return system.rates.any or system.given_rates.any


def _read(
    model: Model,
    exogenous: Given | None,
    parameters: Mapping[str, ArrayLike] | None,
    guess: Given | None,
    growth: Given | None,
    drift: Given | None,
    fixed: Given | None,
) -> tuple[BalancedSystem, Array]:
    """Return the equations and a start, from what a user gives."""
    everything, size = (*model.variables, *model.exogenous), model.size
    rate = read_given(model, everything, growth, "growth", 0.0)
    amount = read_given(model, everything, drift, "drift", 0.0)
    names = model.labels(everything)
    for place in np.flatnonzero(rate <= -1):
        raise InputError(
            f"growth of {names[place]} is {rate[place]:g}; it must be above -1: 0.02 is 2 per cent a period"
        )
    for place in np.flatnonzero((rate != 0) & (amount != 0)):
        raise InputError(f"{names[place]} has both growth and drift; give one of them")
    given = read_given(model, model.exogenous, exogenous, "exogenous", np.nan)
    missing = [names[size + place] for place in np.flatnonzero(np.isnan(given))]
    if missing:
        raise InputError(f"exogenous: the level of {some(missing)} is missing; give exogenous={{name: level}}")
    system = BalancedSystem(
        compiled(model),
        model.read_parameters(parameters),
        Rates(rate[:size], amount[:size]),
        Rates(rate[size:], amount[size:]),
        given,
        read_given(model, model.variables, fixed, "fixed", np.nan),
        np.zeros(size),
    )
    return system, read_given(model, model.variables, guess, "guess", 1.0)


def _search(
    system: BalancedSystem, start: Array, tolerance: float, max_iterations: int
) -> tuple[Solution, tuple[str, ...]]:
    """Solve the first period: from the guess, then from multiples of it, then by way of easier problems."""
    missed, everything = system.residuals(start), np.arange(start.size)

    def attempt(share: float, guess: Array, signed: NDArray[np.bool_] | None, limit: int) -> Solution:
        stage = system if share == 1.0 else replace(system, missed=(1.0 - share) * missed)
        reached = descend(
            stage.residuals, stage.linear, guess, tolerance=tolerance, max_iterations=limit, positive=signed
        )
        return judge(
            reached.point,
            lambda point: stage.scaled_residuals(stage.whole(point)),
            tolerance=tolerance,
            iterations=reached.iterations,
            limit_reached=reached.limit_reached,
            history=reached.history,
        )

    def good(found: Solution) -> bool:
        return found.ok and not system.vanished(found.value, start).size

    tried = [attempt(1.0, start, None, max_iterations)]
    if good(tried[0]) or not np.all(np.isfinite(missed)) or not start.size:
        return tried[0], ()
    signed = np.isin(everything, system.cannot_vanish(start, everything[start > 0]))
    short = min(max_iterations, STAGE_ITERATIONS)
    for multiple in MULTIPLES:
        for mask in (signed, None) if multiple != 1 else (signed,):
            tried.append(attempt(1.0, np.where(signed, multiple * start, start), mask, short))
            if good(tried[-1]):
                note = f"solved from {multiple:g} times the guess, from which it was not"
                return _with_effort(tried[-1], tried), (note,) if multiple != 1 else ()
    found, _ = follow(lambda share, guess: attempt(share, guess, signed, short), start)
    tried.append(found)
    best = min(tried, key=lambda one: (not good(one), not one.ok, one.residual.norm))
    if good(best):
        return _with_effort(best, tried), ("homotopy solved it, which takes out in steps what the guess misses",)
    note = "Newton's method from multiples of the guess, and homotopy from it, did not get further"
    return _with_effort(best, tried), (note,)


def _with_effort(found: Solution, tried: Sequence[Solution]) -> Solution:
    """Return a solution with the iterations of all attempts."""
    return replace(found, iterations=sum(one.iterations for one in tried))


def _judged(
    system: BalancedSystem, level: Array, periods: Sequence[int], found: Solution, tolerance: float, what: str
) -> tuple[Solution, str]:
    """Return the graded solution over all periods that are checked, and what is to be said where it fails."""
    names = system.stacked.model.equation_labels
    try:
        solution = judge(
            level,
            lambda x: np.stack([system.scaled_residuals(x, period) for period in periods]),
            tolerance=tolerance,
            iterations=found.iterations,
            limit_reached=found.status.name == "MAX_ITERATIONS",
            history=found.history,
            names=[name + _when(period) for period in periods for name in names],
            what=what,
            throw=True,
        )
    except ConvergenceError as error:
        if not found.ok:
            return error.solution, str(error)
        broken = [name for name, size in error.solution.residual.worst if not abs(size) <= tolerance]
        rates = _result(system, level, error.solution, ()).rates
        return error.solution, (
            f"{what}: at the rates given equations that hold in the first period do not hold later, {broken[0]} least. "
            f"Rates are given for {some(list(rates))}, all else is taken to stay as it is; "
            "give growth or drift of every variable that moves"
        )
    return solution, ""


def _when(period: int) -> str:
    return f" after {period} periods" if period else ""


def _worst(system: BalancedSystem, level: Array, periods: Sequence[int], tolerance: float) -> list[str]:
    """Return the worst equations of the first period that does not hold, with the values of all that is in them."""
    for period in periods:
        scaled = system.scaled_residuals(level, period)
        if not np.all(np.abs(scaled) <= tolerance):
            now = system.rates.at(level, period)[None]
            worst = worst_equations(system.problem(level, period), now, scaled[None], [period])
            return [f"{item.equation}{_when(period)}: {item.detail}" for item in worst]
    return []


def _rank_notes(system: BalancedSystem, state: Loose | None) -> list[str]:
    """Return what is singular where a search failed."""
    extra = len(system.fixed) - system.free.size
    notes = (
        [f"with {extra} unknowns fixed there are as many equations more than unknowns: all of them must hold"]
        if extra
        else []
    )
    telling = state is not None and len(state.equations) <= MOST_TOLD
    return notes + ([_open(system, state)] if state is not None and telling else [])


def _open(system: BalancedSystem, state: Loose) -> str:
    model = system.stacked.model
    names = [model.unknown_labels[system.free[k]] for k in state.unknowns]
    levels = "one level is" if state.count == 1 else f"{state.count} levels are"
    follows = [model.equation_labels[k] for k in state.equations]
    return f"{levels} left open, in which {some(names)} move; equations that depend on each other: {some(follows)}"


def _how_to_fix(model: Model, names: Sequence[str], count: int) -> str:
    name, _, country = names[0].rstrip("]").partition("[")
    example = f'"{name}": {{"{country}": 1.0}}' if country and len(model.countries) > 1 else f'"{name}": 1.0'
    return (
        f"Fix {'one' if count == 1 else count} of them, such as fixed={{{example}}}, or add what determines the level"
    )


def _result(system: BalancedSystem, level: Array, solution: Solution, notes: tuple[str, ...]) -> SteadyState:
    model = system.stacked.model
    rates: dict[str, tuple[Array, Array]] = {}
    for items, moved in ((model.variables, system.rates), (model.exogenous, system.given_rates)):
        growth, drift = by_name(model, items, moved.growth), by_name(model, items, moved.drift)
        rates |= {name: (growth[name], drift[name]) for name in growth if np.any(growth[name]) or np.any(drift[name])}
    fixed = tuple(label for label, value in zip(model.unknown_labels, system.fixed, strict=True) if np.isfinite(value))
    values, exogenous = by_name(model, model.variables, level), by_name(model, model.exogenous, system.exogenous)
    return SteadyState(model, values, exogenous, system.parameters, rates, fixed, solution, notes)
