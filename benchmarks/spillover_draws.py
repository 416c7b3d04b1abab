"""Randomised trade patterns: batched moments against the loops people write.

The task is Keller's (1997) level regression (4.7): 1,056 rows, 8 weighted regressors, 7 country and 5 industry dummies and a
constant, re-estimated for 1,000 exchanges of trade partners. Every contender gets the same weights and returns the same
coefficients, checked here to 1e-10 of a standard error.
"""

from __future__ import annotations

import subprocess
import sys
import time
import warnings
from collections.abc import Callable

import numpy as np
from threadpoolctl import threadpool_limits

from tradewinds.data import keller1997_calibrated
from tradewinds.spillovers import Specification, assign, fit_batch
from tradewinds.spillovers.models import PartnerModel

DRAWS = 1_000
SPECIFICATION = Specification(kind="level", import_share=False)


def best_of(task: Callable[[], object], repeats: int) -> float:
    """Return the shortest wall time of several runs, seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        task()
        times.append(time.perf_counter() - start)
    return min(times)


def lstsq_loop(model: PartnerModel, weights: np.ndarray) -> np.ndarray:
    """Return coefficients from one NumPy least-squares call a draw, regressors built in place."""
    rows, fixed = model.fixed.shape
    everything = np.empty((rows, fixed + 8))
    everything[:, :fixed] = model.fixed
    out = np.empty((len(weights), 8))
    named = everything[:, fixed:].reshape(48, -1, 8)
    for draw, weight in enumerate(weights):
        np.multiply(weight[:, None, :], model.series, out=named)
        out[draw] = np.linalg.lstsq(everything, model.outcome, rcond=None)[0][-8:]
    return out


def pyfixest_loop(model: PartnerModel, weights: np.ndarray) -> np.ndarray:
    """Return coefficients from one pyfixest call a draw, two fixed effects absorbed."""
    import pandas as pd
    import pyfixest

    frame = pd.DataFrame({"y": model.outcome, "country": model.countries, "industry": model.cells % 6})
    names = [f"x{v}" for v in range(8)]
    out = np.empty((len(weights), 8))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for draw, weight in enumerate(weights):
            frame[names] = model.regressors(weight)
            fit = pyfixest.feols(f"y ~ {' + '.join(names)} | country + industry", frame)
            out[draw] = fit.coef().loc[names].to_numpy()
    return out


def peak_memory(draws: int) -> tuple[float, float]:
    """Return peak memory (GiB) and seconds of an experiment of many draws, in a process of its own."""
    code = (
        "import time, resource; from tradewinds.data import keller1997_calibrated\n"
        "from tradewinds.spillovers import run_experiment\n"
        "panel = keller1997_calibrated(); start = time.perf_counter()\n"
        f"run_experiment(panel, draws={draws}, keep_draws=True)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter() - start)"
    )
    output = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    unit = 1 if sys.platform == "darwin" else 1024  # kilobytes on Linux, bytes on macOS
    return float(output[0]) * unit / 2**30, float(output[1])


def run() -> list[tuple[str, float, str, str, bool]]:
    """Return rows of (what, value, unit, goal, met)."""
    model = PartnerModel(keller1997_calibrated(), SPECIFICATION)
    moments = model.moments()

    def batched() -> object:
        weights = assign(model.values, model.own, "exchange_partners", seed=1, draws=DRAWS)
        return fit_batch(moments, model.batch_weights(weights))

    weights = assign(model.values, model.own, "exchange_partners", seed=1, draws=DRAWS)
    reference = fit_batch(moments, model.batch_weights(weights))
    few = weights[:20]
    with threadpool_limits(limits=1):
        fast = best_of(batched, 20)
        loop = best_of(lambda: lstsq_loop(model, weights), 3)
        pyfixest_loop(model, few[:2])  # warm up its compiled parts
        slow = best_of(lambda: pyfixest_loop(model, few), 2) * DRAWS / len(few)
        loop_gap = np.abs(lstsq_loop(model, weights) - reference.coefficients[:, :, 0])
        feols_gap = np.abs(pyfixest_loop(model, few) - reference.coefficients[: len(few), :, 0])
    errors = reference.std_errors[:, :, 0]
    agreement = float((loop_gap / errors).max())
    agreement_feols = float((feols_gap / errors[: len(few)]).max())
    memory, seconds = peak_memory(100_000)
    return [
        ("1,000 replications with drawing, one thread", fast, "s", "<= 0.05", fast <= 0.05),
        ("ratio to a tight NumPy lstsq loop", loop / fast, "x", ">= 10", loop / fast >= 10),
        ("ratio to a pyfixest loop (20 draws scaled up)", slow / fast, "x", ">= 500", slow / fast >= 500),
        ("largest gap to lstsq, standard errors", agreement, "", "<= 1e-10", agreement <= 1e-10),
        ("largest gap to pyfixest, standard errors", agreement_feols, "", "<= 1e-5", agreement_feols <= 1e-5),
        ("peak memory of 100,000 draws, all kept", memory, "GiB", "<= 2", memory <= 2),
        ("time of 100,000 draws with p-values", seconds, "s", "", True),
    ]
