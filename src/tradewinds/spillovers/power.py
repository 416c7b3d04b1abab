"""Size and power: what could this design find, before anyone looks at what it found?

Outcomes are simulated from the user's own regressors: the general spillover as estimated by (5.1), plus a trade-related part
that is a multiple of it, plus noise that keeps the serial correlation of the residuals (but not
what countries share in a period). Each simulated data set is then tested
three ways: the F test of (5.2) with one error variance, the randomisation test of that F, and the comparison of R2 that
Keller (1997) leans on. A rejection rate at multiple zero is the size of a test; elsewhere it is power.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.errors import InputError, require_option
from tradewinds.spillovers.assignment import assign
from tradewinds.spillovers.checks import require_finite, whole_number
from tradewinds.spillovers.estimate import estimate
from tradewinds.spillovers.inference import ties
from tradewinds.spillovers.models import PartnerModel
from tradewinds.spillovers.moments import BatchFit, fit_batch
from tradewinds.spillovers.parameters import Specification
from tradewinds.spillovers.results import tidy_rows
from tradewinds.spillovers.threads import one_blas_thread

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from tradewinds.data.panel import SpilloverPanel

__all__ = ["NOISES", "TESTS", "PowerReport", "size_and_power"]

Array = NDArray[np.float64]

NOISES = ("cells", "rows", "normal")
#: Simulated data sets fitted at once: bounds memory whatever their number.
BLOCK = 50
#: Tests by name, with the words readers see.
TESTS = {
    "f_iid": "F test, iid errors",
    "f_randomisation": "randomisation of F",
    "r_squared_randomisation": "randomisation of R²",
}


@dataclass(frozen=True, eq=False)
class PowerReport:
    """Rejection rates of three tests.

    Attributes
    ----------
    table : DataFrame
        Columns ``shares`` (``actual`` or ``randomly assigned``), ``trade_multiple``, ``test``, ``rejection_rate``,
        ``simulation_error`` (standard error of the rate).
    level : float
        Nominal level.
    simulations, draws, seed : int
    noise : str
    specification : Specification
    citation_keys : tuple of str
    elasticities : str
        Whether the general elasticities were ``given`` or ``estimated`` by (5.1).
    """

    table: pd.DataFrame
    level: float
    simulations: int
    draws: int
    seed: int
    noise: str
    specification: Specification
    citation_keys: tuple[str, ...]
    elasticities: str = "estimated"

    def tidy(self) -> pd.DataFrame:
        """Return the table in the columns of the house."""
        long = self.table.melt(
            id_vars=["shares", "trade_multiple", "test"],
            value_vars=["rejection_rate", "simulation_error"],
            var_name="variable",
        )
        terms = long["test"] + ", trade multiple " + long["trade_multiple"].map("{:g}".format)
        columns = (long["shares"], terms, long["variable"], long["value"])
        return tidy_rows((self.specification.label, *row) for row in zip(*columns, strict=True))

    def summary(self) -> str:
        """Return the table as text."""
        head = (
            f"Rejection rates at the {self.level:.0%} level; {self.simulations} simulated data sets, "
            f"{self.draws} trade patterns each, noise by {self.noise}, seed {self.seed}"
        )
        return f"{head}\n{self.wide().to_string(float_format='{:.3f}'.format)}"

    def wide(self) -> pd.DataFrame:
        """Return rejection rates with one row a design and trade effect, one column a test."""
        return self.table.pivot_table(
            index=["shares", "trade_multiple"], columns="test", values="rejection_rate", sort=False
        )[list(TESTS)]

    def plot(self) -> Figure:
        """Return a figure of rejection rates against the size of the trade effect."""
        from tradewinds.spillovers.figures import plot_power

        return plot_power(self)


def _noise(residuals: Array, cells: int, count: int, kind: str, inflate: float, rng: np.random.Generator) -> Array:
    """Return simulated errors, shape (n, count).

    ``cells`` keeps each cell's path of residuals and flips its sign at random; ``rows`` shuffles residuals over all rows;
    ``normal`` draws independent normal errors of the same variance.
    """
    scaled = residuals * inflate
    if kind == "cells":
        signs = rng.choice([-1.0, 1.0], size=(cells, count))
        return scaled[:, None] * np.repeat(signs, residuals.size // cells, axis=0)
    if kind == "rows":
        return rng.permuted(np.repeat(scaled[:, None], count, axis=1), axis=0)
    return rng.normal(scale=scaled.std(), size=(residuals.size, count))


class _Simulator:
    """Simulated outcomes of one panel and the three test statistics under any weights."""

    def __init__(
        self, panel: SpilloverPanel, specification: Specification, coefficients: ArrayLike | None = None
    ) -> None:
        if specification.foreign_rnd != "by_partner" or specification.share_main_effects:
            raise InputError(
                'size and power are computed for partner-by-partner specifications (foreign_rnd = "by_partner") '
                "without share_main_effects"
            )
        self.model = PartnerModel(panel, specification)
        self.general = estimate(panel, specification, weights="equal")
        regressors = self.model.regressors(self.model.equal())
        self.coefficients = self.general.coefficients
        if coefficients is not None:
            self.coefficients = np.asarray(coefficients, dtype=float)
            if self.coefficients.shape != (len(self.model.terms),):
                raise InputError(
                    f"general holds {self.coefficients.size} elasticities; {len(self.model.terms)} are needed, one a country "
                    f"in the order {', '.join(self.model.terms)}"
                )
            require_finite("general", self.coefficients)
        moved = regressors @ (self.coefficients - self.general.coefficients)
        self.fitted = self.model.outcome - self.general.fit.residuals + moved
        self.fixed_with_general = np.column_stack([self.model.fixed, regressors])

    def trade_part(self, weights: Array) -> Array:
        """Return the trade-related part of the outcome at multiple one, for weights of one pattern; shape (n,)."""
        deviation = self.model.design.deviation(weights)
        return self.model.regressors(deviation) @ self.coefficients

    def joint_f(self, weights: Array, outcomes: Array) -> Array:
        """Return F statistics of the trade part in (5.2), shape (B, S)."""
        deviation = self.model.batch_weights(self.model.design.deviation(weights))
        return self._fit(deviation, outcomes, self.fixed_with_general).joint_f

    def r_squared(self, weights: Array, outcomes: Array) -> Array:
        """Return R2 of the plain regression, shape (B, S)."""
        return self._fit(self.model.batch_weights(weights), outcomes, self.model.fixed).r_squared

    def _fit(self, weights: Array, outcomes: Array, fixed: Array) -> BatchFit:
        return fit_batch(self.model.moments(outcomes=outcomes, fixed=fixed), weights)


@one_blas_thread()
def size_and_power(
    panel: SpilloverPanel,
    specification: Specification | None = None,
    *,
    trade_multiples: Sequence[float] = (0.0, 1.0, 5.0, 20.0),
    simulations: int = 200,
    draws: int = 199,
    level: float = 0.05,
    noise: str = "cells",
    seed: int = 1,
    general: ArrayLike | None = None,
    outcomes: Callable[[float, int], Array] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> PowerReport:
    """Simulate rejection rates of the tests for trade-related spillovers on a user's design.

    Parameters
    ----------
    panel : SpilloverPanel
    specification : Specification, optional
    trade_multiples : sequence of float
        True ``bII / bI``: 0 is no trade effect; 1 means trade carries the whole foreign effect.
    simulations : int
        Simulated data sets a multiple.
    draws : int
        Random trade patterns of each randomisation test; ``(draws + 1) * level`` should be a whole number.
    level : float
        Nominal level of the tests, between 0 and 1.
    noise : {"cells", "rows", "normal"}
        How residuals of (5.1) become errors.
    seed : int
    general : array_like, shape (V,), optional
        True general elasticities; default: those estimated by (5.1). It matters: where an elasticity is nearly TFP growth over
        R&D growth, ``b_v g_v`` is alike for all countries, and who the partners are then makes little difference. Sampling
        error in estimated elasticities breaks that pattern and makes trade look easier to find than it is.
    outcomes : callable, optional
        ``outcomes(multiple, simulations)`` returns simulated outcomes of shape (n, simulations) instead of the above, for a
        design whose process is known; then only actual shares are reported.
    progress : callable, optional
        Called with simulated data sets tested and those wanted, over all multiples and designs.

    Returns
    -------
    PowerReport

    Raises
    ------
    InputError
        For options that do not exist.
    """
    import pandas as pd

    specification = specification or Specification()
    require_option("noise", noise, NOISES)
    if not 0 < level < 1:
        raise InputError(f"level is {level!r}; it must be between 0 and 1")
    simulations = whole_number("simulations", simulations, at_least=2)
    draws = whole_number("draws", draws, at_least=19, why=", or no p-value reaches 0.05")
    seed = whole_number("seed", seed, at_least=0)
    multiples = _multiples(trade_multiples)
    simulator = _Simulator(panel, specification, general)
    model, fit = simulator.model, simulator.general.fit
    stream = np.random.SeedSequence(seed)
    pattern_seed, noise_seed = (int(child.generate_state(1, np.uint64)[0]) for child in stream.spawn(2))
    patterns = assign(model.values, model.own, "exchange_partners", seed=pattern_seed, draws=draws + simulations)
    reference, truths = patterns[:draws], patterns[draws:]
    inflate = float(np.sqrt(fit.rows / (fit.rows - fit.regressors)))
    errors = _noise(fit.residuals, model.design.cells, simulations, noise, inflate, np.random.default_rng(noise_seed))
    critical = _critical_value(level, len(model.terms), fit.rows - fit.regressors - len(model.terms))
    actual = simulator.trade_part(model.values)[:, None]
    assigned = np.stack([simulator.trade_part(truth) for truth in truths], axis=1)
    report = _progress(progress, len(multiples) * simulations * (2 if outcomes is None else 1))
    records: list[tuple[str, float, str, float]] = []
    for multiple in multiples:
        base = simulator.fitted[:, None] + errors
        y = base + multiple * actual if outcomes is None else _given(outcomes, multiple, base.shape)
        rates = _rejection_rates(simulator, model.values[None], reference, y, critical, level, report)
        records += [("actual", multiple, test, rates[test]) for test in TESTS]
        if outcomes is None:
            y = base + multiple * assigned
            rates = _rejection_rates(simulator, truths, reference, y, critical, level, report)
            records += [("randomly assigned", multiple, test, rates[test]) for test in TESTS]
    table = pd.DataFrame(records, columns=["shares", "trade_multiple", "test", "rejection_rate"])
    table["simulation_error"] = np.sqrt(table["rejection_rate"] * (1 - table["rejection_rate"]) / simulations)
    keys = (*simulator.general.citation_keys, "borusyak-hull2023")
    known = "estimated" if general is None else "given"
    return PowerReport(table, level, simulations, draws, seed, noise, specification, keys, known)


def _multiples(trade_multiples: Sequence[float]) -> tuple[float, ...]:
    """Return trade multiples as floats; none, or one that is not finite, is refused."""
    try:
        multiples = tuple(float(multiple) for multiple in trade_multiples)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"trade_multiples is {trade_multiples!r}; it must be a list of numbers, such as [0, 1, 5]"
        ) from error
    if not multiples or not np.all(np.isfinite(multiples)):
        raise InputError(f"trade_multiples is {list(multiples)}; it must hold at least one number, all of them finite")
    return multiples


def _critical_value(level: float, restrictions: int, freedom: int) -> float:
    from scipy import stats

    return float(stats.f.isf(level, restrictions, freedom))


def _given(outcomes: Callable[[float, int], Array], multiple: float, shape: tuple[int, int]) -> Array:
    """Return the user's simulated outcomes, shape (n, simulations)."""
    found = np.asarray(outcomes(multiple, shape[1]), dtype=float)
    if found.shape != shape:
        raise InputError(
            f"outcomes returned an array of shape {found.shape}; one row an observation is needed: {shape}"
        )
    return found


def _progress(progress: Callable[[int, int], None] | None, total: int) -> Callable[[int], None]:
    """Return a function that adds to what is done and passes it on."""
    done = 0

    def report(more: int) -> None:
        nonlocal done
        done += more
        if progress:
            progress(done, total)

    return report


def _rejection_rates(
    simulator: _Simulator,
    observed: Array,
    reference: Array,
    outcomes: Array,
    critical: float,
    level: float,
    report: Callable[[int], None],
) -> dict[str, float]:
    """Return rejection rates by test; ``observed`` has one pattern for all simulations, or one a simulation."""
    statistics = {"f": simulator.joint_f, "r_squared": simulator.r_squared}
    simulations = outcomes.shape[1]
    own = {name: np.empty(simulations) for name in statistics}
    drawn = {name: np.empty((len(reference), simulations)) for name in statistics}
    for first in range(0, simulations, BLOCK):
        block = slice(first, min(first + BLOCK, simulations))
        for name, statistic in statistics.items():
            patterns = observed if len(observed) == 1 else observed[block]
            values = statistic(patterns, outcomes[:, block])
            own[name][block] = values[0] if len(observed) == 1 else np.diagonal(values)
            drawn[name][:, block] = statistic(reference, outcomes[:, block])
        report(block.stop - block.start)
    rates = {"f_iid": float((own["f"] > critical).mean())}
    for name in statistics:
        at_least = np.count_nonzero(drawn[name] >= own[name] - ties(drawn[name], own[name]), axis=0)
        p = (1 + at_least) / (len(reference) + 1)
        rates[f"{name}_randomisation"] = float((p <= level + 1e-12).mean())
    return rates
