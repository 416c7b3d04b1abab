"""The world model of a calibration, ready for the perfect-foresight engine, and its baseline."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.solvers.perfect_foresight import Model, Parameter, make_databank
from tradewinds.world.calibration import Calibration
from tradewinds.world.equations import BLOCKS, PARTNER_BLOCKS
from tradewinds.world.parameters import DEFINITIONS
from tradewinds.world.variables import VARIABLES, exogenous_of

if TYPE_CHECKING:
    import xarray

__all__ = ["baseline_databank", "world_model"]

_PAIRS = ("rnd_import_shares", "import_shares", "export_weights")

#: Models by countries: worlds that differ in numbers only share one, with what has been compiled for it.
_BUILT: dict[tuple[str, ...], Model] = {}


def world_model(calibration: Calibration) -> Model:
    """Return the model; numbers of the calibration are its defaults only if it is the first with these countries."""
    codes = calibration.codes
    if codes not in _BUILT:
        _BUILT[codes] = Model(
            "world",
            countries=codes,
            variables=VARIABLES,
            exogenous=exogenous_of(codes),
            parameters=[_parameter(name, value) for name, value in calibration.model_parameters.items()],
            blocks=[*BLOCKS, *(_with_partners(block, codes) for block in PARTNER_BLOCKS)],
        )
    return _BUILT[codes]


def _parameter(name: str, value: Any) -> Parameter:
    if name in DEFINITIONS:
        item = DEFINITIONS[name]
        return Parameter(name, tuple(value) if np.ndim(value) else float(value), item.meaning, item.bounds, item.unit)
    default = tuple(map(tuple, value)) if name in _PAIRS else tuple(value)
    return Parameter(name, default, name.replace("_", " "), pairs=name in _PAIRS)


def _with_partners(block: Callable[..., Mapping[str, Any]], codes: Sequence[str]) -> Callable[..., Mapping[str, Any]]:
    found: Any = functools.update_wrapper(functools.partial(block, partners=codes), block)
    del found.__wrapped__  # or it would be taken for a function of six arguments
    return found


def baseline_databank(calibration: Calibration, first_year: int, last_year: int) -> xarray.Dataset:
    """Return the balanced baseline: the year before the first, the horizon, and the year beyond it."""
    a, b, one = calibration.arrays, calibration.baseline, 1.0
    years = range(first_year - 1, last_year + 2)
    rate = float(a["real_rate"])
    world_oil = float(calibration.world_shares @ a["oil_imports_share"])
    values: dict[str, Any] = {
        "potential_output": one,
        "output": one,
        "tfp": one,
        "manufactures_imports_gdp": a["manufactures_import_share"],
        "rnd_gdp": a["rnd_ratio"],
        "domestic_rnd_stock": one,
        "foreign_rnd_stock": one,
        "capital": a["capital_ratio"],
        "market_value": a["capital_ratio"],
        "government_spending": a["government_share"],
        "government_debt": a["debt_ratio"],
        "absorption": one,
        "imports": a["import_share"],
        "commodity_imports": a["commodity_imports_share"] - b["commodity_exports_share"],
        "oil_imports": a["oil_imports_share"],
        "oil_exports": world_oil,
        "oil_exporters_imports": world_oil,
        "inflation": float(a["baseline_inflation"]),
        "interest_rate": rate + float(a["baseline_inflation"]),
        "labour": one,
        "log_foreign_stock_index": calibration.index_path(years),
    }
    values |= {name: b[name] for name in ("investment", "profits", "consumption", "disposable_income", "human_wealth")}
    values |= {name: b[name] for name in ("wealth", "taxes", "exports")}
    values |= dict.fromkeys(("long_rate", "real_interest_rate", "absorption_real_rate"), rate)
    prices = "absorption_price export_propensity import_price export_price commodity_price oil_demand oil_price"
    values |= dict.fromkeys((*prices.split(), "real_exchange_rate", "price_level", "money", "terms_of_trade"), one)
    model = world_model(calibration)
    zero = [item.name for item in (*model.variables, *model.exogenous) if item.name not in values]
    return make_databank(model, years, values | dict.fromkeys(zero, 0.0))
