"""One call from a panel to everything Keller (1997) does with it: estimates, randomised trade, general against trade."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewinds.errors import InputError, UnitDependenceWarning, require_option
from tradewinds.spillovers.estimate import estimate, general_and_trade
from tradewinds.spillovers.experiments import LOTTERIES, Experiment, run_experiment
from tradewinds.spillovers.inference import FTest, f_test
from tradewinds.spillovers.parameters import EXPERIMENTS, Covariance, ExperimentKind, Specification
from tradewinds.spillovers.results import Estimate, tidy_rows
from tradewinds.spillovers.threads import one_blas_thread
from tradewinds.spillovers.units import unit_dependence

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from tradewinds.data.panel import SpilloverPanel

__all__ = ["SpilloverResult", "analyse"]


@dataclass(frozen=True, eq=False)
class SpilloverResult:
    """Everything estimated on one panel under one specification.

    Attributes
    ----------
    observed : Estimate
        Observed trade shares.
    general : Estimate or None
        Equal shares: the general spillover (5.1).
    both : Estimate or None
        General and trade part together (5.2).
    trade_test : FTest or None
        F test that the trade part is zero, with one error variance for all rows.
    trade_contribution : float or None
        ``(adj R2 of (5.2) - adj R2 of (5.1)) / adj R2 of (5.2)``, what the paper calls the contribution of trade. It is a share of
        fit, not of an effect.
    experiment : Experiment or None
    warnings : tuple of str
        What a reader must know before using a number.
    """

    observed: Estimate
    general: Estimate | None
    both: Estimate | None
    trade_test: FTest | None
    trade_contribution: float | None
    experiment: Experiment | None
    warnings: tuple[str, ...]

    @property
    def specification(self) -> Specification:
        """Specification behind all parts."""
        return self.observed.specification

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Sources of every part."""
        parts = (self.observed, self.general, self.both, self.experiment)
        return tuple(dict.fromkeys(key for part in parts if part is not None for key in part.citation_keys))

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """The regressions, in reading order."""
        return tuple(part for part in (self.observed, self.general, self.both) if part is not None)

    def tidy(self) -> pd.DataFrame:
        """Return a frame with columns variable, value, unit, specification, weights, term."""
        rows = [row for part in self.estimates for row in part.rows()]
        if self.experiment is not None:
            rows += self.experiment.rows()
        if self.trade_test is not None and self.trade_contribution is not None:
            label = self.specification.label
            numbers = {
                "f_statistic": self.trade_test.statistic,
                "f_p_value": self.trade_test.p_value,
                "trade_contribution": self.trade_contribution,
            }
            rows += [(label, "general_plus_trade", "", variable, value) for variable, value in numbers.items()]
        return tidy_rows(rows)

    def summary(self) -> str:
        """Return all parts as text."""
        parts = [part.summary() for part in self.estimates]
        if self.experiment is not None:
            parts.append(self.experiment.summary())
        if self.trade_test is not None:
            parts.append(
                f"Trade part zero? {self.trade_test}; contribution to adjusted R2 {self.trade_contribution:.3f}"
            )
        return "\n\n".join([*parts, *self.warnings])

    def plot(self) -> Figure:
        """Return the experiment's figure, or the estimates' where there is no experiment."""
        return self.experiment.plot() if self.experiment is not None else self.observed.plot()


@one_blas_thread()
def analyse(
    panel: SpilloverPanel,
    specification: Specification | None = None,
    *,
    experiment: ExperimentKind = "exchange_partners",
    draws: int = 1_000,
    seed: int = 1,
    sparsity: float = 1.0,
    covariance: Covariance = "iid",
    keep_draws: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> SpilloverResult:
    """Estimate a specification, randomise trade, and split trade from general spillovers.

    Parameters
    ----------
    panel : SpilloverPanel
    specification : Specification, optional
        Default: growth with the overall import share, the paper's preferred one.
    experiment : {"observed", "exchange_all", "exchange_partners", "drawn", "equal"}
        ``"observed"`` is one regression; ``"equal"`` adds the general spillover and the split; the others add random trade.
    draws, seed, sparsity, keep_draws, progress
        See :func:`~tradewinds.spillovers.run_experiment`.
    covariance : str
        Error variance of the regressions.

    Returns
    -------
    SpilloverResult

    Raises
    ------
    InputError
        For options that do not exist or a specification the data cannot carry.

    Warns
    -----
    UnitDependenceWarning
        If the estimates depend on the unit of the R&D stocks.
    """
    specification = specification or Specification()
    require_option("experiment", experiment, EXPERIMENTS)
    cautions = list(panel.warnings)
    unit_note = unit_dependence(panel, specification)
    if unit_note:
        warnings.warn(unit_note, UnitDependenceWarning, stacklevel=3)  # the decorator is one level
        cautions.append(unit_note)
    observed = estimate(panel, specification, covariance=covariance)
    general = both = test = contribution = lottery = None
    if experiment != "observed":
        general = estimate(panel, specification, weights="equal", covariance=covariance)
        both, reason = _separate(panel, specification, covariance)
        if both is None:
            cautions.append(f"Trade was not separated from general spillovers: {reason}")
        else:
            test = f_test(general.fit, both.fit)
            contribution = _contribution(general, both)
    if experiment in LOTTERIES:
        lottery = run_experiment(
            panel,
            specification,
            experiment,
            draws=draws,
            seed=seed,
            sparsity=sparsity,
            covariance=covariance,
            keep_draws=keep_draws,
            progress=progress,
        )
        cautions += _lottery_cautions(specification, experiment)
    cautions += _cluster_note(panel, specification, covariance)
    return SpilloverResult(observed, general, both, test, contribution, lottery, tuple(dict.fromkeys(cautions)))


def _separate(
    panel: SpilloverPanel, specification: Specification, covariance: Covariance
) -> tuple[Estimate | None, str]:
    """Return the estimate of (5.2), or the reason why the data or the specification have none."""
    try:
        return general_and_trade(panel, specification, covariance=covariance), ""
    except InputError as error:
        return None, str(error)


def _contribution(general: Estimate, both: Estimate) -> float:
    """Return the share of adjusted R2 that the trade part adds; not a number where there is no fit to share."""
    if both.adjusted_r_squared <= 0:
        return float("nan")
    return 1.0 - general.adjusted_r_squared / both.adjusted_r_squared


def _lottery_cautions(specification: Specification, experiment: str) -> list[str]:
    """Return what to know about numbers from random trade patterns."""
    cautions = [
        "The Monte-Carlo standard deviation is the spread of estimates over random trade patterns. It is not a standard error. "
        "Randomisation p-values ask whether observed trade is special; those of single coefficients hold only if partners are "
        "exchangeable, so look at the joint test first."
    ]
    if experiment == "drawn":
        cautions.append(
            "Shares were drawn from a law of their own: p-values ask whether observed shares look drawn from it, not whether trade "
            "matters."
        )
    if experiment == "exchange_all" and specification.import_share and specification.share_follows == "every_slot":
        cautions.append(
            "With all shares exchanged the overall import share multiplies own research too (4.5), so the observed regression "
            '(4.2) is not one of those drawn and there are no p-values. share_follows = "slot" or "value" has them.'
        )
    return cautions


def _cluster_note(panel: SpilloverPanel, specification: Specification, covariance: Covariance) -> list[str]:
    """Return what to know about errors within countries.

    Partner by partner, the coefficient of a country's research is identified almost by that country's own rows, because foreign
    regressors are small. Least squares makes its score sum to nearly zero there, so clustering by country gives errors near zero,
    and leaving that country out leaves nothing to estimate from.
    """
    clusters = len(panel.countries)
    if covariance == "iid":
        return [
            "Standard errors assume independent errors with one variance, as in the paper; errors share a cell over periods "
            'and a country over industries, so compare covariance = "cluster_cell".'
        ]
    if specification.foreign_rnd == "by_partner" and covariance in ("cluster_country", "jackknife_country"):
        direction = "far too small" if covariance == "cluster_country" else "far too large"
        return [
            f"{covariance} standard errors are {direction} here: each coefficient is identified almost by one country's own rows. "
            'Use covariance = "cluster_cell", or randomisation p-values.'
        ]
    if covariance == "cluster_country" and clusters < 30:
        return [
            f"Clustered standard errors rest on {clusters} countries and are likely too small; jackknife_country is safer."
        ]
    return []
