"""A calibration: countries, parameters with their sources, matrices, and the balanced baseline that follows from them.

On the baseline all quantities of a country grow together, trade is balanced and nobody has claims abroad; relative prices are
one. What the tables of a calibration do not say follows: consumption is what investment and government leave, taxes pay for
spending and interest, the premium on capital makes its market value equal to its cost, exports pay for imports.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from tradewinds.errors import InputError, did_you_mean, require_option
from tradewinds.world.balance import balanced_trade
from tradewinds.world.parameters import DEFINITIONS, GROUPS, RND_FINANCING

__all__ = ["Calibration", "Value"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Value:
    """A number, for whom it holds, and where it comes from.

    Attributes
    ----------
    parameter : str
    scope : str
        A country, or a group of them.
    value : float
    source : str
        ``paper, page``, ``deduced from ...``, ``calibrated to ...`` or ``assumed``.
    """

    parameter: str
    scope: str
    value: float
    source: str = ""


@dataclass(frozen=True, eq=False)
class Calibration:
    """A world.

    Attributes
    ----------
    name, title, source : str
    countries : Mapping[str, str]
        Code to kind, see :data:`~tradewinds.world.parameters.KINDS`; the order is that of arrays.
    names : Mapping[str, str]
        Code to name.
    numeraire : str
        Country whose output is the unit of prices between countries.
    values : tuple of Value
        A later one replaces an earlier one of the same scope.
    rnd_import_shares : DataFrame
        Shares of industrial countries (columns) in imports of manufactures from them, by importer (rows).
    import_shares : DataFrame
        First guess of the shares of all countries (columns) in each one's imports (rows).
    foreign_stock_index : DataFrame
        Log of the foreign R&D stock on the baseline by country (rows) and year (columns), linear in between.

    Raises
    ------
    InputError
        With all that is wrong with it.
    """

    name: str
    title: str
    source: str
    countries: Mapping[str, str]
    names: Mapping[str, str]
    numeraire: str
    values: tuple[Value, ...]
    rnd_import_shares: pd.DataFrame
    import_shares: pd.DataFrame
    foreign_stock_index: pd.DataFrame
    notes: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        from tradewinds.world.checks import check_calibration

        check_calibration(self)

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the countries."""
        return tuple(self.countries)

    @functools.cached_property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """Countries by group; groups without any are left out."""
        found = {
            name: tuple(code for code, kind in self.countries.items() if kind in kinds)
            for name, kinds in GROUPS.items()
        }
        return {name: codes for name, codes in found.items() if codes}

    def is_in(self, group: str) -> Array:
        """Return one for the countries of a group and zero for others, shape (V,)."""
        return np.array([float(kind in GROUPS[group]) for kind in self.countries.values()])

    def find_scope(self, scope: str, *, what: str = "scope") -> tuple[str, ...]:
        """Return the countries of a group, or the country, that a word names."""
        if scope in self.groups:
            return self.groups[scope]
        if scope in self.countries:
            return (scope,)
        known = (*self.countries, *self.groups)
        raise InputError(
            f"{what} {scope!r} is no country or group of {self.name}.{did_you_mean(scope, known)} "
            f"Countries: {', '.join(self.countries)}; groups: {', '.join(self.groups)}"
        )

    def with_values(
        self, given: Mapping[str, float | Mapping[str, float]], source: str = "given by the user"
    ) -> Calibration:
        """Return the calibration with parameters changed: one number for all, or numbers by country or group.

        Raises
        ------
        InputError
            If a name, a scope or a number cannot be used.
        """
        added = []
        for name, value in given.items():
            if name not in DEFINITIONS:
                raise InputError(f"the world model has no parameter {name!r}.{did_you_mean(name, DEFINITIONS)}")
            for number in value.values() if isinstance(value, Mapping) else (value,):
                if np.asarray(number).dtype.kind not in "iuf" or np.ndim(number):
                    raise InputError(f"parameter {name} is {number!r}; give a number, or numbers by country or group")
            if DEFINITIONS[name].common:
                if isinstance(value, Mapping):
                    raise InputError(f"parameter {name} is one number for the world; give no countries")
                added.append(Value(name, "all", float(value), source))
                continue
            scopes = value if isinstance(value, Mapping) else {"all": value}
            found = [
                (self.find_scope(scope, what=f"scope of parameter {name},"), number) for scope, number in scopes.items()
            ]
            by_code = {  # by country, so that a group's number is not outdone by what the calibration says of its members
                code: number for codes, number in sorted(found, key=lambda pair: -len(pair[0])) for code in codes
            }
            added += [Value(name, code, float(number), source) for code, number in by_code.items()]
        return replace(self, values=(*self.values, *added))

    def with_rnd_financing(self, reading: str) -> Calibration:
        """Return the calibration with additional R&D paid by whom a reading of the paper says, instead of by its own parameters.

        Parameters
        ----------
        reading : {"owners", "owners_and_households"}
            See :data:`~tradewinds.world.parameters.RND_FINANCING`.

        Raises
        ------
        InputError
            If there is no such reading.
        """
        require_option("rnd_financing", reading, tuple(RND_FINANCING))
        source = f"rnd_financing = {reading}: a reading of Bayoumi, Coe and Helpman 1996, p. 16"
        return self.with_values(RND_FINANCING[reading], source)

    @functools.cached_property
    def arrays(self) -> dict[str, Array]:
        """Every parameter as an array, shape () if common to the world, else (V,)."""
        place = {code: k for k, code in enumerate(self.codes)}
        found: dict[str, Array] = {}
        for name, definition in DEFINITIONS.items():
            mine = [value for value in self.values if value.parameter == name]
            if definition.common:
                found[name] = np.asarray(mine[-1].value if mine else np.nan)
                continue
            array = np.full(len(place), np.nan)
            for value in sorted(mine, key=self._breadth):  # stable: within a scope the later one counts
                for code in self.find_scope(value.scope, what=f"scope of parameter {name},"):
                    array[place[code]] = value.value
            found[name] = array
        return found

    def _breadth(self, value: Value) -> int:
        return -len(self.find_scope(value.scope, what=f"scope of parameter {value.parameter},"))

    def value_of(self, name: str, code: str) -> Value:
        """Return the entry that gives a country's value of a parameter."""
        mine = [value for value in self.values if value.parameter == name and code in self.find_scope(value.scope)]
        return sorted(mine, key=self._breadth)[-1]

    @functools.cached_property
    def baseline(self) -> dict[str, Array]:
        """What follows from the balanced baseline: shares, ratios, premium, by country."""
        a = self.arrays
        taxes = a["government_share"] + (a["real_rate"] - a["growth"]) / (1 + a["growth"]) * a["debt_ratio"]
        investment = a["capital_ratio"] * (a["depreciation"] + a["growth"]) / (1 + a["growth"])
        labour_income = (1 - a["capital_share"]) * (1 - taxes)
        human_wealth = labour_income / (a["human_wealth_discount"] - a["growth"])
        used = a["gdp_share"] @ a["commodity_imports_share"]
        supplied = a["gdp_share"] @ a["commodity_exports_weight"]
        commodity_exports = a["commodity_exports_weight"] * (used / supplied if supplied > 0 else 0.0)
        return {
            "taxes": taxes,
            "investment": investment,
            "consumption": 1 - investment - a["government_share"],
            "disposable_income": 1 - taxes - a["depreciation"] * a["capital_ratio"] / (1 + a["growth"]),
            "human_wealth": human_wealth,
            "wealth": human_wealth + a["capital_ratio"] + a["debt_ratio"],
            "profits": a["capital_share"] * (1 - taxes),
            "capital_premium": a["capital_share"] * (1 - taxes) / a["capital_ratio"]
            - a["real_rate"]
            - a["depreciation"],
            "commodity_exports_share": commodity_exports,
            "exports": a["import_share"] + a["commodity_imports_share"] - commodity_exports + a["oil_imports_share"],
        }

    @functools.cached_property
    def world_shares(self) -> Array:
        """Shares of countries in world output, shape (V,): what the equations weigh with, whatever the unit of ``gdp_share``."""
        return np.asarray(self.arrays["gdp_share"] / self.arrays["gdp_share"].sum())

    @functools.cached_property
    def oil_purchases(self) -> Array:
        """Shares of countries in what oil exporters buy, shape (V,): as in the trade of those that are not finance-constrained."""
        weight = self.arrays["gdp_share"] * self.arrays["import_share"] * self.is_in("integrated")
        return np.asarray(weight / weight.sum())

    @functools.cached_property
    def flows(self) -> Array:
        """Trade from exporters (columns) to importers (rows), in world output on the baseline, shape (V, V)."""
        a = self.arrays
        weight = self.world_shares
        sold = weight * self.baseline["exports"] - self.oil_purchases * (weight @ a["oil_imports_share"])
        return balanced_trade(self.import_shares.to_numpy(dtype=float), weight * a["import_share"], sold)

    @functools.cached_property
    def model_parameters(self) -> dict[str, ArrayLike]:
        """Everything the equations read."""
        a, b, flows = self.arrays, self.baseline, self.flows
        shares = self.rnd_import_shares.reindex(columns=list(self.codes), fill_value=0.0).to_numpy(dtype=float)
        found: dict[str, ArrayLike] = {name: value for name, value in a.items() if name != "commodity_exports_weight"}
        return found | {
            "gdp_share": self.world_shares,
            "commodity_exports_share": b["commodity_exports_share"],
            "capital_premium": b["capital_premium"],
            "consumption_share": b["consumption"],
            "wealth_ratio": b["wealth"],
            "rnd_stock_level": a["rnd_ratio"] * self.world_shares * a["rnd_stock_relative"],
            "numeraire": np.array([float(code == self.numeraire) for code in self.codes]),
            "finance_constrained": self.is_in("finance_constrained"),
            "oil_purchases": self.oil_purchases,
            "rnd_import_shares": shares / shares.sum(axis=1, keepdims=True),
            "import_shares": flows / flows.sum(axis=1, keepdims=True),
            "export_weights": (flows / flows.sum(axis=0)).T,
        }

    def index_path(self, years: Sequence[int]) -> Array:
        """Return the log of the foreign R&D stock on the baseline, shape (T, V); flat before and after the years given."""
        table = self.foreign_stock_index.loc[list(self.codes)]
        dates = np.array([int(year) for year in table.columns], dtype=float)
        return np.stack([np.interp(years, dates, row) for row in table.to_numpy(dtype=float)], axis=1)
