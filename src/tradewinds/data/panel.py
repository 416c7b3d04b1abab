"""The panel that spillover regressions read: productivity, R&D stocks and trade weights of countries and industries.

The observation is a country ``i``, an industry ``j`` and a year ``t`` (Keller 1997, Section 3). Every array is complete:
missing values are met at the door (:mod:`tradewinds.data.validate`), not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tradewinds.errors import InputError
from tradewinds.labels import align, require_same_labels, require_unique
from tradewinds.measure.weights import ImportWeights

__all__ = ["STAND_IN_NOTE", "SpilloverPanel"]

#: How a note begins that marks rows as stand-in data.
STAND_IN_NOTE = "STAND-IN: "


@dataclass(frozen=True)
class SpilloverPanel:
    """TFP, R&D stocks and import weights of ``V`` countries, ``J`` industries and ``T`` years.

    Attributes
    ----------
    name : str
        Name shown in tables and reports.
    countries, industries, years : tuple
        Labels of the axes; years increase.
    tfp : ndarray, shape (V, J, T)
        Index of total factor productivity, positive.
    rnd_stock : ndarray, shape (V, J, T)
        R&D stock of the country that performs the research, positive, in constant prices and one currency.
    weights : ImportWeights
        Bilateral import shares, constant or by year.
    import_share : ndarray or None, shape (V, J) or (V, J, T)
        Overall import share ``m[i, j]`` of the IS specifications, as a fraction; None if not known.
    gdp : ndarray or None, shape (V, T)
        Gross domestic product of the exporter, one currency; only Lichtenberg-van Pottelsberghe weights need it.
    bilateral_imports : ndarray or None
        Flows behind ``weights`` in value, same axes; only Lichtenberg-van Pottelsberghe weights need it.
    stand_in : str
        Empty for real data; otherwise the sentence that says what the data stand in for, shown wherever they are.
    truth : mapping
        True parameters of a simulated panel, by name.
    notes : tuple of str
        How the panel was built, one step a sentence.
    warnings : tuple of str
        What a reader must know before using a number from it.
    citation_keys : tuple of str
        Sources, as keys of ``references.bib``.
    """

    name: str
    countries: tuple[str, ...]
    industries: tuple[str, ...]
    years: tuple[int, ...]
    tfp: NDArray[np.float64]
    rnd_stock: NDArray[np.float64]
    weights: ImportWeights
    import_share: NDArray[np.float64] | None = None
    gdp: NDArray[np.float64] | None = None
    bilateral_imports: NDArray[np.float64] | None = None
    stand_in: str = ""
    truth: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    citation_keys: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for labels, what in ((self.countries, "countries"), (self.industries, "industries"), (self.years, "years")):
            require_unique(labels, what=f"{what} of panel {self.name}")
        if list(self.years) != sorted(self.years):
            raise InputError(f"panel {self.name}: years must increase, got {self.years}")
        if len(self.countries) < 3:
            raise InputError(f"panel {self.name}: at least three countries are needed to exchange partners")
        for label, array in (("tfp", self.tfp), ("rnd_stock", self.rnd_stock)):
            self._check(label, array, [self.shape], positive=True)
        if self.import_share is not None:
            self._check("import_share", self.import_share, [self.shape[:2], self.shape], positive=False)
        size = (len(self.countries), *self.shape)
        for label, optional, shapes in (
            ("gdp", self.gdp, [self.shape[::2]]),
            ("bilateral_imports", self.bilateral_imports, [size[:3], size]),
        ):
            if optional is not None and optional.shape not in shapes:
                allowed = " or ".join(map(str, shapes))
                raise InputError(f"panel {self.name}: {label} has shape {optional.shape}, expected {allowed}")
        self._align_weights()

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of countries, industries and years."""
        return len(self.countries), len(self.industries), len(self.years)

    def _check(self, label: str, array: NDArray[np.float64], shapes: list[tuple[int, ...]], *, positive: bool) -> None:
        if array.shape not in shapes:
            allowed = " or ".join(map(str, shapes))
            raise InputError(f"panel {self.name}: {label} has shape {array.shape}, expected {allowed}")
        bad = ~np.isfinite(array) | ((array <= 0) if positive else (array < 0))
        if np.any(bad):
            index = tuple(int(k) for k in np.argwhere(bad)[0])
            axes = (self.countries, self.industries, self.years)
            where = ", ".join(str(labels[k]) for labels, k in zip(axes, index, strict=False))
            need = "positive (its log is taken)" if positive else "zero or positive"
            raise InputError(f"panel {self.name}: {label} at {where} is {array[index]:g}; it must be {need}")

    def _align_weights(self) -> None:
        """Bring the weights into the panel's order; a country, industry or year too few or too many raises."""
        weights = self.weights
        names = {"left_name": f"panel {self.name}", "right_name": "weights"}
        order = align(self.countries, weights.countries, what="country", **names)
        sectors = align(self.industries, weights.industries, what="industry", **names)
        if weights.years is not None:
            require_same_labels(self.years, weights.years, what="year", **names)
        unchanged = order == list(range(len(order))) and sectors == list(range(len(sectors)))
        if unchanged and weights.years in (None, self.years):
            return
        values = weights.values[np.ix_(order, order, sectors)]
        if weights.years is not None:
            values = values[..., align(self.years, weights.years, what="year", **names)]
        ordered = ImportWeights(
            values, self.countries, self.industries, None if weights.years is None else self.years, weights.kind
        )
        object.__setattr__(self, "weights", ordered)

    def to_frame(self) -> pd.DataFrame:
        """Return the panel in the long format that :func:`tradewinds.data.read_panel` reads.

        Returns
        -------
        DataFrame
            Columns ``variable, country, partner, industry, year, value``; partner is empty but for bilateral shares,
            year is empty for what does not vary over time. A stand-in panel has the column ``note`` too, which says so in
            every row and is read back, so that it does not pass for real data once it is a file.
        """
        variables = {
            "tfp": self.tfp,
            "rnd_stock": self.rnd_stock,
            "import_share": self.import_share,
            "bilateral_import_share": self.weights.values,
            "bilateral_imports": self.bilateral_imports,
            "gdp": self.gdp,
        }
        parts = [self._long(name, array) for name, array in variables.items() if array is not None]
        frame = pd.concat(parts, ignore_index=True)
        return frame.assign(note=STAND_IN_NOTE + self.stand_in) if self.stand_in else frame

    def _long(self, name: str, array: NDArray[np.float64]) -> pd.DataFrame:
        """Return one variable in the long format; shares and flows of a country with itself are left out."""
        axes = ["country", "partner"] if name.startswith("bilateral") else ["country"]
        axes += [] if name == "gdp" else ["industry"]
        axes += ["year"] if array.ndim > len(axes) else []
        labels = {"country": self.countries, "partner": self.countries, "industry": self.industries, "year": self.years}
        index = pd.MultiIndex.from_product([labels[axis] for axis in axes], names=axes)
        frame = index.to_frame(index=False).assign(variable=name, value=array.ravel())
        if "partner" in axes:
            frame = frame[frame["country"] != frame["partner"]].copy()
        for label in ("partner", "industry", "year"):
            if label not in axes:
                frame[label] = pd.NA if label == "year" else ""
        columns = ["variable", "country", "partner", "industry", "year", "value"]
        text = dict.fromkeys(columns[:4], object)
        return frame[columns].astype({**text, "year": "Int64"})
