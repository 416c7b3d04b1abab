"""Productivity of a study of plants by a production function, for all plants or for each industry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tradewinds.errors import InputError
from tradewinds.firms.measurement import ProductionFunction, production_function

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewinds.study.plants_fields import PlantsStudy

__all__ = ["estimated"]


def estimated(
    study: PlantsStudy, cells: Any, frame: pd.DataFrame, added: str
) -> tuple[NDArray[np.float64], dict[str, ProductionFunction]]:
    """Return log productivity, a row of the file each, and the functions behind it; rows without an input have none."""
    how, inputs = study.how, study.function_inputs()
    columns = {"value added": cells.log_of(added)}
    columns |= {name: cells.log_of(name) for listed in inputs.values() for name in listed}
    cells.stop()
    table = frame[["plant", "year", "industry"]].assign(**columns)
    usable = np.isfinite(table[list(columns)].to_numpy()).all(axis=1) & ~cells.idle & ~cells.lacking
    groups = table["industry"] if how.by_industry else pd.Series("all", index=table.index)
    found = np.full(len(table), np.nan)
    functions = {}
    for name, rows in table[usable].groupby(groups[usable]):
        functions[str(name)] = _estimate(study, rows, str(name))
        found[rows.index] = functions[str(name)].productivity
    if not functions:
        raise InputError('key "plants.productivity": no row has value added and every input above zero')
    return found, functions


def _estimate(study: PlantsStudy, rows: pd.DataFrame, industry: str) -> ProductionFunction:
    how, inputs = study.how, study.function_inputs()
    try:
        return production_function(
            rows,
            output="value added",
            free=inputs["free"],
            state=inputs["state"],
            proxy=inputs["proxy"][0],
            method=how.measure,
            degree=how.degree,
            survival=how.survival,
            draws=how.draws,
            seed=how.seed,
        )
    except InputError as error:
        where = f", industry {industry} ({len(rows)} plant-years)" if how.by_industry else ""
        advice = "; take wider industries (columns.industry_digits) or by_industry = false" if how.by_industry else ""
        raise InputError(f'key "plants.productivity"{where}: {error}{advice}') from error
