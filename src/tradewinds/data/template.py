"""A small example of the format of a user's own panel. Its numbers are invented."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tradewinds.data.layout import COLUMNS

__all__ = ["template_frame"]

COUNTRIES = ("CAN", "DEU", "JPN", "USA")
INDUSTRIES = ("31", "32")
YEARS = tuple(range(1990, 2003))

#: Size of an economy, which scales R&D and exports (invented).
SIZE = np.array([1.0, 2.4, 3.8, 7.5])
#: Average annual growth of R&D by country (invented).
RND_GROWTH = np.array([0.055, 0.035, 0.045, 0.030])
#: Imports from all partners over absorption (invented; small economies trade more).
IMPORT_SHARE = np.array([0.42, 0.30, 0.09, 0.12])


def template_frame() -> pd.DataFrame:
    """Return an invented panel of 4 countries, 2 industries and 13 years in the format of :func:`read_panel`.

    The numbers are made up (seeded, always the same): nothing can be learned from them but the format. Productivity grows
    with own and partners' R&D plus noise, so that a study that reads them runs.

    Returns
    -------
    DataFrame
        Columns ``variable, country, partner, industry, year, value`` with ``tfp``, ``rnd_expenditure``,
        ``bilateral_imports`` and ``import_share``; the last two do not vary over time.

    Examples
    --------
    >>> frame = template_frame()
    >>> frame.groupby("variable", sort=False).size().to_dict()
    {'tfp': 104, 'rnd_expenditure': 104, 'bilateral_imports': 24, 'import_share': 8}
    """
    rng = np.random.default_rng(1990)
    shape = (len(COUNTRIES), len(INDUSTRIES), len(YEARS))
    growth = RND_GROWTH[:, None, None] + rng.normal(scale=0.05, size=shape)
    scale = 120.0 * SIZE[:, None] * np.array([1.0, 0.45])
    rnd = scale[:, :, None] * np.exp(np.cumsum(growth, axis=2))
    distance = rng.lognormal(sigma=0.4, size=(len(COUNTRIES), len(COUNTRIES), len(INDUSTRIES)))
    imports = 300.0 * np.sqrt(SIZE)[:, None, None] * SIZE[None, :, None] * distance
    overall = IMPORT_SHARE[:, None] * rng.lognormal(sigma=0.15, size=shape[:2])
    tfp_growth = 0.002 + 0.2 * growth[:, :, 1:] + 0.05 * growth[:, :, 1:].mean(axis=0)
    tfp_growth += rng.normal(scale=0.008, size=tfp_growth.shape)
    start = np.zeros((*shape[:2], 1))
    tfp = 100.0 * np.exp(np.concatenate([start, np.cumsum(tfp_growth, axis=2)], axis=2))
    records: list[tuple[object, ...]] = []
    for name, values, digits in (("tfp", tfp, 2), ("rnd_expenditure", rnd, 1)):
        for i, j, t in np.ndindex(shape):
            records.append((name, COUNTRIES[i], "", INDUSTRIES[j], YEARS[t], round(float(values[i, j, t]), digits)))
    for i, w, j in np.ndindex(imports.shape):
        if i != w:
            flow = round(float(imports[i, w, j]), 1)
            records.append(("bilateral_imports", COUNTRIES[i], COUNTRIES[w], INDUSTRIES[j], None, flow))
    for i, j in np.ndindex(overall.shape):
        share = round(float(overall[i, j]), 3)
        records.append(("import_share", COUNTRIES[i], "", INDUSTRIES[j], None, share))
    return pd.DataFrame(records, columns=list(COLUMNS)).astype({"year": "Int64"})
