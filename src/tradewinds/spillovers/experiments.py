"""Randomised trade patterns: what would the estimates be if countries imported from someone else?

Keller's (1997) Monte-Carlo experiments re-estimate a specification ``B`` times, each time with trade shares exchanged at
random: all eight of them (4.3)-(4.5), or the seven partners' only (4.6)-(4.8), (4.11), (4.12). Their mean over draws is close to
the general-spillover regression (5.1), because the average weight of each partner is 1/7. Beyond the paper, the same draws give
p-values: the observed pattern is one among the possible ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import require_option
from tradewinds.spillovers.assignment import LOTTERIES, assign
from tradewinds.spillovers.checks import positive_number, whole_number
from tradewinds.spillovers.estimate import estimate
from tradewinds.spillovers.inference import randomisation_p_value
from tradewinds.spillovers.models import PartnerModel, build_model
from tradewinds.spillovers.moments import fit_batch
from tradewinds.spillovers.parameters import Specification
from tradewinds.spillovers.results import Estimate, tidy_rows
from tradewinds.spillovers.threads import one_blas_thread

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from tradewinds.data.panel import SpilloverPanel

__all__ = ["LOTTERIES", "Draws", "Experiment", "run_experiment"]

Array = NDArray[np.float64]

#: Draws made at once: bounds memory whatever the number of draws.
BLOCK = 1_000


@dataclass(frozen=True, eq=False)
class Draws:
    """Statistics of every draw.

    Attributes
    ----------
    coefficients : ndarray, shape (B, K)
    std_errors : ndarray, shape (B, K)
        Of each draw's own regression, one error variance for all rows.
    r_squared, within_r_squared : ndarray, shape (B,)
    trade_f : ndarray, shape (B,) or (0,)
        F statistic of the trade part of (5.2); empty where it is not defined.
    """

    coefficients: Array
    std_errors: Array
    r_squared: Array
    within_r_squared: Array
    trade_f: Array


@dataclass(frozen=True, eq=False)
class Experiment:
    """A Monte-Carlo experiment beside the regression with observed shares.

    Attributes
    ----------
    kind : str
        Which lottery.
    count, seed : int
        Number of draws and the seed that makes them.
    observed : Estimate
        The same specification with observed shares.
    mean, sd : ndarray, shape (K,)
        Mean and standard deviation of estimates over draws. The standard deviation is the spread over trade patterns; it is
        not a standard error and does not test that a coefficient is zero.
    mean_r_squared, mean_within_r_squared : float
        Mean over draws of R2, and of the share of what the constant and fixed effects leave that is explained.
    share_positive : ndarray, shape (K,)
    p_values, p_values_upper : ndarray, shape (K,)
        Randomisation p-values of single coefficients, two-sided and for large ones. They hold only if partners are exchangeable,
        which the real ones are not: a country with large shares everywhere rejects far too often. Not a number where the
        observed regression is not among those drawn (``exchange_all`` with the import share on every slot).
    r_squared_p_value : float
        Randomisation p-value of the fit.
    trade_f, trade_f_p_value : float
        F statistic of the trade part of (5.2) under observed shares, and its randomisation p-value: the one to report. Not a
        number where (5.2) is not defined.
    draws : Draws or None
        Every draw, where asked for.
    """

    kind: str
    count: int
    seed: int
    observed: Estimate
    mean: Array
    sd: Array
    mean_r_squared: float
    mean_within_r_squared: float
    share_positive: Array
    p_values: Array
    p_values_upper: Array
    r_squared_p_value: float
    trade_f: float
    trade_f_p_value: float
    draws: Draws | None = None

    @property
    def terms(self) -> tuple[str, ...]:
        """Names of the regressors."""
        return self.observed.terms

    @property
    def specification(self) -> Specification:
        """Specification that was estimated."""
        return self.observed.specification

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Sources."""
        extra = ("coe-hoffmaister1999",) if self.kind == "drawn" else ("keller1998",)
        return tuple(dict.fromkeys((*self.observed.citation_keys, *extra)))

    @property
    def z_scores(self) -> Array:
        """Distance of the observed estimate from the mean over draws, in standard deviations over draws."""
        return (self.observed.coefficients - self.mean) / self.sd

    def rows(self) -> list[tuple[str, str, str, str, float]]:
        """Return the tidy rows."""
        label = self.specification.label
        by_term = {
            "mc_mean": self.mean,
            "mc_sd": self.sd,
            "z_score": self.z_scores,
            "share_positive": self.share_positive,
            "randomisation_p_value": self.p_values,
            "randomisation_p_value_upper": self.p_values_upper,
        }
        out = [
            (label, self.kind, term, variable, float(value))
            for variable, values in by_term.items()
            for term, value in zip(self.terms, values, strict=True)
        ]
        whole = {
            "mc_mean_r_squared": self.mean_r_squared,
            "mc_mean_within_r_squared": self.mean_within_r_squared,
            "r_squared_randomisation_p_value": self.r_squared_p_value,
            "draws": float(self.count),
        }
        if np.isfinite(self.trade_f):
            whole |= {"trade_f_statistic": self.trade_f, "trade_f_randomisation_p_value": self.trade_f_p_value}
        return out + [(label, self.kind, "", variable, value) for variable, value in whole.items()]

    def tidy(self) -> pd.DataFrame:
        """Return a frame with columns variable, value, unit, specification, weights, term."""
        return tidy_rows([*self.observed.rows(), *self.rows()])

    def summary(self) -> str:
        """Return the experiment as text."""
        lines = [
            f"{self.specification.label}: {self.kind}, {self.count} draws, seed {self.seed}",
            f"{'term':<14}{'observed':>10}{'mc mean':>10}{'mc s.d.':>10}{'z':>8}{'p':>8}",
        ]
        columns = zip(
            self.terms, self.observed.coefficients, self.mean, self.sd, self.z_scores, self.p_values, strict=True
        )
        for term, *numbers in columns:
            lines.append(
                f"{term:<14}" + "".join(f"{n:>{w}.3f}" for n, w in zip(numbers, (10, 10, 10, 8, 8), strict=True))
            )
        lines.append(
            f"R2 observed {self.observed.r_squared:.3f}, mean over draws {self.mean_r_squared:.3f}, "
            f"randomisation p {self.r_squared_p_value:.3f}"
        )
        if np.isfinite(self.trade_f):
            lines.append(f"trade part of (5.2): F = {self.trade_f:.2f}, randomisation p = {self.trade_f_p_value:.3f}")
        lines.append("The Monte-Carlo s.d. is the spread over trade patterns, not a standard error.")
        return "\n".join(lines)

    def plot(self) -> Figure:
        """Return a figure of observed estimates against the randomised ones."""
        from tradewinds.spillovers.figures import plot_experiment

        return plot_experiment(self)


@one_blas_thread()
def run_experiment(
    panel: SpilloverPanel,
    specification: Specification | None = None,
    kind: str = "exchange_partners",
    *,
    draws: int = 1_000,
    seed: int = 1,
    sparsity: float = 1.0,
    covariance: str = "iid",
    keep_draws: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Experiment:
    """Re-estimate a specification under random trade patterns.

    Parameters
    ----------
    panel : SpilloverPanel
    specification : Specification, optional
        Default: growth with the overall import share (4.12).
    kind : {"exchange_partners", "exchange_all", "drawn"}
    draws : int
        Number of random patterns; the paper's is 1,000.
    seed : int
        Draw ``d`` depends on the seed and ``d`` only.
    sparsity : float
        See :func:`~tradewinds.spillovers.assign`; only for ``"drawn"``.
    covariance : str
        Error variance of the regression with observed shares.
    keep_draws : bool
        Keep the statistics of every draw.
    progress : callable, optional
        Called with draws done and draws wanted.

    Returns
    -------
    Experiment

    Raises
    ------
    InputError
        For an unknown experiment, draws or a seed that are not whole numbers in range, a sparsity that is not finite and
        positive, or a specification the data cannot carry.
    """
    specification = specification or Specification()
    require_option("experiment", kind, LOTTERIES)
    draws = whole_number("draws", draws, at_least=2, why=" for a spread, and 999 for a p-value worth quoting")
    seed = whole_number("seed", seed, at_least=0)
    sparsity = positive_number("sparsity", sparsity)
    model = build_model(panel, specification, kind)
    observed = estimate(panel, specification, covariance=covariance)  # type: ignore[arg-type]
    trade = _trade_statistic(model, specification, kind)
    every = _room_for(draws, len(model.terms), std_errors=keep_draws, trade=trade is not None)
    for first in range(0, draws, BLOCK):
        count = min(BLOCK, draws - first)
        weights = assign(model.values, model.own, kind, seed=seed, first=first, draws=count, sparsity=sparsity)
        fits = model.fit(weights)
        block = slice(first, first + count)
        every.coefficients[block] = fits.coefficients[:, :, 0]
        every.r_squared[block] = fits.r_squared[:, 0]
        every.within_r_squared[block] = 1.0 - fits.residual_sum[:, 0] / observed.fit.within_sum
        if keep_draws:
            every.std_errors[block] = fits.std_errors[:, :, 0]
        if trade:
            every.trade_f[block] = trade(weights)
        if progress:
            progress(first + count, draws)
    observed_f = float(trade(model.values[None])[0]) if trade else float("nan")
    among = _observed_is_drawn(specification, kind)
    return _summarise(every, observed, observed_f, kind=kind, seed=seed, keep=keep_draws, observed_is_drawn=among)


def _room_for(draws: int, terms: int, *, std_errors: bool, trade: bool) -> Draws:
    """Return empty arrays for the statistics of draws; those that nobody reads have no rows."""
    return Draws(
        coefficients=np.empty((draws, terms)),
        std_errors=np.empty((draws if std_errors else 0, terms)),
        r_squared=np.empty(draws),
        within_r_squared=np.empty(draws),
        trade_f=np.empty(draws if trade else 0),
    )


def _trade_statistic(model: object, specification: Specification, kind: str) -> Callable[[Array], Array] | None:
    """Return the function that gives draws' F statistic of the trade part in (5.2), where there is one."""
    if not isinstance(model, PartnerModel) or specification.share_main_effects or kind == "exchange_all":
        return None
    general = np.column_stack([model.fixed, model.regressors(model.equal())])
    moments = model.moments(fixed=general)

    def statistic(weights: Array) -> Array:
        deviation = model.batch_weights(model.design.deviation(weights))
        return fit_batch(moments, deviation).joint_f[:, 0]

    return statistic


def _observed_is_drawn(specification: Specification, kind: str) -> bool:
    """Return whether the observed regression is one of those that are drawn, without which there is no p-value.

    With the overall import share on every slot (4.5), it multiplies own research too; in (4.2) it does not.
    """
    return not (kind == "exchange_all" and specification.import_share and specification.share_follows == "every_slot")


def _no_p_value(observed: float, draws: object, *, tail: str = "two-sided") -> float:
    return float("nan")


def _summarise(
    every: Draws, observed: Estimate, observed_f: float, *, kind: str, seed: int, keep: bool, observed_is_drawn: bool
) -> Experiment:
    pairs = list(zip(observed.coefficients, every.coefficients.T, strict=True))
    p = randomisation_p_value if observed_is_drawn else _no_p_value
    has_f = np.isfinite(observed_f)
    return Experiment(
        kind=kind,
        count=every.r_squared.size,
        seed=seed,
        observed=observed,
        mean=every.coefficients.mean(axis=0),
        sd=every.coefficients.std(axis=0, ddof=1),
        mean_r_squared=float(every.r_squared.mean()),
        mean_within_r_squared=float(every.within_r_squared.mean()),
        share_positive=(every.coefficients > 0).mean(axis=0),
        p_values=np.array([p(value, column) for value, column in pairs]),
        p_values_upper=np.array([p(value, column, tail="upper") for value, column in pairs]),
        r_squared_p_value=p(observed.r_squared, every.r_squared, tail="upper"),
        trade_f=observed_f,
        trade_f_p_value=randomisation_p_value(observed_f, every.trade_f, tail="upper") if has_f else float("nan"),
        draws=every if keep else None,
    )
