"""The two ways foreign research enters: partner by partner (Keller) or as one weighted stock (Coe and Helpman).

Both answer the same two questions: what are the regressors under given weights, and what are the estimates under many
draws of weights. :func:`build_model` picks one from the specification.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tradewinds.data.panel import SpilloverPanel
from tradewinds.errors import InputError
from tradewinds.spillovers.equations import Design, average_growth, break_years, build_design
from tradewinds.spillovers.moments import TOLERANCE, BatchFit, Moments, build_moments, fit_batch
from tradewinds.spillovers.parameters import Specification

__all__ = ["Model", "PartnerModel", "PooledModel", "build_model"]

Array = NDArray[np.float64]


class Model(Protocol):
    """What experiments need to know of a specification with its data."""

    terms: tuple[str, ...]
    values: Array
    own: NDArray[np.intp]
    outcome: Array
    fixed: Array
    cells: NDArray[np.intp]
    countries: NDArray[np.intp]

    def regressors(self, weights: Array) -> Array:
        """Return the regressor matrix (n, K) under one set of weights."""

    def equal(self) -> Array:
        """Return the weights that treat partners alike."""

    def fit(self, weights: Array) -> BatchFit:
        """Return estimates for draws of weights, first axis draws."""


def _codes(countries: int, industries: int, dates: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return cluster codes of rows: country, and country by industry."""
    cells = np.repeat(np.arange(countries * industries), dates)
    return cells // industries, cells


class PartnerModel:
    """One elasticity a research country: regressors ``m[i,j] * weight * log S`` (4.1)-(4.12), (5.1).

    Parameters
    ----------
    panel : SpilloverPanel
    specification : Specification
    kind : str
        Experiment the weights will come from; ``"exchange_all"`` needs to know where ``m[i, j]`` goes.
    """

    def __init__(self, panel: SpilloverPanel, specification: Specification, kind: str = "observed") -> None:
        design = build_design(panel, specification)
        if kind == "exchange_all" and specification.import_share:
            design = _place_overall_share(design, specification)
        self.design = design
        self.own = design.own
        self.values = design.observed
        self.series = design.series
        self.outcome = design.outcome.ravel()
        self.fixed = design.dummies
        self.terms = design.terms
        self.countries, self.cells = _codes(*panel.shape[:2], design.outcome.shape[1])
        self._moments: Moments | None = None

    def regressors(self, weights: Array) -> Array:
        """Return the regressor matrix, shape (n, K)."""
        return self.design.regressors(weights)

    def equal(self) -> Array:
        """Return own weight one and 1/(V-1) for each partner, shape (C, V)."""
        return self.design.equal

    def moments(self, outcomes: Array | None = None, fixed: Array | None = None) -> Moments:
        """Return the moments of these regressors for outcomes (n,) or (n, S) and fixed regressors (n, F)."""
        series = self.series
        y = self.outcome if outcomes is None else outcomes
        if self.values.ndim == 3:  # weights vary over time: every row is a cell of its own
            series = series.reshape(-1, 1, series.shape[-1])
        shape = (*series.shape[:2], -1)
        return build_moments(series, y.reshape(shape), self.fixed if fixed is None else fixed)

    def batch_weights(self, weights: Array) -> Array:
        """Lay out draws as :func:`fit_batch` wants them, shape (B, cells, K)."""
        return weights.reshape(weights.shape[0], -1, weights.shape[-1])[..., self.design.columns]

    def fit(self, weights: Array) -> BatchFit:
        """Return estimates for draws of weights, shape (B, C, V) or (B, C, P, V)."""
        if self._moments is None:
            self._moments = self.moments()
        return fit_batch(self._moments, self.batch_weights(weights))


def _place_overall_share(design: Design, specification: Specification) -> Design:
    """Return the design with ``m[i, j]`` where the specification says when the own weight is exchanged too (4.5)."""
    if specification.share_follows == "slot":
        return design
    plain = design.unscaled
    full = np.concatenate([plain, np.ones_like(plain)], axis=-1)[..., : len(design.terms)]
    if specification.share_follows == "every_slot":
        return replace(design, series=design.overall[:, :, None] * full)
    constant = design.observed.ndim == 2
    if constant and np.ptp(design.overall, axis=1).max() > 0:
        raise InputError(
            'share_follows = "value" needs an overall import share that does not vary over time, because the '
            "exchanged weights do not"
        )
    own = design.own_mask if constant else design.own_mask[:, None, :]
    overall = design.overall[:, :1] if constant else design.overall[:, :, None]
    return replace(design, series=full, observed=np.where(own, 1.0, design.observed * overall))


class PooledModel:
    """One elasticity of a weighted foreign stock: ``log F = a + b_d log S + b_f [m] log sum_w weight_w S_w``.

    Coe and Helpman (1995) weigh by import shares; Lichtenberg and van Pottelsberghe (1998) by imports over the partner's GDP.
    """

    def __init__(self, panel: SpilloverPanel, specification: Specification) -> None:
        design = build_design(panel, specification.replace(foreign_rnd="by_partner", share_main_effects=False))
        countries, industries, _ = panel.shape
        self.panel, self.specification = panel, specification
        self.own = design.own
        self.overall = design.overall
        stock = panel.rnd_stock
        flows = panel.weights.values
        if specification.foreign_rnd == "lichtenberg-van-pottelsberghe":
            stock, flows = _per_unit_of_gdp(panel)
        by_partner = np.moveaxis(flows, 1, -1)  # importer, industry[, year], partner
        self.values = by_partner.reshape(countries * industries, *by_partner.shape[2:])
        self.stock = np.transpose(stock[:, design.industry, :], (1, 2, 0))  # cell, year, partner
        own_term = self._transform(panel.rnd_stock).reshape(design.outcome.size)
        self.outcome = design.outcome.ravel()
        extra = [own_term]
        terms = ["own_rnd"]
        if specification.share_main_effects:
            extra.append(design.overall.ravel())
            terms.append("import_share")
        self.controls = np.column_stack(extra)
        self.fixed = design.dummies
        self.terms = (*terms, "foreign_rnd")
        self.countries, self.cells = _codes(countries, industries, design.outcome.shape[1])

    def _transform(self, stock: Array) -> Array:
        """Return the log, or average annual growth, of stocks with years last."""
        if self.specification.kind == "level":
            return np.log(stock)
        years, breaks = self.panel.years, break_years(self.panel, self.specification)
        return average_growth(stock, years, breaks, self.specification.growth)

    def foreign(self, weights: Array) -> Array:
        """Return the foreign term of draws (B, C[, T], V) as (B, n)."""
        if weights.ndim == 3:
            stock = np.einsum("bcv,ctv->bct", weights, self.stock, optimize=True)
        else:
            stock = np.einsum("bctv,ctv->bct", weights, self.stock, optimize=True)
        return (self._transform(stock) * self.overall).reshape(weights.shape[0], -1)

    def regressors(self, weights: Array) -> Array:
        """Return the regressor matrix, shape (n, 2) or, with the main effect of ``m``, (n, 3)."""
        return np.column_stack([self.controls, self.foreign(weights[None])[0]])

    def equal(self) -> Array:
        """Return the mean weight for every partner, zero for the own country."""
        countries = self.values.shape[-1]
        mean = self.values.sum(axis=-1, keepdims=True) / (countries - 1)
        own = np.arange(countries) == self.own.reshape(-1, *(1,) * (self.values.ndim - 1))
        return np.where(own, 0.0, mean)

    def fit(self, weights: Array) -> BatchFit:
        """Return estimates for draws: only one regressor changes, so all have closed forms."""
        common = np.column_stack([self.fixed, self.controls])
        basis, triangle = np.linalg.qr(common)
        solve = np.linalg.solve(triangle, basis.T)[-self.controls.shape[1] :]  # rows give the controls' coefficients
        y = self.outcome
        left = y - basis @ (basis.T @ y)
        foreign = self.foreign(weights)
        remaining = foreign - (foreign @ basis) @ basis.T
        size = np.einsum("bn,bn->b", remaining, remaining)
        if not np.all(size > TOLERANCE * np.einsum("bn,bn->b", foreign, foreign)):
            raise InputError("the foreign R&D stock is collinear with own R&D or the fixed effects: drop an effect")
        slope = remaining @ left / size
        residual_sum = left @ left - slope**2 * size
        freedom = y.size - common.shape[1] - 1
        variance = residual_sum / freedom
        through = foreign @ solve.T  # effect of the foreign term on each control's coefficient
        controls = solve @ y - slope[:, None] * through
        control_variance = np.einsum("kn,kn->k", solve, solve) + through**2 / size[:, None]
        errors = np.sqrt(np.column_stack([control_variance, 1.0 / size]) * variance[:, None])
        total = np.sum((y - y.mean()) ** 2)
        return BatchFit(
            coefficients=np.column_stack([controls, slope])[:, :, None],
            std_errors=errors[:, :, None],
            residual_sum=residual_sum[:, None],
            r_squared=(1.0 - residual_sum / total)[:, None],
            joint_f=(slope**2 * size / variance)[:, None],
        )


def _per_unit_of_gdp(panel: SpilloverPanel) -> tuple[Array, Array]:
    """Return stocks over GDP and import flows, for Lichtenberg-van Pottelsberghe weights."""
    if panel.gdp is None or panel.bilateral_imports is None:
        raise InputError(
            'foreign_rnd = "lichtenberg-van-pottelsberghe" needs the variables gdp and bilateral_imports, which panel '
            f"{panel.name} does not have"
        )
    return panel.rnd_stock / panel.gdp[:, None, :], panel.bilateral_imports


def build_model(panel: SpilloverPanel, specification: Specification, kind: str = "observed") -> Model:
    """Return the model of a specification for the weights of an experiment."""
    if specification.foreign_rnd == "by_partner":
        return PartnerModel(panel, specification, kind)
    if kind == "exchange_all":
        raise InputError(
            'experiment = "exchange_all" exchanges own and foreign weights, which needs foreign_rnd = "by_partner"'
        )
    return PooledModel(panel, specification)
