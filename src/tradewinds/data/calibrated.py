"""A stand-in for the data of Keller (1997): real trade shares, simulated R&D and productivity, known truth.

The OECD micro-series behind the paper are not public. This panel keeps what is: the bilateral import shares of Tables A-1 to
A-6 and the moments of the R&D stocks of Table A-7, which it fits exactly by country. Growth of R&D follows footnote 15 where the
paper prints it (Canada, Italy); overall import shares ``m[i, j]``, which the paper neither tabulates nor defines, are assumed.
TFP growth is generated from the general-spillover regression (5.1) with the coefficients of Table 4, so that the true
parameters are known, and noise of a named kind. No estimate from it is an estimate of the paper's.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradewinds.data.keller_tables import keller_import_weights, rnd_stock_moments
from tradewinds.data.panel import SpilloverPanel
from tradewinds.errors import InputError, did_you_mean
from tradewinds.labels import KELLER_COUNTRIES, KELLER_INDUSTRIES
from tradewinds.measure.interpolation import build_interpolated
from tradewinds.measure.inventory import build_inventory

__all__ = ["NOISE", "STAND_IN", "CalibratedNoise", "keller1997_calibrated"]

Array = NDArray[np.float64]

STAND_IN = (
    "Calibrated stand-in for Keller (1997): real trade shares (Tables A-1 to A-6), simulated R&D and TFP with known "
    "parameters. The OECD micro-series behind the paper are not public."
)
YEARS = tuple(range(1970, 1992))

#: Average annual log growth of R&D stocks: footnote 15 for Canada and Italy; the rest are ours, between those two.
RND_GROWTH: Mapping[str, float] = dict(
    zip(KELLER_COUNTRIES, (0.0364, 0.054, 0.110, 0.1188, 0.090, 0.095, 0.041, 0.095), strict=True)
)
#: Overall import share by country: assumed (open small economies high, Japan and the USA low).
IMPORT_SHARE: Mapping[str, float] = dict(
    zip(KELLER_COUNTRIES, (0.45, 0.25, 0.16, 0.20, 0.07, 0.32, 0.28, 0.10), strict=True)
)
#: True elasticities: Table 4 of Keller (1997), equation (5.1).
ELASTICITY: Mapping[str, float] = dict(
    zip(KELLER_COUNTRIES, (0.426, 0.513, 0.252, 0.156, 0.167, 0.185, 0.508, 0.173), strict=True)
)
#: Years with an R&D survey, where not annual (Keller 1997, Appendix B).
SURVEY_INTERVAL: Mapping[str, int] = {"GBR": 3, "DEU": 2}


@dataclass(frozen=True)
class CalibratedNoise:
    """What moves TFP besides R&D; standard deviations of annual log changes unless said otherwise.

    Attributes
    ----------
    cell : float
        Persistent difference in growth of a country and industry.
    cycle : float
        Standard deviation of the log *level* of a mean-reverting cycle, whose changes enter growth.
    cycle_persistence : float
        Autocorrelation of that level.
    year : float
        Shock common to all in a year.
    independent : float
        Independent shock.
    """

    cell: float
    cycle: float
    cycle_persistence: float = 0.7
    year: float = 0.004
    independent: float = 0.045


#: Named kinds of noise. The cycle allows both the small dispersion of Table A-8 and the low R2 of Table 3; persistent cells are
#: what makes an F test with independent errors reject too often.
NOISE: Mapping[str, CalibratedNoise] = {
    "cyclical": CalibratedNoise(cell=0.004, cycle=0.10),
    "persistent": CalibratedNoise(cell=0.012, cycle=0.0),
    "both": CalibratedNoise(cell=0.012, cycle=0.10),
}


def keller1997_calibrated(
    *, trade_effect: float = 0.0, noise: str = "cyclical", seed: int = 1997, thin_surveys: bool = False
) -> SpilloverPanel:
    """Build the calibrated panel of 8 countries, 6 industries and 22 years.

    ``growth F = -0.001 + b_i g_i + m_ij sum_w (1/7) b_w g_w + trade_effect m_ij sum_w (m_w - 1/7) b_w g_w + noise``, with ``g``
    the log growth of R&D stocks, ``m_w`` real bilateral import shares and ``b`` Table 4's coefficients.

    Parameters
    ----------
    trade_effect : float
        True trade-related elasticity as a multiple of the general one (``bII / bI``). At 20 tests find it most of the time.
    noise : {"cyclical", "persistent", "both"}
    seed : int
        Of R&D paths, overall import shares and noise.
    thin_surveys : bool
        Observe British R&D every third and German every second year and interpolate, as the paper had to (Appendix B).

    Returns
    -------
    SpilloverPanel
        With ``truth`` the true parameters and ``stand_in`` the sentence shown wherever it is used.

    Raises
    ------
    InputError
        For an unknown kind of noise.

    Examples
    --------
    >>> panel = keller1997_calibrated()
    >>> panel.shape, bool(panel.stand_in)
    ((8, 6, 22), True)
    """
    if noise not in NOISE:
        raise InputError(f"noise is {noise!r}.{did_you_mean(noise, NOISE)} Allowed: {', '.join(NOISE)}.")
    rnd_seed, share_seed, noise_seed = np.random.SeedSequence(seed).spawn(3)
    weights = keller_import_weights()
    stock, expenditure = _rnd_stocks(np.random.default_rng(rnd_seed), thin_surveys)
    spread = np.random.default_rng(share_seed).lognormal(
        sigma=0.25, size=(len(KELLER_COUNTRIES), len(KELLER_INDUSTRIES))
    )
    import_share = np.array([IMPORT_SHARE[country] for country in KELLER_COUNTRIES])[:, None] * spread
    general = np.array([ELASTICITY[country] for country in KELLER_COUNTRIES])
    trade = trade_effect * general
    growth = -0.001 + _spillovers(np.diff(np.log(stock)), weights.values, import_share, general, trade)
    growth += _simulate_noise(NOISE[noise], np.random.default_rng(noise_seed), growth.shape)
    tfp = 100.0 * np.exp(np.concatenate([np.zeros((*growth.shape[:2], 1)), np.cumsum(growth, axis=2)], axis=2))
    notes = [
        "Bilateral shares: Keller (1997), Tables A-1 to A-6 (A-5 feeds ISIC 381, A-6 feeds ISIC 36&37).",
        "R&D stocks: simulated expenditure, inventory (B.1), split and scaled to fit Table A-7 by country.",
        f"Overall import shares: assumed. TFP: equation (5.1) with Table 4's coefficients, trade effect {trade_effect:g}, "
        f"{noise} noise, seed {seed}.",
    ]
    if thin_surveys:
        notes.append("R&D: British every third year and German every second, the rest interpolated (Appendix B).")
    return SpilloverPanel(
        name="keller1997-calibrated",
        countries=KELLER_COUNTRIES,
        industries=tuple(KELLER_INDUSTRIES),
        years=YEARS,
        tfp=tfp,
        rnd_stock=stock,
        weights=weights,
        import_share=import_share,
        stand_in=STAND_IN,
        truth={"general": general, "trade": trade, "rnd_expenditure": expenditure},
        notes=tuple(notes),
        warnings=(
            "R&D stocks use Keller's benchmark (B.1), whose added 0.1 gives every stock a common decaying trend in the "
            "first years.",
        ),
        citation_keys=("keller1997",),
    )


def _spillovers(growth: Array, shares: Array, import_share: Array, general: Array, trade: Array) -> Array:
    """Return the systematic part of TFP growth, shape (V, J, T - 1); (5.2) with own deviation zero."""
    size = len(general)
    equal = (1.0 - np.eye(size)) / (size - 1)
    own = general[:, None, None] * growth
    foreign = np.einsum("iw,w,wjt->ijt", equal, general, growth)
    related = np.einsum("iwj,w,wjt->ijt", shares - equal[:, :, None], trade, growth)
    return own + import_share[:, :, None] * (foreign + related)


def _simulate_noise(kind: CalibratedNoise, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return shocks to annual TFP growth, shape (V, J, T - 1)."""
    countries, industries, steps = shape
    cell = rng.normal(scale=kind.cell, size=(countries, industries, 1)) if kind.cell else 0.0
    year = rng.normal(scale=kind.year, size=(1, 1, steps))
    independent = rng.normal(scale=kind.independent, size=shape)
    level = _autoregression(rng, kind.cycle_persistence, kind.cycle, (countries, industries, steps + 1))
    return cell + year + independent + np.diff(level)


def _autoregression(rng: np.random.Generator, persistence: float, deviation: float, shape: tuple[int, ...]) -> Array:
    """Return a stationary AR(1) along the last axis with the given standard deviation."""
    innovations = rng.normal(size=shape)
    path = np.empty(shape)
    path[..., 0] = innovations[..., 0]
    for step in range(1, shape[-1]):
        path[..., step] = persistence * path[..., step - 1] + np.sqrt(1 - persistence**2) * innovations[..., step]
    return deviation * path


def _rnd_stocks(rng: np.random.Generator, thin: bool) -> tuple[Array, Array]:
    """Return stocks (V, J, T) that fit Table A-7 and the national expenditure behind them (V, T)."""
    moments = rnd_stock_moments()
    shocks = 0.6 * np.cumsum(_autoregression(rng, 0.5, 0.05, (len(KELLER_COUNTRIES), len(YEARS))), axis=1)
    stocks, expenditures = [], []
    for country, path in zip(KELLER_COUNTRIES, shocks, strict=True):
        expenditure = _expenditure(country, _trend(country, path, thin), path, thin)
        national = _inventory(expenditure)
        mean, deviation = moments.country[country]
        split = _industry_split(national, deviation / mean)
        scale = mean / (split[:, None] * national).mean()
        stocks.append(scale * split[:, None] * national)
        expenditures.append(scale * split.sum() * expenditure)
    return np.stack(stocks), np.stack(expenditures)


def _inventory(expenditure: Array) -> Array:
    """Return the stock of (B.1); its benchmark warning is recorded on the panel instead of issued."""
    return build_inventory(expenditure, variant="keller-b1", growth_window=(0, 19)).stock


def _expenditure(country: str, trend: float, shocks: Array, thin: bool) -> Array:
    """Return national R&D expenditure, thinned to survey years and interpolated where asked for."""
    series = np.exp(trend * np.arange(len(YEARS)) + shocks)
    interval = SURVEY_INTERVAL.get(country, 1) if thin else 1
    if interval == 1:
        return series
    surveyed = np.zeros(len(YEARS), dtype=bool)
    surveyed[::interval] = surveyed[-1] = True
    return build_interpolated(np.where(surveyed, series, np.nan)).values


def _trend(country: str, shocks: Array, thin: bool) -> float:
    """Solve for the trend of expenditure that gives the stock its target average growth over the sample."""
    from scipy.optimize import brentq

    def gap(trend: float) -> float:
        stock = _inventory(_expenditure(country, trend, shocks, thin))
        return float(np.log(stock[-1] / stock[0]) / (len(YEARS) - 1) - RND_GROWTH[country])

    return float(brentq(gap, -0.25, 0.5, xtol=1e-10))


@functools.cache
def _industry_means() -> Array:
    return np.array([rnd_stock_moments().industry[code][0] for code in KELLER_INDUSTRIES])


def _industry_split(national: Array, variation: float) -> Array:
    """Return industry shares ``base**power`` such that the country's coefficient of variation is Table A-7's.

    For a product of an industry and a time pattern, ``CV^2 + 1 = (CV_industry^2 + 1)(CV_time^2 + 1)``.
    """
    from scipy.optimize import brentq

    base = _industry_means() / _industry_means().max()  # only ratios matter, and large powers stay finite
    count = national.size * base.size
    target = (variation**2 * (count - 1) / count + 1) / (np.var(national) / np.mean(national) ** 2 + 1) - 1

    def gap(power: float) -> float:
        share = base**power
        return float(np.var(share) / np.mean(share) ** 2 - target)

    if target <= 0:
        raise InputError("the simulated R&D stock varies more over time than Table A-7 allows; use another seed")
    power = float(brentq(gap, 0.0, 60.0))
    share = base**power
    return share / share.sum()
