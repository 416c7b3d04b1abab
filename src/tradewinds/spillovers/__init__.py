"""R&D spillovers and trade: regressions, randomised trade patterns and tests (Keller 1997).

Does R&D done abroad raise productivity at home, and does it matter from whom a country imports? :func:`analyse` answers for
one panel and one :class:`Specification`; its parts can be called on their own.
"""

from tradewinds.spillovers.analysis import SpilloverResult, analyse
from tradewinds.spillovers.assignment import assign
from tradewinds.spillovers.equations import Design, build_design
from tradewinds.spillovers.estimate import estimate, general_and_trade
from tradewinds.spillovers.experiments import LOTTERIES, Draws, Experiment, run_experiment
from tradewinds.spillovers.figures import plot_rnd_growth
from tradewinds.spillovers.inference import FTest, f_from_adjusted_r_squared, f_test, randomisation_p_value
from tradewinds.spillovers.moments import BatchFit, Moments, build_moments, fit_batch
from tradewinds.spillovers.parameters import (
    COVARIANCES,
    EFFECTS,
    EXPERIMENTS,
    FOREIGN_RND,
    KELLER_PERIODS,
    Specification,
)
from tradewinds.spillovers.power import PowerReport, size_and_power
from tradewinds.spillovers.regression import Fit
from tradewinds.spillovers.results import Estimate
from tradewinds.spillovers.units import unit_dependence, unit_sensitivity

__all__ = [
    "COVARIANCES",
    "EFFECTS",
    "EXPERIMENTS",
    "FOREIGN_RND",
    "KELLER_PERIODS",
    "LOTTERIES",
    "BatchFit",
    "Design",
    "Draws",
    "Estimate",
    "Experiment",
    "FTest",
    "Fit",
    "Moments",
    "PowerReport",
    "Specification",
    "SpilloverResult",
    "analyse",
    "assign",
    "build_design",
    "build_moments",
    "estimate",
    "f_from_adjusted_r_squared",
    "f_test",
    "fit_batch",
    "general_and_trade",
    "plot_rnd_growth",
    "randomisation_p_value",
    "run_experiment",
    "size_and_power",
    "unit_dependence",
    "unit_sensitivity",
]
