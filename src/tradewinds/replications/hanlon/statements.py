"""What the paper says about Figures 2 to 8, each statement as a question to the solved paths.

A statement that holds counts 1, one that does not 0; a growth rate that the paper states as zero is a number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters import (
    ClusterParameters,
    cluster_change,
    effects_of_opening,
    paper_economy,
    solve_autarky,
    solve_trade,
)
from tradewinds.replications.hanlon.worlds import HORIZON, SIGMAS, World, times

__all__ = ["STATEMENTS", "Statement", "judge_statements", "overtaking"]

Array = NDArray[np.float64]
#: A question to the solved paths, answered by yes or no or by a number.
Test = Callable[[World], bool | np.bool_ | float]

#: Comparisons of incomes allow for the error of a path.
_SAME = 1e-7


@dataclass(frozen=True)
class Statement:
    """A statement of the paper.

    Attributes
    ----------
    exhibit, row : str
        Where it stands, and what it says in our words.
    test : callable
        Gives 1 or 0, or the number.
    """

    exhibit: str
    row: str
    test: Test


def judge_statements(worlds: Mapping[str, World]) -> dict[tuple[str, str, str], float]:
    """Return what each statement comes to, by exhibit, row and elasticity."""
    return {
        (item.exhibit, item.row, column): float(item.test(worlds[column])) for item in STATEMENTS for column in SIGMAS
    }


def overtaking(world: World, figure: int) -> float:
    """Return the first date compared at which autarky's income is above that of trade; infinite if there is none."""
    ahead = np.flatnonzero(world.income(figure, "autarky")[0] > world.income(figure, "trade")[0])
    return float(times()[ahead[0]]) if len(ahead) else np.inf


def growth(income: Array) -> Array:
    """Return growth between the dates that are compared, per unit of time."""
    return np.asarray(np.diff(np.log(income), axis=-1) / np.diff(times()))


# --- questions that several figures are asked ---


def _static_gain(figure: int) -> Test:
    return lambda world: np.all(
        world.income(figure, "trade", np.zeros(1)) > world.income(figure, "autarky", np.zeros(1))
    )


def _same_income(figure: int) -> Test:
    def test(world: World) -> bool | np.bool_:
        home, foreign = world.income(figure, "trade")
        return np.allclose(home, foreign, rtol=_SAME, atol=0)

    return test


def _grows_faster(figure: int, country: int | None = None) -> Test:
    """Ask whether income grows faster with trade than without between all dates compared (both countries if none is named)."""

    def test(world: World) -> bool | np.bool_:
        faster = growth(world.income(figure, "trade")) > growth(world.income(figure, "autarky"))
        return np.all(faster if country is None else faster[country])

    return test


def _rises_by_more(figure: int, country: int = 0) -> Test:
    """Ask whether income rises by more units between all dates compared: the slope of the line in the figure."""

    def test(world: World) -> bool | np.bool_:
        opened, closed = (world.income(figure, policy)[country] for policy in ("trade", "autarky"))
        return np.all(np.diff(opened) > np.diff(closed))

    return test


def _faster_at_first(figure: int, country: int | None = None, sign: int = 1) -> Test:
    """Ask whether growth of income at the moment of opening is above that of autarky, or below it if the sign is negative."""

    def test(world: World) -> bool | np.bool_:
        change = sign * effects_of_opening(paper_economy(figure, world.sigma)).change_in_growth
        return np.all((change if country is None else change[country]) > 0)

    return test


def _higher_always(figure: int, policy: str, other: str) -> Test:
    def test(world: World) -> bool | np.bool_:
        return np.all(world.income(figure, policy) >= world.income(figure, other) * (1 - _SAME))

    return test


def _builds(figure: int, sign: int) -> Test:
    """Ask whether opening changes contact between related industries by this sign, in both countries."""

    def test(world: World) -> bool | np.bool_:
        economy = paper_economy(figure, world.sigma)
        change = cluster_change(solve_autarky(economy).value, solve_trade(economy).value)
        return np.all(sign * change > 0)

    return test


def _migration_changes_nothing(figure: int) -> Test:
    def test(world: World) -> bool | np.bool_:
        moved, stayed = (world.income_per_worker(figure, policy) for policy in ("free_migration", "trade"))
        return np.allclose(moved, stayed, rtol=_SAME, atol=0)

    return test


# --- Section 3.1 ---


def _exception_of_footnote_10(world: World) -> bool | np.bool_:
    """Ask whether learning does not rise where only the shared industry teaches, and each country is best at another."""
    economy = ClusterParameters(
        technology=np.array([[4.0, 2.0, 1.0], [1.0, 2.0, 4.0]]), sigma=world.sigma, spillovers=np.diag([0.0, 0.2, 0.0])
    )
    closed, opened = solve_autarky(economy).value, solve_trade(economy).value
    return opened.shared == (2,) and np.all(opened.employment[:, 1] <= closed.employment[:, 1])


# --- Section 3.2 ---


def _growth_destroyed(world: World) -> float:
    return float(np.abs(growth(world.income(4, "trade"))).max())


def _overtaken(world: World) -> bool | np.bool_:
    return overtaking(world, 4) < HORIZON


# --- Section 3.3 ---


def _foreign_stands_still(world: World) -> bool | np.bool_:
    path = world.paths[5, "trade"]
    return np.array_equal(path.technology_at(HORIZON)[1], path.technology_at(0.0)[1])


def _foreign_still_grows(world: World) -> bool | np.bool_:
    return np.all(growth(world.income(5, "trade"))[1] > 0)


def _foreign_slower_always(world: World) -> bool | np.bool_:
    return np.all(growth(world.income(5, "trade"))[1] < growth(world.income(5, "autarky"))[1])


def _overall(country: int, sign: int) -> Test:
    def test(world: World) -> bool | np.bool_:
        opened, closed = (world.income(5, policy)[country] for policy in ("trade", "autarky"))
        return sign * (np.log(opened[-1] / opened[0]) - np.log(closed[-1] / closed[0])) > 0

    return test


# --- Section 4 ---


def _opening(world: World, figure: int, policy: str) -> float:
    """Return when clusters are built; infinite if they are not."""
    return next((e.time for e in world.paths[figure, policy].events if e.event == "cluster_building"), np.inf)


def _whole_clusters_after(figure: int) -> Test:
    """Ask whether home makes industries 1 and 3 if trade opens at once, and 1 and 2 after the delay."""

    def test(world: World) -> bool | np.bool_:
        at_once = world.paths[figure, "trade"].equilibrium_at(0.0).industries_of("home")
        late = world.paths[figure, "delayed"].equilibrium_at(HORIZON).industries_of("home")
        return at_once == (1, 3) and late == (1, 2)

    return test


def _grows_faster_once_open(figure: int) -> Test:
    def test(world: World) -> bool | np.bool_:
        late = times()[:-1] > _opening(world, figure, "delayed")
        faster = growth(world.income(figure, "delayed")) > growth(world.income(figure, "trade"))
        return late.any() and np.all(faster[:, late])

    return test


def _ends_above(figure: int, policy: str) -> Test:
    """Ask whether both end above immediate opening, so that a patient world prefers to wait."""
    return lambda world: np.all(
        world.income(figure, policy)[:, -1] > (1 + _SAME) * world.income(figure, "trade")[:, -1]
    )


def _sooner(figure: int) -> Test:
    return lambda world: _opening(world, figure, "gradual") < _opening(world, figure, "delayed") < np.inf


def _same_tables(world: World) -> bool | np.bool_:
    return np.array_equal(paper_economy(6, world.sigma).technology, paper_economy(7, world.sigma).technology)


# --- Section 5 ---


def _no_move_at_first(world: World) -> bool | np.bool_:
    population = world.paths[8, "free_migration"].equilibrium_at(0.0).labour
    return np.allclose(population, 1.0, rtol=0, atol=1e-12)


def _home_population(world: World) -> Array:
    return world.paths[8, "free_migration"].labour(times())[0]


def _moves_home(world: World) -> bool | np.bool_:
    return np.all(np.diff(_home_population(world)) > 0)


def _equal_incomes(world: World) -> bool | np.bool_:
    home, foreign = world.income_per_worker(8, "free_migration")
    return np.allclose(home, foreign, rtol=_SAME, atol=0)


STATEMENTS: tuple[Statement, ...] = (
    Statement("Section 3.1", "Figure 2: both economies have the same income", _same_income(2)),
    Statement("Section 3.1", "Figure 2: trade has a static gain", _static_gain(2)),
    Statement("Section 3.1", "Figure 2: income grows faster when trade opens", _faster_at_first(2)),
    Statement("Section 3.1", "Figure 2: income grows faster with trade, at every date", _grows_faster(2)),
    Statement("Section 3.1", "Figure 2: income rises by more with trade, at every date", _rises_by_more(2)),
    Statement("Section 3.1", "Figure 2: income is never lower with trade", _higher_always(2, "trade", "autarky")),
    Statement("Section 3.1", "Footnote 10: a shared industry that alone teaches", _exception_of_footnote_10),
    Statement("Section 3.2", "Figure 3: trade builds clusters", _builds(3, 1)),
    Statement("Section 3.2", "Figure 3: both economies have the same income", _same_income(3)),
    Statement("Section 3.2", "Figure 3: trade has a static gain", _static_gain(3)),
    Statement("Section 3.2", "Figure 3: income grows faster when trade opens", _faster_at_first(3)),
    Statement("Section 3.2", "Figure 3: income grows faster with trade, at every date", _grows_faster(3)),
    Statement("Section 3.2", "Figure 3: income rises by more with trade, at every date", _rises_by_more(3)),
    Statement("Section 3.2", "Figure 4: trade destroys clusters", _builds(4, -1)),
    Statement("Section 3.2", "Figure 4: both economies have the same income", _same_income(4)),
    Statement("Section 3.2", "Figure 4: trade has a static gain", _static_gain(4)),
    Statement("Section 3.2", "Figure 4: growth with trade", _growth_destroyed),
    Statement("Section 3.2", "Figure 4: autarky overtakes trade", _overtaken),
    Statement("Section 3.3", "Figure 5: trade has a static gain for both", _static_gain(5)),
    Statement("Section 3.3", "Figure 5: technology of foreign stands still", _foreign_stands_still),
    Statement("Section 3.3", "Figure 5: income of foreign grows all the same", _foreign_still_grows),
    Statement("Section 3.3", "Figure 5: foreign grows more slowly when trade opens", _faster_at_first(5, 1, -1)),
    Statement("Section 3.3", "Figure 5: foreign grows more slowly than in autarky, overall", _overall(1, -1)),
    Statement(
        "Section 3.3", "Figure 5: foreign grows more slowly than in autarky, at every date", _foreign_slower_always
    ),
    Statement("Section 3.3", "Figure 5: home grows faster when trade opens", _faster_at_first(5, 0)),
    Statement("Section 3.3", "Figure 5: home grows faster than in autarky, overall", _overall(0, 1)),
    Statement("Section 3.3", "Figure 5: home's income rises by more than in autarky, at every date", _rises_by_more(5)),
    Statement("Section 4", "Figure 6: trade at once destroys clusters", _builds(6, -1)),
    Statement("Section 4", "Figure 6: after the delay each country makes a whole cluster", _whole_clusters_after(6)),
    Statement("Section 4", "Figure 6: growth is higher once open after the delay", _grows_faster_once_open(6)),
    Statement("Section 4", "Figure 6: waiting ends above opening at once, for both", _ends_above(6, "delayed")),
    Statement("Section 4", "Figure 7: the economy is that of Figure 6", _same_tables),
    Statement("Section 4", "Figure 7: trade at once destroys clusters", _builds(7, -1)),
    Statement("Section 4", "Figure 7: opening 1 and 4 first shortens the delay", _sooner(7)),
    Statement(
        "Section 4", "Figure 7: gradual opening is never below the delay", _higher_always(7, "gradual", "delayed")
    ),
    Statement("Section 4", "Figure 7: gradual opening ends above opening at once", _ends_above(7, "gradual")),
    Statement("Section 5", "Figure 2: migration changes nothing", _migration_changes_nothing(2)),
    Statement("Section 5", "Figure 3: migration changes nothing", _migration_changes_nothing(3)),
    Statement("Section 5", "Figure 4: migration changes nothing", _migration_changes_nothing(4)),
    Statement("Section 5", "Figure 8: nobody moves at first", _no_move_at_first),
    Statement("Section 5", "Figure 8: then workers move to home", _moves_home),
    Statement("Section 5", "Figure 8: workers earn the same in both", _equal_incomes),
)
