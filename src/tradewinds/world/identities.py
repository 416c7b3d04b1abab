"""Accounting identities of the world: none of them is an equation as such, so each is a check of all that are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import xarray

    from tradewinds.world.calibration import Calibration

__all__ = ["identity_gaps"]


def identity_gaps(calibration: Calibration, databank: xarray.Dataset) -> dict[str, float]:
    """Return the largest absolute gap of each identity over the years in which the model holds.

    World trade in volume and in value, saving and investment, the budget of the government, foreign assets of the world; in
    shares of output on the baseline, of the country or of the world.
    """
    x = {name: databank[name].values for name in databank.data_vars}
    weight = np.asarray(
        calibration.model_parameters["gdp_share"]
    )  # in shares of the world, whatever the calibration's unit
    growth = float(calibration.arrays["growth"])
    inside = slice(1, -1)

    def world(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(values @ weight)[inside]

    def before(name: str) -> NDArray[np.float64]:
        return np.asarray(x[name])[:-2]

    income = (x["output"] / x["absorption_price"])[inside]
    in_absorption = (x["real_exchange_rate"] * x["absorption_price"])[inside]
    tariffs = (x["tariff"] * x["import_price"] * x["imports"])[inside] / in_absorption
    abroad = x["trade_balance"][inside] / in_absorption
    private = income - x["taxes"][inside] - x["consumption"][inside] - x["extra_rnd"][inside]
    public = x["taxes"][inside] + tariffs - x["government_spending"][inside]
    interest = (1 + before("absorption_real_rate")) / (1 + growth) * before("government_debt")
    oil = (x["oil_price"] * (x["oil_imports"] @ weight))[inside]
    shares = calibration.oil_purchases * x["export_propensity"][inside]
    shares = shares / shares.sum(axis=1, keepdims=True)
    spent = (shares * x["export_price"][inside]).sum(axis=1) * x["oil_exporters_imports"][inside]
    rate = before("real_interest_rate")[:, calibration.codes.index(calibration.numeraire)]
    assets = x["oil_exporters_assets"]
    gaps = {
        "world trade, volume": world(x["exports"] - x["imports"] - x["commodity_imports"])
        - x["oil_exporters_imports"][inside],
        "world trade, value": world(x["trade_balance"]) + oil - spent,
        "saving = investment": private + public - abroad - x["investment"][inside],
        "government budget": x["government_debt"][inside] - interest + public,
        "foreign assets of the world": world(x["foreign_assets"]) + assets[inside],
        "foreign assets of oil exporters": assets[inside] - (1 + rate) / (1 + growth) * assets[:-2] - oil + spent,
        "commodity market": world(x["commodity_imports"]),
    }
    return {name: float(np.max(np.abs(gap))) for name, gap in gaps.items()}
