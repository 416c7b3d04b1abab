"""Panels for the tests of the spillover room."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tradewinds.data.panel import SpilloverPanel
from tradewinds.measure.weights import ImportWeights

COUNTRIES = ("CAN", "FRA", "DEU", "ITA", "JPN", "SWE", "GBR", "USA")


def make_panel(
    countries: int = 8, industries: int = 6, years: int = 22, *, varying: bool = False, seed: int = 0
) -> SpilloverPanel:
    """Return a panel of random numbers with the shape of Keller's."""
    rng = np.random.default_rng(seed)
    shape = (countries, countries, industries) + ((years,) if varying else ())
    shares = rng.random(shape) + 0.01
    for own in range(countries):
        shares[own, own] = 0.0
    shares /= shares.sum(axis=1, keepdims=True)
    labels = COUNTRIES[:countries]
    sectors = tuple(f"{30 + k}" for k in range(industries))
    dates = tuple(range(1970, 1970 + years))
    growth = rng.normal(0.05, 0.03, (countries, 1, years)) + rng.normal(0, 0.01, (countries, industries, years))
    stock = np.exp(np.cumsum(growth, axis=2) + rng.normal(5, 1, (countries, industries, 1)))
    return SpilloverPanel(
        name="random",
        countries=labels,
        industries=sectors,
        years=dates,
        tfp=np.exp(rng.normal(0, 0.3, (countries, industries, years))),
        rnd_stock=stock,
        weights=ImportWeights(shares, labels, sectors, dates if varying else None),
        import_share=rng.uniform(0.05, 0.5, (countries, industries)),
        gdp=rng.uniform(1, 10, (countries, years)),
        bilateral_imports=shares * 50.0,
        citation_keys=("keller1997",),
    )


@pytest.fixture
def panel_factory() -> Callable[..., SpilloverPanel]:
    return make_panel


@pytest.fixture(scope="session")
def random_panel() -> SpilloverPanel:
    return make_panel()


@pytest.fixture(scope="session")
def varying_panel() -> SpilloverPanel:
    return make_panel(varying=True)
