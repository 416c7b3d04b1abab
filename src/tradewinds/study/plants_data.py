"""From a user's file to checked plants in memory: columns by their roles, codes and rules with counts, productivity.

Whatever is wrong is said with the file, the column as the user calls it and its key in the study, the rows (counted from one,
without the head), what is allowed and what to try.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tradewinds.data.files import open_table
from tradewinds.firms.measurement import PlantPanel, PlantStore, ProductionFunction, read_plants
from tradewinds.study.plants_cells import OWN, PlantCells
from tradewinds.study.plants_fields import PlantsStudy
from tradewinds.study.plants_files import require_header, require_known, source_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["PreparedPlants", "count_words", "read_memory", "words_of"]


@dataclass(frozen=True, eq=False)
class PreparedPlants:
    """Plants as a study asks for them.

    Attributes
    ----------
    plants : PlantPanel or PlantStore
        In memory or on disk.
    columns : mapping
        Name in the study -> column of the panel, for outcomes, regressors and controls.
    functions : mapping
        Industry (``all`` where there is one) -> production function behind productivity; empty for other measures.
    counts : mapping
        Rows under each rule.
    notes : tuple of str
        The same in sentences.
    productivity : str
        What it is, in words.
    """

    plants: PlantPanel | PlantStore
    columns: Mapping[str, str]
    functions: Mapping[str, ProductionFunction] = field(repr=False)
    counts: Mapping[str, int]
    notes: tuple[str, ...]
    productivity: str


def words_of(study: PlantsStudy) -> str:
    """Return what productivity is."""
    names, how = study.names, study.how
    added = (
        "value added"
        if names.value_added
        else "output less materials"
        if names.materials and names.output
        else "output"
    )
    if how.measure == "labour":
        return f"log of {added} over employment"
    if how.measure == "column":
        return f"{'log of ' if how.scale == 'level' else ''}column {how.column}"
    return f"log of {added} less inputs times their elasticities ({how.measure})"


def read_memory(study: PlantsStudy, paths: Sequence[Path]) -> PreparedPlants:
    """Return the panel of a study in memory, with its productivity.

    Raises
    ------
    InputError
        If a column is not there.
    DataError
        If cells are no numbers, a weight is negative, a plant has two rows in a year, or rows fall under a rule that raises.
    """
    tables, source = [], source_of(paths)
    for path in paths:
        require_header(path)
        table, name = open_table(path)
        require_known(study, [str(column) for column in table.columns], name)
        tables.append(table)
    table = tables[0] if len(tables) == 1 else pd.concat(tables, ignore_index=True)
    cells = PlantCells(study, table, source)
    frame = cells.frame()
    productivity, functions = _productivity(study, cells, frame)
    frame["productivity"] = productivity
    # the tools take a row without weight and productivity for inactive; here it lacks a value, unless it is idle
    frame.loc[np.isnan(productivity) & (frame["weight"] == 0).to_numpy() & ~cells.idle, "weight"] = np.nan
    lacking = cells.lacking | (np.isnan(productivity) & ~cells.idle)
    if study.treatment.missing == "raise":
        cells.refuse_missing(frame, lacking)
    cells.stop()
    kept = {name: column for name, column in cells.kept.items() if column not in OWN}
    panel = read_plants(
        frame,
        exporter="exporter" if study.has_exporters else None,
        keep=list(kept.values()),
        missing=study.treatment.missing,
        inactive="absent",
        source=source,
    )
    counts = cells.counts | {"missing": int(lacking.sum())}
    return PreparedPlants(panel, cells.kept, functions, counts, count_words(study, counts), words_of(study))


def count_words(study: PlantsStudy, counts: Mapping[str, int]) -> tuple[str, ...]:
    """Return how many rows fell under which rule."""
    rules, rows, notes = study.treatment, counts["rows"], []
    if counts["inactive"]:
        codes = ", ".join(f"{code:g}" for code in rules.inactive_codes)
        notes.append(
            f"{counts['inactive']:,} of {rows:,} rows are of plants that did not operate (coded {codes}, or nothing but zeros): "
            "as if not there"
        )
    if counts["nonpositive"]:
        notes.append(f"{counts['nonpositive']:,} rows have a value that is not above zero and no log: missing")
    if counts["missing"]:
        what = {"drop-row": "left out", "drop-plant": "left out, with the plant's other year"}.get(rules.missing, "")
        notes.append(f"{counts['missing']:,} of {rows:,} rows lack a value, those without a log among them: {what}")
    if counts.get("contradictory"):
        notes.append(
            f"{counts['contradictory']:,} rows have an export status that their value of exports contradicts: the status counts"
        )
    return tuple(notes)


def _productivity(
    study: PlantsStudy, cells: PlantCells, frame: pd.DataFrame
) -> tuple[NDArray[np.float64], dict[str, ProductionFunction]]:
    how = study.how
    if how.measure == "column":
        return (cells.log_of("measured") if how.scale == "level" else cells.numbers["measured"].copy()), {}
    added = "value_added" if "value_added" in cells.numbers else "output"
    if how.measure == "labour":
        return cells.log_of(added) - cells.log_of("employment"), {}
    from tradewinds.study.plants_production import estimated

    return estimated(study, cells, frame, added)
