r"""Who starts to export: probits on plants that did not export before, with effects by quartile of productivity.

Lileeva and Trefler (2010): plants that never exported are sorted into quartiles of productivity within their industry;
a probit of exporting afterwards on the cut of foreign tariffs, quartile by quartile, says how many of each quartile
started because of the cut. The model predicts that the share rises with productivity.
"""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Sequence
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tradewinds.errors import InputError
from tradewinds.firms.measurement.estimates import PlantEstimates, normal_table
from tradewinds.firms.measurement.libraries import need, quietly
from tradewinds.firms.measurement.panel import PlantPanel
from tradewinds.firms.measurement.premia import exporter_sample

__all__ = ["average_effects", "probit", "starting_to_export"]

Array = NDArray[np.float64]


def starting_to_export(
    panel: PlantPanel,
    before: int,
    after: int,
    *,
    shock: str | None = None,
    controls: Sequence[str] = (),
    quantiles: int = 4,
) -> PlantEstimates:
    r"""Return the probability of starting to export by quartile of productivity, and what a shock adds to it.

    :math:`P(\text{starts}) = \Phi(\sum_q D_q (a_q + b_q z) + c'x)` over plants that exported in no year up to
    ``before`` and are in the panel in
    ``before`` and ``after``. For each quartile: the mean predicted probability; with a shock z (say, the cut of
    foreign tariffs that a plant faces), its average marginal effect, and the share that starts because of it,
    :math:`\text{mean}[\Phi(z) - \Phi(0)]`. Errors are robust, carried to effects by the delta method.

    Parameters
    ----------
    panel : PlantPanel
        With export status.
    before, after : int
    shock : str, optional
        Column kept by :func:`read_plants`, zero where there is no shock.
    controls : sequence of str
        Columns kept, of the year before.
    quantiles : int
        Groups within an industry, by productivity before.

    Raises
    ------
    InputError
        If nobody or everybody starts, a year is missing, or a quartile does not vary in the outcome.
    MissingDependencyError
        If statsmodels is not installed.

    References
    ----------
    Lileeva and Trefler (2010); Melitz and Trefler (2012), p. 109.
    """
    frame, sample = _starters(panel, before, after, [*([shock] if shock else []), *controls])
    if isinstance(quantiles, bool) or not isinstance(quantiles, int) or quantiles < 1:
        raise InputError(f"quantiles is {quantiles!r}; it must be a whole number from 1 on")
    rank = frame.groupby("industry")["productivity"].rank(pct=True, method="first")
    group = np.minimum(np.ceil(rank.to_numpy() * quantiles).astype(int), quantiles) - 1
    dummies = (group[:, None] == np.arange(quantiles)).astype(float)
    _require_variation(frame["starts"].to_numpy(), group, quantiles)
    z = frame[shock].to_numpy() if shock else np.zeros(len(frame))
    other = frame[list(controls)].to_numpy()
    blocks = [dummies, *([dummies * z[:, None]] if shock else []), other - other.mean(axis=0)]
    X = np.column_stack(blocks)
    beta, cov = probit(frame["starts"].to_numpy(), X)
    bare = np.column_stack([dummies, *([0 * dummies] if shock else []), blocks[-1]])
    rows = _by_group(X, bare, beta, group, quantiles, bool(shock))
    names, values, gradients, units = (list(column) for column in zip(*rows, strict=True))
    errors = [float(np.sqrt(g @ cov @ g)) for g in gradients]
    return PlantEstimates(
        title=f"Starting to export, {before} to {after}, by quantile of productivity within the industry",
        estimates=normal_table(names, np.array(values), np.array(errors), units),
        sample=MappingProxyType(sample),
        details=MappingProxyType(
            {
                "model": "probit",
                "shock": shock or "none",
                "controls": ", ".join(controls) or "none",
                "standard errors": "robust",
            }
        ),
        citation_keys=("lileeva-trefler2010", "melitz-trefler2012"),
        source=panel.source,
    )


def average_effects(
    frame: pd.DataFrame, outcome: str, regressors: list[str], dummies: Sequence[str]
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return average marginal effects of a probit with dummies, errors clustered by plant; a 0-1 regressor's is its step."""
    groups = [pd.get_dummies(frame[name], drop_first=True, dtype=float).to_numpy() for name in dummies]
    X = np.column_stack([np.ones(len(frame)), frame[regressors].to_numpy(dtype=float), *groups])
    beta, cov = probit(frame[outcome].to_numpy(dtype=float), X, pd.factorize(frame["plant"])[0])
    values, errors = [], []
    for k in range(1, len(regressors) + 1):
        if set(np.unique(X[:, k])) == {0.0, 1.0}:
            with_it, without = X.copy(), X.copy()
            with_it[:, k], without[:, k] = 1.0, 0.0
            value, gradient = _difference(with_it, without, beta)
        else:
            value, gradient = _slope(X, beta, k)
        values.append(value)
        errors.append(float(np.sqrt(gradient @ cov @ gradient)))
    table = normal_table(regressors, np.array(values), np.array(errors), ["probability"] * len(regressors))
    return table, {"observations": len(frame), "plants": frame["plant"].nunique()}


def _starters(
    panel: PlantPanel, before: int, after: int, columns: Sequence[str]
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return plants that never exported up to ``before``, with what they did by ``after``."""
    for name, year in (("before", before), ("after", after)):
        if year not in panel.years:
            raise InputError(f"{name} is {year}, which is not a year of the panel; years are {panel.years}")
    if before >= after:
        raise InputError(f"before is {before} and after is {after}; before must come first")
    now = exporter_sample(dataclasses.replace(panel, frame=panel.frame[panel.frame["year"] == before]), columns)
    history = panel.frame[panel.frame["year"] <= before]
    once = set(history.loc[history["exporter"], "plant"])
    later = panel.frame[panel.frame["year"] == after].set_index("plant")["exporter"]
    never = ~now["plant"].isin(once)
    stays = now["plant"].isin(later.index)
    frame = now[never & stays].reset_index(drop=True)
    sample = {
        "observations": len(frame),
        "exported before": int((~never).sum()),
        "gone by the last year": int((never & ~stays).sum()),
    }
    return frame.assign(starts=frame["plant"].map(later).astype(float)), sample


def _require_variation(starts: Array, group: NDArray[np.int_], quantiles: int) -> None:
    if not len(starts):
        raise InputError("no plant that never exported is in the panel in both years")
    for q in range(quantiles):
        share = starts[group == q].mean() if (group == q).any() else 0.0
        if share in (0.0, 1.0):
            raise InputError(
                f"{'nobody' if share == 0 else 'everybody'} of quantile {q + 1} starts to export, so that a probit has no "
                "estimate; take fewer quantiles or years further apart"
            )


def probit(y: Array, X: Array, clusters: NDArray[np.int_] | None = None) -> tuple[Array, Array]:
    """Return coefficients and their robust covariance, by statsmodels; a fit that did not converge is an error."""
    models = need("statsmodels.discrete.discrete_model")
    options = {"cov_type": "HC1"} if clusters is None else {"cov_type": "cluster", "cov_kwds": {"groups": clusters}}
    with quietly():
        warnings.filterwarnings("ignore", message="Maximum Likelihood optimization failed")  # an error below
        try:
            fit = models.Probit(y, X).fit(disp=0, maxiter=100, **options)
        except np.linalg.LinAlgError:
            raise InputError("regressors of the probit are collinear; leave one out") from None
    if not fit.mle_retvals["converged"]:
        raise InputError("the probit has no finite estimate: some regressor tells outcomes apart perfectly")
    return np.asarray(fit.params), np.asarray(fit.cov_params())


def _difference(X1: Array, X0: Array, beta: Array) -> tuple[float, Array]:
    """Return mean Phi(X1 b) - Phi(X0 b) and its gradient."""
    from scipy.stats import norm

    up, down = X1 @ beta, X0 @ beta
    gradient = (norm.pdf(up)[:, None] * X1 - norm.pdf(down)[:, None] * X0).mean(axis=0)
    return float((norm.cdf(up) - norm.cdf(down)).mean()), gradient


def _slope(X: Array, beta: Array, k: int) -> tuple[float, Array]:
    """Return mean phi(X b) b_k and its gradient."""
    from scipy.stats import norm

    index = X @ beta
    density = norm.pdf(index)
    gradient = beta[k] * (-(index * density)[:, None] * X).mean(axis=0)
    gradient[k] += density.mean()
    return float(density.mean() * beta[k]), gradient


def _by_group(
    X: Array, bare: Array, beta: Array, group: NDArray[np.int_], quantiles: int, shocked: bool
) -> list[tuple[str, float, Array, str]]:
    """Return name, value, gradient and unit of each effect of each quantile."""
    rows = []
    for q in range(quantiles):
        own = group == q
        everything = np.full_like(X[own], 0.0)
        value, gradient = _difference(X[own], everything, beta)
        # Phi(0) = 1/2 was taken off; its gradient is zero there
        rows.append((f"quantile {q + 1}: starts", value + 0.5, gradient, "probability"))
        if shocked:
            value, gradient = _difference(X[own], bare[own], beta)
            rows.append((f"quantile {q + 1}: starts because of the shock", value, gradient, "probability"))
            value, gradient = _slope(X[own], beta, quantiles + q)
            rows.append((f"quantile {q + 1}: marginal effect of the shock", value, gradient, "probability a unit"))
    return rows
