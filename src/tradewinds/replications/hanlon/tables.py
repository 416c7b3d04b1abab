"""Tables of the report on Hanlon (2012)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from tradewinds.clusters import (
    COUNTRIES,
    PAPER_FIGURES,
    BreakEven,
    break_even_rates,
    effects_of_opening,
    paper_economy,
)
from tradewinds.replications.hanlon.figures import TITLES
from tradewinds.replications.hanlon.statements import overtaking
from tradewinds.replications.hanlon.worlds import HORIZON, POLICIES, World
from tradewinds.report import Column, Table
from tradewinds.report.tables import format_value

__all__ = ["date_table", "effect_table", "figure_table", "rate_table", "statement_tables"]

SOURCE = "Paper: Hanlon (2012). Ours: tradewinds."


def figure_table() -> Table:
    """Return what each figure starts from."""

    def numbers(values: object) -> str:
        return " ".join(f"{x:g}" for x in np.atleast_1d(np.asarray(values)).tolist())

    rows = []
    for figure, (home, spillovers) in PAPER_FIGURES.items():
        linked = ", ".join(f"{i + 1}→{j + 1}: {spillovers[i, j]:g}" for i, j in np.argwhere(spillovers > 0).tolist())
        title = TITLES[figure].partition(". ")[2]
        rows.append(
            (f"Figure {figure}", title, numbers(home), numbers(home[::-1]), linked, ", ".join(POLICIES[figure]))
        )
    heads = ("Figure", "What it shows", "Home", "Foreign", "Who teaches whom", "Policies")
    note = (
        "Starting technology of industries 1 to 4, and spillovers above zero (sender→receiver). One worker a country. The "
        "text has Figure 7 start as Figure 6; the numbers printed under it differ in industry 3 (and 2 abroad)."
    )
    return Table("Starting values, as printed under the figures", heads, rows, note=note, source=SOURCE)


def date_table(worlds: Mapping[str, World]) -> Table:
    """Return when opening builds clusters under delay and gradual opening, and when autarky overtakes trade in Figure 4."""
    rows: list[tuple[str, ...]] = []
    for figure in (6, 7):
        for policy, name in (("delayed", "all industries wait"), ("gradual", "1 and 4 open at once")):
            dates = [_building(world, figure, policy) for world in worlds.values()]
            rows.append((f"Figure {figure}", name, *(_date(date) for date in dates)))
    rows.append(
        (
            "Figure 4",
            "autarky's income passes that of trade",
            *(_date(overtaking(world, 4)) for world in worlds.values()),
        )
    )
    heads = ("Economy", "Event", *worlds)
    note = (
        "In units of time after the start. The paper draws these dates and prints none. The last row is to half a unit."
    )
    return Table("Dates at which opening builds clusters", heads, rows, note=note, source=SOURCE)


def _building(world: World, figure: int, policy: str) -> float:
    return next((e.time for e in world.paths[figure, policy].events if e.event == "cluster_building"), np.inf)


def _date(value: float) -> str:
    return "never" if not np.isfinite(value) else format_value(value, ".3f")


def effect_table(worlds: Mapping[str, World]) -> Table:
    """Return what opening at time 0 does to income and to its growth, effect by effect."""
    rows = []
    for figure in (2, 3, 4, 5, 6):
        for label, world in worlds.items():
            found = effects_of_opening(paper_economy(figure, world.sigma))
            for c in range(2) if figure == 5 else range(1):
                parts = (found.concentration, found.spillovers, found.composition, found.change_in_growth)
                who = COUNTRIES[c] if figure == 5 else "both"
                rows.append(
                    (
                        f"Figure {figure}", label.removeprefix("sigma = "), who,
                        100 * (float(found.static_gain[c]) - 1), *(100 * float(part[c]) for part in parts),
                    )
                )  # fmt: skip
    heads = (
        "Economy",
        "σ",
        "Country",
        Column("Static gain", "%", ".1f"),
        Column("Concentration", "points", ".3f"),
        Column("Spillovers", "points", ".3f"),
        Column("Composition", "points", ".3f"),
        Column("Change in growth", "points", ".3f"),
    )
    note = (
        "At the moment of opening. Growth of real income in per cent a unit of time; the three effects add up to its change. The "
        "paper names the effects and gives no formula; ours splits the matrix of spillovers (documentation)."
    )
    return Table("What opening does, effect by effect", heads, rows, note=note, source=SOURCE)


def statement_tables(board: pd.DataFrame) -> Iterator[Table]:
    """Return statements section by section: what the paper says, and ours, a column an elasticity or a sample."""
    for exhibit in dict.fromkeys(board["exhibit"]):
        cells = board[board["exhibit"] == exhibit]
        for columns in (["sigma = 4/3", "sigma = 2", "sigma = 4"], None):
            chosen = (
                cells[cells["column"].isin(columns)] if columns else cells[~cells["column"].str.startswith("sigma")]
            )
            if len(chosen):
                yield _statement_table(str(exhibit), chosen)


def _statement_table(exhibit: str, cells: pd.DataFrame) -> Table:
    columns = list(dict.fromkeys(cells["column"]))
    rows = []
    for row in dict.fromkeys(cells["row"]):
        line = cells[cells["row"] == row].set_index("column")
        ours = [_verdict(line.loc[column]) for column in columns]
        notes = "; ".join(dict.fromkeys(str(note) for note in line["note"] if note))
        rows.append((row, str(line["published"].iloc[0]), *ours, notes))
    note = (
        "1: holds, 0: does not; in random economies the share in which it holds. A star marks what does not come out."
    )
    return Table(f"{exhibit}", ("Statement", "Paper", *columns, "Note"), rows, note=note, source=SOURCE)


def _verdict(cell: pd.Series) -> str:
    return f"{cell['computed']:.4g}" + ("*" if cell["status"] == "not reproduced" else "")


def rate_table(worlds: Mapping[str, World]) -> Table:
    """Return the discount rates at which two policies are worth the same to a worker of either country."""
    rows = []
    for figure, first, second in _COMPARED:
        cells = []
        for world in worlds.values():
            found = break_even_rates(
                world.paths[figure, first], world.paths[figure, second], highest=2.0, horizon=HORIZON
            )
            cells.append(_rates(found))
        rows.append((f"Figure {figure}", _POLICY[first], _POLICY[second], *cells))
    heads = ("Economy", "This", "rather than that", *worlds)
    note = (
        f"Per unit of time, logarithmic utility, the transition included, {HORIZON:g} units of time; both countries, which are "
        "mirror images. Rates from 0.01 to 2 are searched. The paper says that the choice depends on the discount rate, and "
        "prints none."
    )
    return Table("Discount rates below which it is worth waiting", heads, rows, note=note, source=SOURCE)


_COMPARED = (
    (4, "autarky", "trade"),
    (6, "delayed", "trade"),
    (7, "delayed", "trade"),
    (7, "gradual", "trade"),
    (7, "gradual", "delayed"),
)
_POLICY = {
    "autarky": "autarky",
    "trade": "trade at once",
    "delayed": "trade once it builds clusters",
    "gradual": "industries 1 and 4 first",
}


def _rates(found: BreakEven) -> str:
    """Return the rates of home, or which path is worth more at every rate."""
    if found.rates[0]:
        return ", ".join(format_value(rate, ".4f") for rate in found.rates[0])
    return "always" if found.gain[0, 0] > 0 else "never"
