"""Put the shock through every model: points, then what decides signs, then ranges."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future
from typing import Any

from threadpoolctl import threadpool_limits

from tradewinds.compare.lines import Line
from tradewinds.compare.members import BESIDE, SLOW, SLOW_SWEEPS, Member, default_members, find_members, run_member
from tradewinds.compare.results import Comparison, key_text
from tradewinds.compare.shock import TradeShock, require_facts
from tradewinds.compare.signs import Deciding, turning_points
from tradewinds.ensembles import Ensemble, Interval, run_ensemble
from tradewinds.errors import InputError, TradewindsError, did_you_mean, require_option
from tradewinds.growth import Facts, mechanisms

__all__ = ["DEFAULT_SHOCK", "FACTS", "SWEEPS", "compare", "require_parameters"]

#: What Perla, Tonetti and Waugh (2021) cut trade costs by: a tenth of the cost beyond one takes the home share from .8937 to this.
DEFAULT_SHOCK = TradeShock(home_share=0.8556)

#: Facts that may have an interval.
FACTS = ("growth", "home_share", "trade_elasticity", "interest_rate")

#: Which mechanisms are swept for signs: those that take seconds, all, or none.
SWEEPS = ("fast", "all", "none")

Given = Mapping[str, Mapping[str, float]]


def compare(
    shock: TradeShock | None = None,
    facts: Facts | None = None,
    *,
    members: Sequence[str] | None = None,
    parameters: Given | None = None,
    intervals: Mapping[str, Interval] | None = None,
    parameter_intervals: Mapping[str, Mapping[str, Interval]] | None = None,
    draws: int = 0,
    seed: int = 1,
    coverage: float = 0.9,
    slow_ranges: bool = False,
    sweeps: str = "none",
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Put one liberalisation through every mechanism, and through the models that stand beside them.

    Parameters
    ----------
    shock : TradeShock, optional
        Default: the home share falls to 0.8556.
    facts : Facts, optional
        What every model is calibrated to.
    members : sequence of str, optional
        Names, or ``name: variant``; default: every model, in the variants that answer the shock differently.
    parameters : mapping of name to mapping, optional
        Parameters of a mechanism to hold while the rest is calibrated.
    intervals : mapping of fact to Interval, optional
        Facts that are drawn, the same for every model; the shock keeps its proportion.
    parameter_intervals : mapping of name to mapping of parameter to Interval, optional
        Parameters of one mechanism that are drawn; each draw is calibrated anew.
    draws, seed : int
        Draws of each model; none without intervals.
    coverage : float
        Share of draws inside the ranges reported.
    slow_ranges : bool
        Whether models of which a run takes seconds get ranges too.
    sweeps : {"none", "fast", "all"}
        Which mechanisms are swept for the parameter that decides the sign of the effect on growth.
    executor : concurrent.futures.Executor, optional
        Results do not depend on it.
    progress : callable, optional
        Called with units of work done and wanted.

    Returns
    -------
    Comparison
        A model that cannot have the facts or the shock stands in it, with the reason.

    Raises
    ------
    InputError
        If facts, shock, names or intervals cannot be used.

    Examples
    --------
    >>> found = compare(members=["acr", "sampson", "quality-ladders: international"])
    >>> print(found.summary())
    home share 0.8937 to 0.8556
    acr: no growth, static +0.88, total +0.88 per cent
    sampson: dynamic-selection: growth +0.031 points, static +0.88, total +4.17 per cent
    quality-ladders: international: growth +0.051 points, static +0.63, total +2.23 per cent
    """
    shock, facts = shock or DEFAULT_SHOCK, require_facts(facts or Facts())
    chosen = default_members() if members is None else find_members(members)
    given = {name: dict(values) for name, values in (parameters or {}).items()}
    drawn = _check_intervals(intervals or {}, parameter_intervals or {}, chosen, given, draws)
    require_option("sweeps", sweeps, SWEEPS)
    if not 0 < coverage <= 1:
        raise InputError(f"coverage is {coverage!r}; it must lie in (0, 1]")
    job = _Job(facts, shock, given, executor, progress)
    swept = [m for m in chosen if m.kind == "mechanism" and (sweeps == "all" or m.name not in SLOW_SWEEPS)]
    ranged = [m for m in chosen if slow_ranges or m.label not in SLOW]
    job.wanted = len(chosen) + (len(swept) if sweeps != "none" else 0) + (len(ranged) if draws and drawn else 0)
    found = job.lines(chosen)
    deciding = job.signs(chosen, swept) if sweeps != "none" else ()
    ensembles: dict[str, Ensemble] = {}
    if draws and drawn:
        for member in ranged:
            ensembles[member.label] = job.ensemble(member, drawn, draws, seed)
    lines = tuple(item() for item in found)
    solved = {line.label for line in lines if not line.failure}
    kept = {label: ensemble for label, ensemble in ensembles.items() if label in solved or ensemble.variables}
    return Comparison(facts, shock, lines, drawn if draws else {}, kept, deciding, coverage)


class _Job:
    """The work, with or without an executor."""

    def __init__(
        self,
        facts: Facts,
        shock: TradeShock,
        given: Given,
        executor: Executor | None,
        progress: Callable[[int, int], None] | None,
    ) -> None:
        self.facts, self.shock, self.given = facts, shock, given
        self.executor, self.progress = executor, progress
        self.done, self.wanted = 0, 0

    def _tell(self, *_: object) -> None:
        self.done += 1
        if self.progress is not None:
            self.progress(self.done, self.wanted)

    def _of(self, member: Member) -> Mapping[str, float]:
        return self.given.get(member.name, {})

    def _call(self, function: Callable[..., Any], *arguments: Any) -> Callable[[], Any]:
        """Return what waits for a result: work begins at once where there is an executor."""
        if self.executor is None:
            value = function(*arguments)
            self._tell()
            return lambda: value
        future: Future[Any] = self.executor.submit(function, *arguments)

        def wait() -> Any:
            value = future.result()
            self._tell()
            return value

        return functools.cache(wait)

    def lines(self, members: Sequence[Member]) -> list[Callable[[], Line]]:
        """Begin the lines, slow ones first, and return them in the order asked for."""
        slow_first = sorted(members, key=lambda member: member.label not in SLOW and member.name != "clusters")
        begun = {
            member: self._call(run_member, member, self.facts, self.shock, self._of(member)) for member in slow_first
        }
        return [begun[member] for member in members]

    def signs(self, members: Sequence[Member], swept: Sequence[Member]) -> tuple[Deciding, ...]:
        """Return what decides signs."""
        begun = {member: self._call(_decide, member, self.facts, self.shock, self._of(member)) for member in swept}
        late = 'one solve takes too long for hundreds of them; sweeps = "all" does it'
        return tuple(
            begun[member]() if member in begun else Deciding(member, 0, 0, reason=late)
            for member in members
            if member.kind == "mechanism"
        )

    def ensemble(self, member: Member, drawn: Mapping[str, Interval], draws: int, seed: int) -> Ensemble:
        """Return a model at draws of the facts and of its own parameters."""
        own = {name: box for name, box in drawn.items() if name in FACTS or name.startswith(f"{member.name}.")}
        function = functools.partial(_numbers, member, self.facts, self.shock, self._of(member))
        found = run_ensemble(function, own, draws, seed=seed, executor=self.executor)
        self._tell()
        return found


def _decide(member: Member, facts: Facts, shock: TradeShock, given: Mapping[str, float]) -> Deciding:
    """Return what decides the sign of a mechanism; where it cannot be run, the reason."""
    try:
        with threadpool_limits(limits=1, user_api="blas"):
            return turning_points(member, facts, shock, given)
    except TradewindsError as error:
        return Deciding(member, 0, 0, reason=str(error))


def _numbers(
    member: Member, facts: Facts, shock: TradeShock, given: Mapping[str, float], values: Mapping[str, float]
) -> Mapping[str, float]:
    """Return the numbers of a line at one draw, by key."""
    changes: dict[str, Any] = {name: value for name, value in values.items() if name in FACTS}
    held = dict(given) | {name.split(".", 1)[1]: value for name, value in values.items() if name not in FACTS}
    try:
        moved = require_facts(dataclasses.replace(facts, **changes))
    except InputError as error:
        raise InputError(_alike(str(error))) from error
    line = run_member(member, moved, shock.moved(facts, moved), held)
    if line.failure:
        raise InputError(_alike(line.failure))
    return {key_text(key): value for key, value in line.values.items()}


def _alike(message: str) -> str:
    """Return a message without its numbers, so that draws which fail for one reason are counted together."""
    import re

    message = message.partition(" Largest residual")[0]  # where it was largest differs from draw to draw
    return re.sub(r"\d+\.\d+(e[+-]?\d+)?", "#", message)


def _check_intervals(
    facts: Mapping[str, Interval],
    parameters: Mapping[str, Mapping[str, Interval]],
    members: Sequence[Member],
    given: Given,
    draws: int,
) -> dict[str, Interval]:
    """Return all intervals by name, parameters as ``mechanism.parameter``; raise InputError where one cannot be drawn."""
    for name in facts:
        if name not in FACTS:
            raise InputError(f"there is no fact {name!r} to draw.{did_you_mean(name, FACTS)} Facts: {', '.join(FACTS)}")
    drawn = dict(facts)
    for names in (parameters, given):
        for name, values in names.items():
            require_parameters(name, values, members)
    for name, boxes in parameters.items():
        drawn |= {f"{name}.{parameter}": box for parameter, box in boxes.items()}
    if draws and not drawn:
        raise InputError(f"{draws} draws, and no interval to draw from; give one, such as trade_elasticity = [4, 6]")
    return drawn


def require_parameters(name: str, parameters: Iterable[str], members: Sequence[Member]) -> None:
    """Raise InputError unless a model is compared and has the parameters."""
    named = {member.name for member in members}
    if name not in named:
        raise InputError(
            f"there is no {name!r} in the comparison.{did_you_mean(name, named)} Compared: {', '.join(sorted(named))}"
        )
    for parameter in parameters:
        if name in BESIDE:
            continue  # its adapter knows which it takes
        known = mechanisms[name].definitions
        if parameter not in known:
            raise InputError(
                f"{name} has no parameter {parameter!r}.{did_you_mean(parameter, known)} Parameters: {', '.join(known)}"
            )
