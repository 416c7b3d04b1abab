"""The panel that spillover regressions read: productivity, R&D stocks and trade weights of countries and industries.

The observation is a country ``i``, an industry ``j`` and a year ``t`` (Keller 1997, Section 3). Every array is complete:
missing values are met at the door (:mod:`tradewinds.data.validate`), not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tradewinds.errors import InputError
from tradewinds.labels import align, require_same_labels, require_unique
from tradewinds.measure.weights import ImportWeights

__all__ = ["STAND_IN_NOTE", "SpilloverPanel"]

#: How a note begins that marks rows as stand-in data.
STAND_IN_NOTE = "STAND-IN: "


@dataclass(frozen=True, eq=False)
class SpilloverPanel:
    """TFP, R&D stocks and import weights of ``V`` countries, ``J`` industries and ``T`` years.

    Arrays are copied and cannot be written to; nested lists will do. Panels are compared by identity.

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
        Gross domestic product of the exporter, positive, one currency; only Lichtenberg-van Pottelsberghe weights need it.
    bilateral_imports : ndarray or None, shape (V, V, J) or (V, V, J, T)
        Flows behind ``weights`` in value, importer first, zero or positive; the diagonal is zero or missing (and made zero), for
        domestic sales are no imports. Only Lichtenberg-van Pottelsberghe weights need it.
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

    Raises
    ------
    AlignmentError
        If a label occurs twice, or weights have others than the panel.
    InputError
        If an array has another shape, or a value that is missing or has the wrong sign, naming the place.
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
        for what in ("countries", "industries", "years"):
            labels = tuple(getattr(self, what))
            object.__setattr__(self, what, labels)
            require_unique(labels, what=f"{what} of panel {self.name}")
        if list(self.years) != sorted(self.years):
            raise InputError(f"panel {self.name}: years must increase, got {self.years}")
        if len(self.countries) < 3:
            raise InputError(f"panel {self.name}: at least three countries are needed to exchange partners")
        flows = (len(self.countries), *self.shape)
        self._read("tfp", [self.shape], positive="its log is taken")
        self._read("rnd_stock", [self.shape], positive="its log is taken")
        self._read("import_share", [self.shape[:2], self.shape])
        self._read("gdp", [self.shape[::2]], positive="R&D stocks are divided by it")
        self._read("bilateral_imports", [flows[:3], flows])
        self._align_weights()

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of countries, industries and years."""
        return len(self.countries), len(self.industries), len(self.years)

    def _read(self, label: str, shapes: list[tuple[int, ...]], *, positive: str = "") -> None:
        """Replace an array by a checked copy that cannot be written to; ``positive`` says why zero is not allowed."""
        given = getattr(self, label)
        if given is None and label not in ("tfp", "rnd_stock"):
            return
        if hasattr(given, "columns") or hasattr(given, "coords"):
            raise InputError(
                f"panel {self.name}: {label} carries labels, which are not compared here; bring it into the panel's order and "
                "pass its values (.to_numpy())"
            )
        try:
            array = np.array(given, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise InputError(f"panel {self.name}: {label} is not an array of numbers ({error})") from error
        if array.shape not in shapes:
            allowed = " or ".join(map(str, shapes))
            raise InputError(f"panel {self.name}: {label} has shape {array.shape}, expected {allowed}")
        if label == "bilateral_imports":
            self._clear_own_flows(array)
        bad = ~np.isfinite(array) | ((array <= 0) if positive else (array < 0))
        if np.any(bad):
            index = tuple(int(k) for k in np.argwhere(bad)[0])
            need = f"positive ({positive})" if positive else "zero or positive"
            where = self._place(label, index)
            raise InputError(f"panel {self.name}: {label} at {where} is {array[index]:g}; it must be {need}")
        if label == "bilateral_imports":
            self._refuse_no_imports(array)
        array.flags.writeable = False
        object.__setattr__(self, label, array)

    def _place(self, label: str, index: tuple[int, ...]) -> str:
        """Return the labels of a position in an array."""
        names: tuple[tuple[object, ...], ...] = (self.countries, self.industries, self.years)
        if label == "gdp":
            names = (self.countries, self.years)
        elif label == "bilateral_imports":
            names = (self.countries, self.countries, self.industries, self.years)
        found = [str(labels[k]) for labels, k in zip(names, index, strict=False)]
        if label == "bilateral_imports":
            found[:2] = [f"{found[0]} from {found[1]}"]
        return ", ".join(found)

    def _clear_own_flows(self, flows: NDArray[np.float64]) -> None:
        """Set a missing diagonal to zero in place; domestic sales would enter foreign research and are refused."""
        own = np.einsum("iij...->ij...", flows)  # a view
        own[np.isnan(own)] = 0.0
        if np.any(own != 0):
            country, *rest = (int(k) for k in np.argwhere(own != 0)[0])
            where = self._place("bilateral_imports", (country, country, *rest))
            raise InputError(
                f"panel {self.name}: bilateral_imports at {where} is {own[(country, *rest)]:g}; sales at home are no imports, "
                "so the diagonal must be zero or missing"
            )

    def _refuse_no_imports(self, flows: NDArray[np.float64]) -> None:
        """Name the importer that buys nothing from any country of the panel in an industry and year."""
        nothing = np.argwhere(flows.sum(axis=1) == 0)
        if nothing.size:
            axes = (self.countries, self.industries, self.years)
            where = ", ".join(str(labels[int(k)]) for labels, k in zip(axes, nothing[0], strict=False))
            raise InputError(
                f"panel {self.name}: bilateral_imports of {where} are zero from every partner; its foreign R&D would be "
                "zero, whose log is taken. Leave the importer or the industry out, or the flows if you do not need them."
            )

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
        years = None if weights.years is None else self.years
        ordered = replace(weights, values=values, countries=self.countries, industries=self.industries, years=years)
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
