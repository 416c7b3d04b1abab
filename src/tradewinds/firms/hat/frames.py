"""Tidy frames of a user's tables into arrays: columns by name, labels that must agree, no row twice, none dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError, did_you_mean, require_option
from tradewinds.labels import require_same_labels

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ABSENT", "cube", "read_csv", "read_tables"]

Array = NDArray[np.float64]

#: What a combination of labels without a row stands for.
ABSENT: tuple[str, ...] = ("error", "zero")


def cube(
    name: str,
    frame: pd.DataFrame,
    labels: Mapping[str, Sequence[str]],
    value: str,
    absent: str,
    *,
    reference: str = "flows",
    infinite: bool = False,
) -> Array:
    """Return a frame as an array, one dimension a label.

    Parameters
    ----------
    name : str
        Of the table, for messages.
    frame : DataFrame
    labels : mapping of str to sequence of str
        Column of each dimension, and its labels in order.
    value : str
        Column with the numbers.
    absent : {"error", "zero"}
    reference : str
        Where the labels come from, for messages.
    infinite : bool
        Whether numbers may be infinite.

    Raises
    ------
    InputError
        If a column is missing, labels differ, a row occurs twice or a number is not one, or a row is absent and must not be.
    """
    require_option("absent", absent, ABSENT)
    for column in (*labels, value):
        if column not in frame:
            raise InputError(
                f"{name} has no column {column!r}.{did_you_mean(column, map(str, frame.columns))} It must have the columns "
                f"{', '.join((*labels, value))}"
            )
    places = []
    for column, known in labels.items():
        found = frame[column].map(str)
        require_same_labels(
            list(known), list(dict.fromkeys(found)), what=column, left_name=reference, right_name=f"{name}, {column},"
        )
        position = {label: index for index, label in enumerate(known)}
        places.append(found.map(position).to_numpy(dtype=int))
    shape = tuple(len(known) for known in labels.values())
    flat = np.ravel_multi_index(tuple(places), shape)
    twice = np.flatnonzero(np.bincount(flat, minlength=int(np.prod(shape))) > 1)
    if len(twice):
        raise InputError(f"{name}: more than one row for {_words(labels, int(twice[0]), shape)}")
    array = np.full(shape, np.nan)
    array.flat[flat] = _numbers(name, frame, value, infinite)
    missing = np.flatnonzero(np.isnan(array))
    if len(missing) and absent == "error":
        others = f", nor for {len(missing) - 1} more" if len(missing) > 1 else ""
        told = "" if infinite else ", or say absent = 'zero' if they stand for nothing"
        raise InputError(
            f"{name}: no row for {_words(labels, int(missing[0]), shape)}{others}; add what is missing{told}"
        )
    return np.nan_to_num(array, nan=0.0)


def _numbers(name: str, frame: pd.DataFrame, value: str, infinite: bool) -> Any:
    import pandas as pd

    numbers = pd.to_numeric(frame[value], errors="coerce").to_numpy(dtype=float)
    bad = np.flatnonzero(np.isnan(numbers) if infinite else ~np.isfinite(numbers))
    if len(bad):
        raise InputError(
            f"{name}, row {int(bad[0]) + 1}: {value} is {frame[value].iloc[int(bad[0])]!r}; it must be a "
            f"{'' if infinite else 'finite '}number"
        )
    return numbers


def _words(labels: Mapping[str, Sequence[str]], flat: int, shape: tuple[int, ...]) -> str:
    index = np.unravel_index(flat, shape)
    return ", ".join(f"{column} {known[int(i)]}" for (column, known), i in zip(labels.items(), index, strict=True))


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the CSV files of a folder by name; ``tariffs`` may be absent.

    Raises
    ------
    InputError
        If the folder or another file is missing, or is not a readable CSV.
    """
    frames = {}
    for name in ("flows", "inputs", "elasticities", "tariffs"):
        path = folder / f"{name}.csv"
        if not path.is_file():
            if name == "tariffs":
                continue
            raise InputError(
                f"{folder} has no {name}.csv; it needs flows.csv, inputs.csv, elasticities.csv and, if there are any, tariffs.csv"
            )
        frames[name] = read_csv(path)
    return frames


def read_csv(path: Path) -> pd.DataFrame:
    """Return a CSV file, text as it stands there.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    import pandas as pd

    try:
        return pd.read_csv(path, keep_default_na=False)
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(f"{path} cannot be read as a CSV: {error}") from None
