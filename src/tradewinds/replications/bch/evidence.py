"""What the numbers rest on: what was fitted, what a choice costs, how countries are put together, and a world without a fit."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from tradewinds.replications.bch.exhibits import GIVEN, Simulated, aggregation
from tradewinds.replications.bch.fit import read_free
from tradewinds.replications.bch.tables import NOTE, REGIONS, ROWS, inside
from tradewinds.replications.bch.unfitted import compare, headlines
from tradewinds.report import Column, Table
from tradewinds.world import Calibration, WorldResult
from tradewinds.world.parameters import DEFINITIONS

__all__ = ["aggregation_table", "fitted_table", "unfitted_tables", "variant_table"]

_NO_LEVEL = (
    "tfp",
    "tfp_domestic_rnd",
    "tfp_foreign_rnd",
    "tfp_trade",
    "foreign_rnd_stock",
    "manufactures_imports_gdp",
    GIVEN,
)


def unfitted_tables(board: pd.DataFrame, simulated: Simulated, unfitted: Mapping[str, WorldResult]) -> list[Table]:
    """Return the distance of each table, and what the paper is cited for, with and without fitted numbers."""
    rows = [tuple(row.values()) for row in compare(board, unfitted).to_dict("records")]
    columns = [
        Column("Table"),
        Column("Fitted", "RMSE, points", ".2f"),
        Column("Not fitted", "RMSE, points", ".2f"),
        Column("Correlation with the printed cells", "not fitted", ".3f"),
        Column("Within their bands", "not fitted", ".0%"),
    ]
    note = (
        "Not fitted: calibration printed-numbers, in which every number is printed in the paper or is round and assumed. Its "
        "agreement with the tables is evidence."
    )
    distance = Table("With nothing fitted", columns, rows, note=note)
    told = [
        (
            row["table"],
            REGIONS[row["region"]],
            inside(ROWS[row["variable"]].strip()),
            row["published"],
            row["fitted"],
            row["unfitted"],
        )
        for row in headlines(simulated.results, unfitted).to_dict("records")
    ]
    heads = [
        Column("Table"),
        Column("Where"),
        Column("What"),
        *(Column(name, format=".1f") for name in ("Paper", "Fitted", "Not fitted")),
    ]
    return [distance, Table("What the paper is cited for, 2075", heads, told, note=NOTE.split(" Ours with")[0])]


def fitted_table(calibration: Calibration) -> Table:
    """Return what was fitted: value, prior and how far they are apart."""
    rows = []
    for free in read_free():
        given = [v.value for v in calibration.values if (v.parameter, v.scope) == (free.parameter, free.scope)]
        code = calibration.find_scope(free.scope)[0]
        value = given[-1] if given else float(calibration.value_of(free.parameter, code).value)
        away = math.log(value / free.prior) / free.spread
        symbol = DEFINITIONS[free.parameter].symbol
        rows.append(
            (
                free.parameter.replace("_", " "),
                symbol,
                free.scope.replace("_", " "),
                value,
                free.prior,
                free.spread,
                away,
                free.source,
            )
        )
    columns = [
        Column("Parameter"),
        Column("Symbol"),
        Column("For"),
        Column("Value", format=".4g"),
        Column("Prior", format=".4g"),
        Column("Spread", "of the log", ".2f"),
        Column("Distance", "spreads", "+.1f"),
        Column("Source of the prior"),
    ]
    note = (
        "Least squares on the cells of Tables 1 to 4 and on the distance from the priors (tradewinds.replications.bch.fit). "
        "Parameters more than two spreads from their prior are stretched by the tables, or imitate something that is missing."
    )
    return Table("Fitted parameters and their priors", columns, rows, note=note)


def variant_table(simulated: Simulated) -> Table:
    """Return what one choice changed does to the table that it matters for."""
    rows = [
        (item.variant.what, item.variant.table, item.before, item.after, item.rough_before, item.rough_after)
        for item in simulated.variants
    ]
    columns = [Column("Change"), Column("Judged by")]
    columns += [Column(name, "RMSE, points", ".2f") for name in ("As fitted", "Changed")]
    columns += [Column(name, "zigzag, points", ".2f") for name in ("As fitted ", "Changed ")]
    note = (
        "Nothing else is changed and nothing fitted again, so that the table overstates what a choice costs: other parameters "
        "would take over a part of it. Zigzag: the most by which consumption in AF, WH or OD is off the mean of the years beside "
        "it, from 2005 on."
    )
    return Table("One choice changed", columns, rows, note=note)


def aggregation_table(simulated: Simulated) -> Table:
    """Return how far rows of groups are from the printed ones, by the way countries are put together."""
    words = {"simple": "each the same", "gdp": "by output", "level": "levels"}
    rows = [
        (
            row["table"],
            REGIONS[str(row["region"])],
            ROWS[str(row["variable"])].strip(),
            words[str(row["chosen"])],
            *(None if row["variable"] in _NO_LEVEL and how == "level" else row[how] for how in words),
        )
        for row in aggregation(simulated).to_dict("records")
    ]
    columns = [Column("Table"), Column("Group"), Column("Row"), Column("Used")]
    columns += [Column(word, "RMSE, points", ".2f") for word in words.values()]
    note = (
        "Root mean squared distance of our row from the printed one over the six years. The paper does not say how it puts "
        "countries together, and the parameters were fitted under the way used, so a difference here is no proof."
    )
    return Table("How countries are put together", columns, rows, note=note)
