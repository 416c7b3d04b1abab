"""Tables behind exact hat algebra: trade, inputs, tariffs and elasticities, aligned strictly and checked to add up."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.errors import InputError, require_option
from tradewinds.firms.countries import country_names
from tradewinds.firms.gains import CONVENTIONS, gains_by_sector
from tradewinds.firms.hat.frames import cube, read_tables

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TradeTables", "example_tables"]

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class TradeTables:
    """The world before the change.

    Parameters
    ----------
    countries, sectors : sequence of str
    flows : array of shape (countries, countries, sectors)
        Value of what the first country sells to the second, before tariffs; home sales on the diagonal.
    input_shares : array of shape (countries, sectors, sectors)
        Cost share of inputs of the first sector in the second; over inputs they sum to less than one, the rest is value added.
    trade_elasticities : array of shape (sectors,)
        Theta of each sector, above zero.
    tariffs : array of shape (countries, countries, sectors), optional
        Ad valorem, 0.05 is five per cent, on what the first country sells to the second; zero on the diagonal. None: no tariffs.

    Raises
    ------
    InputError
        If shapes disagree, a number is out of bounds, or inputs take more of a sector's goods than a country buys.
    """

    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    flows: Array
    input_shares: Array
    trade_elasticities: Array
    tariffs: Array | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "countries", country_names(self.countries))
        object.__setattr__(self, "sectors", country_names(self.sectors))
        n, j = len(self.countries), len(self.sectors)
        tariffs = np.zeros((n, n, j)) if self.tariffs is None else self.tariffs
        self._set("flows", self.flows, (n, n, j))
        self._set("input_shares", self.input_shares, (n, j, j))
        self._set("trade_elasticities", self.trade_elasticities, (j,))
        self._set("tariffs", tariffs, (n, n, j))
        self._check()

    def _set(self, name: str, value: ArrayLike, shape: tuple[int, ...]) -> None:
        array = np.array(value, dtype=float)
        if array.shape != shape:
            raise InputError(
                f"{name} has shape {array.shape}; with {len(self.countries)} countries and {len(self.sectors)} sectors it must "
                f"have shape {shape}"
            )
        bad = np.argwhere(~(np.isfinite(array) & (array >= 0)))
        if len(bad):
            raise InputError(
                f"{name}: {self._place(name, bad[0])} is {array[tuple(bad[0])]}; it must be at least 0 and finite"
            )
        array.setflags(write=False)
        object.__setattr__(self, name, array)

    def _place(self, name: str, index: Sequence[int]) -> str:
        c, s = self.countries, self.sectors
        if name in ("flows", "tariffs"):
            return f"{c[index[0]]} to {c[index[1]]} in {s[index[2]]}"
        return f"{c[index[0]]}, {s[index[1]]} in {s[index[2]]}" if name == "input_shares" else s[index[0]]

    def _check(self) -> None:
        if np.any(self.trade_elasticities == 0):
            raise InputError(
                f"trade_elasticities: {self.sectors[int(np.argmin(self.trade_elasticities))]} is 0; it must be above 0"
            )
        for place, name in enumerate(self.countries):
            if np.any(self.tariff[place, place] != 0):
                raise InputError(f"tariffs: {name} has a tariff on its own goods; the diagonal must be 0")
            if self.output[place].sum() == 0:
                raise InputError(f"flows: {name} sells nothing, at home or abroad; leave it out of every table")
        full = np.argwhere(self.value_added_share <= 0)
        if len(full):
            n, s = (int(i) for i in full[0])
            raise InputError(
                f"input_shares: inputs of {self.sectors[s]} in {self.countries[n]} sum to "
                f"{self.input_shares[n, :, s].sum():.6g}; they must sum to less than 1, the rest is value added"
            )
        short = np.argwhere(self.final_demand < -1e-9 * self.income[:, np.newaxis])
        if len(short):
            n, s = (int(i) for i in short[0])
            raise InputError(
                f"{self.countries[n]} buys {self.spending[n, s]:.6g} of {self.sectors[s]} but its industries use "
                f"{self.spending[n, s] - self.final_demand[n, s]:.6g} of it as inputs: final demand would be negative. Check that "
                "flows include home sales and are in one unit, and that input_shares are shares of gross output"
            )

    @property
    def tariff(self) -> Array:
        """Tariffs, zeros where none were given."""
        assert self.tariffs is not None  # set when the object is made
        return self.tariffs

    @functools.cached_property
    def value_added_share(self) -> Array:
        """Share of value added in output, shape (countries, sectors)."""
        return np.asarray(1 - self.input_shares.sum(axis=1))

    @functools.cached_property
    def output(self) -> Array:
        """Sales before tariffs, shape (countries, sectors)."""
        return np.asarray(self.flows.sum(axis=1))

    @functools.cached_property
    def spending(self) -> Array:
        """Spending with tariffs, shape (countries, sectors)."""
        return np.asarray((self.flows * (1 + self.tariff)).sum(axis=0))

    @functools.cached_property
    def value_added(self) -> Array:
        """Wage bill, shape (countries,)."""
        return np.asarray((self.value_added_share * self.output).sum(axis=1))

    @functools.cached_property
    def tariff_revenue(self) -> Array:
        """Tariff revenue, shape (countries,)."""
        return np.asarray((self.flows * self.tariff).sum(axis=(0, 2)))

    @functools.cached_property
    def deficit(self) -> Array:
        """Imports less exports before tariffs, shape (countries,)."""
        return np.asarray(self.flows.sum(axis=(0, 2)) - self.flows.sum(axis=(1, 2)))

    @functools.cached_property
    def income(self) -> Array:
        """Value added, tariff revenue and deficit, shape (countries,): what final demand adds up to."""
        return self.value_added + self.tariff_revenue + self.deficit

    @functools.cached_property
    def final_demand(self) -> Array:
        """Spending less use as inputs, shape (countries, sectors)."""
        return np.asarray(self.spending - np.einsum("nks,ns->nk", self.input_shares, self.output))

    @functools.cached_property
    def final_share(self) -> Array:
        """Share of each sector in final demand, shape (countries, sectors)."""
        return np.maximum(self.final_demand, 0) / np.maximum(self.final_demand, 0).sum(axis=1, keepdims=True)

    @functools.cached_property
    def trade_shares(self) -> Array:
        """Share of the second country's spending on a sector that goes to the first, with tariffs; zeros where it buys none."""
        total = np.where(self.spending > 0, self.spending, 1.0)
        return np.asarray(self.flows * (1 + self.tariff) / total)

    def gains_from_trade(self, *, inputs: bool = True, convention: str = "gain") -> Array:
        r"""Return what trade adds to real wages, as a fraction, from home shares and elasticities alone, shape (countries,).

        With inputs, :math:`\ln(W/W_{aut}) = -\alpha^\top (I - A^\top)^{-1} (\ln \lambda / \theta)`; without them every sector
        counts as if it used labour only. Infinite where a country that buys goods of a sector makes none of them.

        Parameters
        ----------
        inputs : bool
        convention : {"gain", "loss"}
            Share of the real wage of autarky, or of that with trade.

        Raises
        ------
        InputError
            If the convention is unknown.

        References
        ----------
        Arkolakis, Costinot and Rodríguez-Clare (2012); Costinot and Rodríguez-Clare (2014), sections 3.2 and 3.4.

        Examples
        --------
        >>> tables = example_tables()
        >>> bool((tables.gains_from_trade() > tables.gains_from_trade(inputs=False)).all())
        True
        """
        require_option("convention", convention, CONVENTIONS)
        home = np.einsum("nnj->nj", self.trade_shares)
        counts = self.spending > 0 if inputs else self.final_share > 0
        own = np.where(counts, home, 1.0)  # what nobody buys weighs nothing
        found = np.empty(len(self.countries))
        for n, share in enumerate(own):
            if np.any(share == 0):
                found[n] = np.inf if convention == "gain" else 1.0
                continue
            use = self.input_shares[n] if inputs else None
            found[n] = gains_by_sector(
                share, self.final_share[n], self.trade_elasticities, input_shares=use, convention=convention
            )
        return found

    @classmethod
    def from_frames(
        cls,
        flows: pd.DataFrame,
        inputs: pd.DataFrame,
        elasticities: pd.DataFrame,
        tariffs: pd.DataFrame | None = None,
        *,
        absent: str = "error",
    ) -> TradeTables:
        """Build the tables from tidy frames.

        Parameters
        ----------
        flows : DataFrame
            Columns ``exporter, importer, sector, value``: before tariffs, home sales included. Sets the order of
            countries and sectors.
        inputs : DataFrame
            Columns ``country, input_sector, sector, share``.
        elasticities : DataFrame
            Columns ``sector, trade_elasticity``.
        tariffs : DataFrame, optional
            Columns ``exporter, importer, sector, tariff``, as a fraction.
        absent : {"error", "zero"}
            What a pair, or an input, without a row stands for. Countries and sectors must be the same in all tables either way.

        Raises
        ------
        InputError
            If a column is missing, labels differ between tables, a row occurs twice, or one is absent and ``absent`` is ``error``.
        """
        countries = tuple(dict.fromkeys(map(str, flows["exporter"]))) if "exporter" in flows else ()
        sectors = tuple(dict.fromkeys(map(str, flows["sector"]))) if "sector" in flows else ()
        pair = {"exporter": countries, "importer": countries, "sector": sectors}
        use = {"country": countries, "input_sector": sectors, "sector": sectors}
        return cls(
            countries=countries,
            sectors=sectors,
            flows=cube("flows", flows, pair, "value", absent),
            input_shares=cube("inputs", inputs, use, "share", absent),
            trade_elasticities=cube("elasticities", elasticities, {"sector": sectors}, "trade_elasticity", "error"),
            tariffs=None if tariffs is None else cube("tariffs", tariffs, pair, "tariff", absent),
        )

    @classmethod
    def from_csv(cls, folder: str | Path, *, absent: str = "error") -> TradeTables:
        """Read ``flows.csv``, ``inputs.csv``, ``elasticities.csv`` and, if it is there, ``tariffs.csv``.

        Raises
        ------
        InputError
            If a file is missing or cannot be read, or as in :meth:`from_frames`.
        """
        frames = read_tables(Path(folder))
        return cls.from_frames(
            frames["flows"], frames["inputs"], frames["elasticities"], frames.get("tariffs"), absent=absent
        )

    def to_frames(self) -> dict[str, pd.DataFrame]:
        """Return the tables as tidy frames, by the names of the files that :meth:`from_csv` reads.

        Examples
        --------
        >>> {name: len(frame) for name, frame in example_tables().to_frames().items()}
        {'flows': 18, 'inputs': 12, 'elasticities': 2, 'tariffs': 18}
        """
        c, s = self.countries, self.sectors
        pair, use = ("exporter", c), ("input_sector", s)
        return {
            "flows": _frame(self.flows, [pair, ("importer", c), ("sector", s)], "value"),
            "inputs": _frame(self.input_shares, [("country", c), use, ("sector", s)], "share"),
            "elasticities": _frame(self.trade_elasticities, [("sector", s)], "trade_elasticity"),
            "tariffs": _frame(self.tariff, [pair, ("importer", c), ("sector", s)], "tariff"),
        }


def _frame(array: Array, labels: Sequence[tuple[str, Sequence[str]]], value: str) -> pd.DataFrame:
    """Return an array as a tidy frame, a column a dimension and one for the numbers."""
    import pandas as pd

    index = pd.MultiIndex.from_product([known for _, known in labels], names=[name for name, _ in labels])
    return pd.DataFrame({value: array.ravel()}, index=index).reset_index()


def example_tables(countries: int = 3, sectors: int = 2, seed: int = 0, tariff: float = 0.1) -> TradeTables:
    """Return made-up tables that add up, to learn and to test with: no country of the world.

    Parameters
    ----------
    countries, sectors : int
    seed : int
    tariff : float
        Highest tariff.
    """
    rng = np.random.default_rng(seed)
    size = rng.uniform(0.5, 2, countries)
    flows = (
        rng.uniform(0.02, 0.1, (countries, countries, sectors)) * np.sqrt(size[:, np.newaxis] * size)[:, :, np.newaxis]
    )
    flows = 3 * flows / countries
    flows[np.arange(countries), np.arange(countries)] = size[:, np.newaxis] * rng.uniform(
        0.9, 1.1, (countries, sectors)
    )
    inputs = rng.uniform(0.1, 1, (countries, sectors, sectors))
    inputs *= (rng.uniform(0.35, 0.5, (countries, sectors)) / inputs.sum(axis=1))[:, np.newaxis]
    tariffs = rng.uniform(0, tariff, (countries, countries, sectors))
    tariffs[np.arange(countries), np.arange(countries)] = 0
    return TradeTables(
        countries=tuple(f"country {i + 1}" for i in range(countries)),
        sectors=tuple(f"sector {i + 1}" for i in range(sectors)),
        flows=100 * flows,
        input_shares=inputs,
        trade_elasticities=rng.uniform(3, 8, sectors),
        tariffs=tariffs,
    )
