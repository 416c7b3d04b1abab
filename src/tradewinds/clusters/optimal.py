r"""When each industry should open: the schedule of dates that is worth most (beyond Hanlon 2012, Section 4).

The paper compares opening at once with waiting, for all industries or for some. Here every industry has a date of its own, which
may be zero or never, and the schedule of highest discounted welfare is searched for: that of home, of foreign, of a weighted
mean of both, or the one on which two countries that can stay closed would agree (Nash's product of gains over autarky).

Welfare is not concave in dates, and jumps where waiting a moment longer lets another industry lead. So the search is wide before it
is fine. All combinations of a few dates are tried in coarse steps, moved about, and the best few are followed exactly and polished:
each industry's date alone, and those of industries that open together. Nothing is assumed to be equal or mirrored. The
result is the best of what was tried. Its exam is another one: the paths of neighbouring schedules, of immediate opening and of
autarky are simulated afresh, and the residual is by how much the best of them is better.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.income_profile import IncomeProfile, income_profile, log_equivalent_consumption
from tradewinds.clusters.optimal_result import OptimalOpening
from tradewinds.clusters.parameters import ClusterParameters
from tradewinds.clusters.policies import simulate
from tradewinds.clusters.schedule_value import Objective, ScheduleValue, utility_over
from tradewinds.clusters.screening import screen
from tradewinds.clusters.welfare import check_welfare, discounted_welfare, welfare_horizon
from tradewinds.errors import InputError, require_option
from tradewinds.solvers import Solution, judge

__all__ = ["OBJECTIVES", "optimal_opening"]

Array = NDArray[np.float64]

#: Whose welfare is maximised.
OBJECTIVES: tuple[str, ...] = ("home", "foreign", "weighted", "nash")

#: Most by which a schedule nearby may be better, in the log of consumption.
TOLERANCE = 1e-5

_MOST_COMBINATIONS = 700  # of dates by industry, and as many of one common date
_STARTS, _ROUNDS = 8, 6  # that are moved about in coarse steps, and how often
_REFINED, _FINE_ROUNDS = 4, 25  # the same in finer steps
_FINEST = 1.5e-7  # of the scale of time: the last change of dates
_SNAP = 1e-8  # loss of score for which dates that are nearly equal are made equal


def optimal_opening(
    parameters: ClusterParameters,
    *,
    discount_rate: float,
    objective: str = "weighted",
    home_weight: float = 0.5,
    risk_aversion: float = 1.0,
    horizon: float = np.inf,
    start_at: Sequence[Sequence[float]] = (),
    seed: int = 0,
    throw: bool = True,
) -> Solution:
    """Search for the dates at which industries should open.

    Parameters
    ----------
    discount_rate : float
        Above 0, unless the horizon is finite.
    objective : {"home", "foreign", "weighted", "nash"}
        ``nash`` maximises the product of both countries' gains in utility over autarky.
    home_weight : float
        Of home's utility per worker under ``weighted``, 0 to 1.
    risk_aversion, horizon
        As for :func:`~tradewinds.clusters.discounted_welfare`.
    start_at : sequence of n dates each, optional
        Schedules that are tried too.
    seed : int
        Of the draw of combinations, where there are more than can be tried.

    Returns
    -------
    Solution
        Its value is an :class:`OptimalOpening`. The residual is by how much schedules near it, immediate opening and autarky
        are better, in the log of consumption, each simulated afresh; zero where none is.

    Raises
    ------
    InputError
        If an option is unknown or utility diverges.
    ConvergenceError
        If ``throw`` and a schedule nearby is better.

    Examples
    --------
    Figure 6 of the paper at a discount rate of 5 per cent: industries 1 and 4 open at once, the others wait until that builds
    clusters; opening all at once would give up a seventh of consumption.

    >>> from tradewinds.clusters import paper_economy
    >>> found = optimal_opening(paper_economy(6), discount_rate=0.05, objective="nash").value
    >>> found.open_at.round(2).tolist(), [f"{loss:.1%}" for loss in found.loss_from_immediate]
    ([0.0, 7.35, 7.35, 0.0], ['14.4%', '14.4%'])
    """
    require_option("objective", objective, OBJECTIVES)
    check_welfare(discount_rate, risk_aversion, horizon)
    if not 0 <= home_weight <= 1:
        raise InputError(f"home_weight is {home_weight!r}; it must be between 0 and 1")
    value = schedule_value(parameters, discount_rate, risk_aversion, horizon)
    n = parameters.industries
    goal = Objective(objective, home_weight, risk_aversion, value(np.full(n, np.inf)))
    search = _Search(value, goal, np.random.default_rng(seed))
    best, others = search.run([_start(dates, n) for dates in start_at])
    return _judged(search, best, others, throw)


def schedule_value(
    parameters: ClusterParameters, discount_rate: float, risk_aversion: float, horizon: float
) -> ScheduleValue:
    """Return what values schedules of an economy."""
    simulated = horizon
    if np.isinf(horizon):
        simulated = welfare_horizon(parameters, discount_rate, risk_aversion=risk_aversion, tolerance=1e-8)
    start = np.log(simulate(parameters, policy="autarky", horizon=1.0).value.real_income_per_worker(np.zeros(1))).mean()
    return ScheduleValue(parameters, discount_rate, risk_aversion, horizon, float(simulated), float(start))


def _start(dates: Sequence[float], n: int) -> Array:
    array = np.asarray(dates, dtype=float)
    if array.shape != (n,) or not np.all(array >= 0):
        raise InputError(f"start_at has {dates!r}; each must be {n} dates, at least 0, one an industry (inf is never)")
    return array


class _Search:
    """Wide, then fine."""

    def __init__(self, value: ScheduleValue, goal: Objective, random: np.random.Generator) -> None:
        self.value, self.goal, self.random = value, goal, random
        self.screened = 0
        last = value.simulated
        rate = max(value.discount_rate, 2 / last)
        #: Dates at which a part of the weight of the future is past; the scale of time in this economy.
        n = value.parameters.industries
        self.options = max(int(_MOST_COMBINATIONS ** (1 / n) + 1e-9) - 2, 1)
        self.rate = rate
        self.dates = self._dates(min(self.options, 12))
        self.scale = min(1 / rate, last)
        bases = (np.geomspace(0.05 * self.scale, last, count) for count in (20, 40))
        self.coarse, self.fine = (np.unique(np.concatenate([[0.0], base, [last]])) for base in bases)

    def score(self, open_at: Array) -> float:
        """Return the exact score of a schedule."""
        return float(self.goal.score(self.value(open_at)))

    def screened_scores(self, open_at: Array, base: Array) -> Array:
        """Return scores of many schedules in the steps of a base."""
        self.screened += len(open_at)
        return self.goal.score(screen(self.value, open_at, base))

    def run(self, starts: list[Array]) -> tuple[Array, list[tuple[Array, float]]]:
        """Return the best schedule, and others that are local optima of their own, with their scores."""
        n = self.value.parameters.industries
        plain = [np.zeros(n), np.full(n, np.inf), *starts]
        wide = np.unique(np.array([*plain, *self._combinations()]), axis=0)
        scores = self.screened_scores(wide, self.coarse)
        leading = list(wide[np.argsort(-scores, kind="stable")[: 20 * _STARTS]])
        current = np.array(_distinct(leading, 0.1 * self.scale)[:_STARTS])
        moved = self._moved(current, self.coarse, 0.3, _ROUNDS)
        fine = self.screened_scores(moved, self.fine)
        order = np.argsort(-fine, kind="stable")
        kept = np.array(_distinct(list(moved[order]), 0.01 * self.scale)[:_REFINED])
        refined = list(self._moved(kept, self.fine, 0.03, _FINE_ROUNDS))
        ranked = sorted([*refined, *plain], key=lambda dates: -self.score(dates))
        best = self._polished(ranked[0])
        top = self.score(best)
        near = [self._polished(dates) for dates in ranked[1:] if top - self.score(dates) < 30 * TOLERANCE]
        others = _distinct([best, *sorted(near, key=lambda dates: -self.score(dates))], 0.01 * self.scale)
        best = max(others, key=self.score)
        return best, [(dates, self.score(dates)) for dates in others if dates is not best]

    def _dates(self, count: int) -> Array:
        """Return dates at which equal parts of the weight of the future are past."""
        return np.asarray(-np.log(1 - (np.arange(count) + 0.5) / (count + 0.1)) / self.rate)

    def _combinations(self) -> Iterator[Array]:
        """Yield all combinations of a few dates, and more dates that all who wait have in common; drawn if too many."""
        n = self.value.parameters.industries
        options = np.array([0.0, *self._dates(self.options), np.inf])
        if len(options) ** n <= 2 * _MOST_COMBINATIONS:
            yield from map(np.array, itertools.product(options, repeat=n))
        else:
            yield from options[self.random.integers(0, len(options), (_MOST_COMBINATIONS, n))]
        groups = 3**n - 2**n
        common = self._dates(max(min(_MOST_COMBINATIONS // groups, 40), 5))
        if groups * len(common) <= 2 * _MOST_COMBINATIONS:
            for date in common:
                yield from map(np.array, itertools.product([0.0, date, np.inf], repeat=n))
            return
        for date in self.random.choice(common, _MOST_COMBINATIONS):
            yield np.array([0.0, date, np.inf])[self.random.integers(0, 3, n)]

    def _moved(self, current: Array, base: Array, first: float, rounds: int) -> Array:
        """Return schedules that were moved about while that improved them, all at once in the steps of a base."""
        current, step = current.copy(), np.full(len(current), first)
        best = self.screened_scores(current, base)
        for count in range(rounds):
            if step.max() < 1e-5:
                break
            offers = [
                list(_moves(dates, h * self.scale, self.dates, everywhere=count < 2))
                for dates, h in zip(current, step, strict=True)
            ]
            cuts = np.cumsum([len(each) for each in offers])[:-1]
            values = np.split(self.screened_scores(np.concatenate(offers), base), cuts)
            for k, (offer, value) in enumerate(zip(offers, values, strict=True)):
                top = int(np.argmax(value))
                if value[top] > best[k] + 1e-12:
                    current[k], best[k] = offer[top], value[top]
                else:
                    step[k] /= 3
        return current

    def _polished(self, dates: Array) -> Array:
        """Return a schedule that no small move of one date, or of industries that open together, improves; exact."""
        polished = self._climbed(dates, 1e-3, 1e-5)
        snapped = self._snapped(polished, self.score(polished))
        return self._climbed(snapped, 1e-4, _FINEST)  # dates that are now equal move together

    def _climbed(self, dates: Array, step: float, finest: float) -> Array:
        best = self.score(dates)
        while step >= finest:
            for offer in _moves(dates, step * self.scale, (), everywhere=False):
                score = self.score(offer)
                if score > best + 1e-11:
                    dates, best = offer, score
                    break
            else:
                step /= 5
        return dates

    def _snapped(self, dates: Array, best: float) -> Array:
        """Return the schedule with dates that are nearly equal made equal, and those near zero zero, if that costs nothing."""
        for low, high in itertools.pairwise(sorted({0.0, *dates[np.isfinite(dates)].tolist()})):
            if high - low < 5e-3 * self.scale:
                for to in (high, low) if low > 0 else (low,):
                    offer = np.where((dates == low) | (dates == high), to, dates)
                    if self.score(offer) >= best - _SNAP:
                        dates = offer
                        break
        return dates


def _moves(dates: Array, step: float, typical: Sequence[float] | Array, everywhere: bool = True) -> Iterator[Array]:
    """Yield schedules near one: groups that open together and single industries a step earlier and later.

    And, if ``everywhere``, single industries at once, never, with others, or at typical dates.
    """
    finite = sorted({date for date in dates.tolist() if np.isfinite(date)})
    for date in finite:
        for by in (-step, step):
            group = dates == date
            if date + by > 0 or date > 0:
                yield np.where(group, max(date + by, 0.0), dates)
    for i in range(len(dates)):
        alone = (dates == dates[i]).sum() == 1
        near = (
            []
            if alone or np.isinf(dates[i])
            else [dates[i] + step, *([max(dates[i] - step, 0.0)] if dates[i] > 0 else [])]
        )
        far = {0.0, np.inf, *finite, *typical} - {float(dates[i])} if everywhere else set()
        for date in [*near, *sorted(far)]:
            moved = dates.copy()
            moved[i] = date
            yield moved


def _distinct(schedules: Sequence[Array], distance: float) -> list[Array]:
    """Return schedules that differ by more than a distance in some date from all before them."""
    kept: list[Array] = []
    for dates in schedules:
        if not any(_close(dates, other, distance) for other in kept):
            kept.append(dates)
    return kept


def _close(one: Array, other: Array, distance: float) -> bool:
    both = np.isinf(one) & np.isinf(other)
    with np.errstate(invalid="ignore"):
        return bool(np.all(both | (np.abs(one - other) <= distance)))


def _judged(search: _Search, best: Array, others: list[tuple[Array, float]], throw: bool) -> Solution:
    """Return the result, graded by schedules near it that are simulated afresh."""
    value, goal = search.value, search.goal
    span = value.simulated
    step = 1e-3 * search.scale
    n = len(best)
    neighbours = {"immediate opening": np.zeros(n), "autarky": np.full(n, np.inf)}
    neighbours |= {f"dates {_named(dates)}": dates for dates in _moves(best, step, (), everywhere=False)}

    def path(dates: Array) -> Solution:
        if not np.isfinite(dates).any():
            return simulate(value.parameters, policy="autarky", horizon=span)
        return simulate(value.parameters, policy="schedule", open_at=dates, horizon=span)

    def fresh(dates: Array) -> float:
        profile = income_profile(path(dates), highest_rate=max(abs(value.discount_rate), 1e-3))
        return float(goal.score(_average_utility(profile, value)))

    chosen = path(best)
    worth = [
        discounted_welfare(
            each,
            discount_rate=value.discount_rate,
            risk_aversion=value.risk_aversion,
            horizon=value.horizon,
            tolerance=1e-7,
        )
        for each in (chosen, path(np.zeros(n)), path(np.full(n, np.inf)))
    ]
    top = search.score(best)
    result = OptimalOpening(
        parameters=value.parameters,
        objective=goal.kind,
        home_weight=goal.home_weight,
        open_at=best,
        score=top,
        welfare=worth[0],
        immediate=worth[1],
        autarky=worth[2],
        path=chosen.value,
        alternatives=tuple((dates, score) for dates, score in others if top - score <= TOLERANCE),
        indifferent=tuple(i + 1 for i in range(n) if _does_not_matter(search, best, i, top)),
        screened=search.screened,
        evaluations=value.evaluations,
    )
    mine = fresh(best)
    return judge(
        result,
        lambda _: np.array([max(fresh(dates) - mine, 0.0) for dates in neighbours.values()]),
        tolerance=TOLERANCE,
        iterations=value.evaluations,
        names=list(neighbours),
        what="the search for the best schedule of opening",
        throw=throw,
    )


def _average_utility(profile: IncomeProfile, value: ScheduleValue) -> Array:
    log_equivalent = log_equivalent_consumption(profile, value.discount_rate, value.risk_aversion, value.horizon)
    return utility_over(log_equivalent - value.reference, value.risk_aversion)


def _does_not_matter(search: _Search, best: Array, industry: int, top: float) -> bool:
    """Return whether any date of an industry is as good: at once, at typical dates, never."""
    for date in (0.0, *search.dates, np.inf):
        moved = best.copy()
        moved[industry] = date
        if top - search.score(moved) > 1e-9:
            return False
    return True


def _named(dates: Array) -> str:
    return ", ".join(f"{date:.6g}" for date in dates)
