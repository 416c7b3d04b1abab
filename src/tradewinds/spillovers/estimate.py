"""Estimate a specification under observed or equal weights, and split trade from general spillovers.

Equation numbers are Keller's (1997). Under equal weights the regression is the general spillover (5.1). The regression that
separates the two, (5.2), has the general regressors and, for each partner, the deviation of its share from 1/(V-1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradewinds.errors import InputError, require_option
from tradewinds.spillovers.models import PartnerModel, build_model
from tradewinds.spillovers.parameters import Covariance, Specification
from tradewinds.spillovers.regression import least_squares
from tradewinds.spillovers.results import Estimate
from tradewinds.spillovers.threads import one_blas_thread

if TYPE_CHECKING:
    from tradewinds.data.panel import SpilloverPanel

__all__ = ["ESTIMATE_WEIGHTS", "estimate", "estimator_keys", "general_and_trade"]

ESTIMATE_WEIGHTS = ("observed", "equal")

_COVARIANCE_KEYS = {
    "hc1": ("mackinnon-white1985",),
    "cluster_country": ("liang-zeger1986",),
    "cluster_cell": ("liang-zeger1986",),
    "jackknife_country": ("mackinnon-white1985",),
}
_FOREIGN_KEYS = {
    "by_partner": (),
    "coe-helpman": ("coe-helpman1995",),
    "lichtenberg-van-pottelsberghe": ("lichtenberg-vanpottelsberghe1998",),
}


def estimator_keys(panel: SpilloverPanel, specification: Specification, covariance: str = "iid") -> tuple[str, ...]:
    """Return citation keys of a specification, its error variance and its data."""
    keys = (
        "keller1997",
        *_FOREIGN_KEYS[specification.foreign_rnd],
        *_COVARIANCE_KEYS.get(covariance, ()),
        *panel.citation_keys,
    )
    return tuple(dict.fromkeys(keys))


@one_blas_thread()
def estimate(
    panel: SpilloverPanel,
    specification: Specification | None = None,
    *,
    weights: str = "observed",
    covariance: Covariance = "iid",
) -> Estimate:
    """Estimate the spillovers of each country's R&D.

    ``log F = a + sum_v b_v (weight_v log S_v) + e`` in levels (4.1), (4.2); the same in growth rates (4.9), (4.10); with
    equal weights the general spillover (5.1). Own research always has weight one.

    Parameters
    ----------
    panel : SpilloverPanel
    specification : Specification, optional
        Default: growth with the overall import share, the paper's preferred one (4.10).
    weights : {"observed", "equal"}
    covariance : str
        One of :data:`~tradewinds.spillovers.COVARIANCES`; ``"iid"`` is the paper's.

    Returns
    -------
    Estimate

    Raises
    ------
    InputError
        For options that do not exist, break years the panel lacks, collinear regressors, or too few observations.

    Examples
    --------
    >>> from tradewinds.data import keller1997_calibrated
    >>> fit = estimate(keller1997_calibrated())
    >>> fit.equation, fit.fit.rows
    ('4.10', 240)
    """
    specification = specification or Specification()
    require_option("weights", weights, ESTIMATE_WEIGHTS)
    model = build_model(panel, specification)
    realised = model.values if weights == "observed" else model.equal()
    fit = least_squares(
        model.outcome,
        model.regressors(realised),
        model.fixed,
        terms=model.terms,
        covariance=covariance,
        countries=model.countries,
        cells=model.cells,
    )
    return Estimate(
        specification,
        weights,
        model.terms,
        fit,
        covariance,
        panel.name,
        panel.stand_in,
        estimator_keys(panel, specification, covariance),
    )


@one_blas_thread()
def general_and_trade(
    panel: SpilloverPanel, specification: Specification | None = None, *, covariance: Covariance = "iid"
) -> Estimate:
    """Estimate general and trade-related spillovers together (5.2).

    ``growth F = a + sum_v bI_v [m_ij (1/7) g_v] + sum_v bII_v [m_ij (m_vj^i - 1/7) g_v] + e``; own research enters the general
    part with weight one and the trade part with weight zero.

    Parameters
    ----------
    panel : SpilloverPanel
    specification : Specification, optional
        Default: growth with the overall import share. NIS and level versions are those of footnote 18.
    covariance : str

    Returns
    -------
    Estimate
        Terms ``general:CAN ...`` then ``trade:CAN ...``.

    Raises
    ------
    InputError
        For specifications with one pooled foreign stock or with main effects of weights, which (5.2) does not have.
    """
    specification = specification or Specification()
    model = _partner_model(panel, specification)
    general = model.regressors(model.equal())
    trade = model.regressors(model.design.deviation(model.values))
    terms = tuple(f"{part}:{term}" for part in ("general", "trade") for term in model.terms)
    fit = least_squares(
        model.outcome,
        np.column_stack([general, trade]),
        model.fixed,
        terms=terms,
        covariance=covariance,
        countries=model.countries,
        cells=model.cells,
    )
    keys = (*estimator_keys(panel, specification, covariance), "borusyak-hull2023")
    return Estimate(specification, "general_plus_trade", terms, fit, covariance, panel.name, panel.stand_in, keys)


def _partner_model(panel: SpilloverPanel, specification: Specification) -> PartnerModel:
    """Return the model behind (5.2), or say why there is none."""
    if specification.foreign_rnd != "by_partner":
        raise InputError('separating trade from general spillovers (5.2) needs foreign_rnd = "by_partner"')
    if specification.share_main_effects:
        raise InputError(
            "share_main_effects and the separation (5.2) do not go together: the weights' main effects are part of what is "
            'randomised. Use effects = ["cell"], which absorbs them when weights do not vary over time.'
        )
    return PartnerModel(panel, specification)
