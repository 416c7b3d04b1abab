r"""Exporters' premia, and who leaves: regressions with fixed effects, by pyfixest.

A premium is the coefficient b of export status in a regression of a log outcome: log points, or :math:`100 (e^b - 1)`
per cent, which is not 100 b once b is large. With industry-year effects it compares plants of one industry in one
year; with plant effects it asks what changes when a plant starts or stops, and is much smaller: better plants export,
more than exporting makes plants better.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tradewinds.errors import InputError, require_option
from tradewinds.firms.measurement.columns import require_columns
from tradewinds.firms.measurement.estimates import PlantEstimates, normal_table
from tradewinds.firms.measurement.libraries import need, quietly
from tradewinds.firms.measurement.panel import PlantPanel
from tradewinds.firms.measurement.rules import REENTRY

__all__ = ["EFFECTS", "exit_regression", "exporter_premium", "exporter_sample"]

#: Name of fixed effects -> what they compare, and columns absorbed.
EFFECTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "none": ("all plant-years", ()),
    "year": ("plants of one year", ("year",)),
    "industry-year": ("plants of one industry in one year", ("industry_year",)),
    "plant": ("a plant with itself, less what all plants have in common in a year", ("plant", "year")),
    "plant-and-industry-year": ("a plant with itself, less its industry's year", ("plant", "industry_year")),
}

_COLLINEAR = "{}: without variation, or collinear, inside the groups compared"


def exporter_sample(panel: PlantPanel, columns: Sequence[str]) -> pd.DataFrame:
    """Return plant-years with export status as a number and the columns as floats, all there.

    Raises
    ------
    InputError
        If export status is unknown, or a column is missing, was not kept, or has cells that are no number.
    """
    if not panel.has_exporters:
        raise InputError('export status is unknown; read the plants with exporter="name of the column"')
    require_columns(panel.frame, columns, "the panel (read_plants keeps columns named in keep)")
    frame = panel.frame.assign(exporter=panel.frame["exporter"].astype(float))
    for name in columns:
        values = pd.to_numeric(frame[name], errors="coerce").astype(float)
        lacking = ~np.isfinite(values.to_numpy())
        if lacking.any():
            raise InputError(
                f"{name}: {lacking.sum()} values are missing, infinite or no number; leave those rows out first"
            )
        frame[name] = values
    return frame.assign(industry_year=frame["industry"] + " " + frame["year"].astype(str))


def exporter_premium(
    panel: PlantPanel,
    *,
    outcome: str = "productivity",
    effects: str = "industry-year",
    controls: Sequence[str] = (),
) -> PlantEstimates:
    """Return the premium of exporters in a log outcome, in log points and per cent, errors clustered by plant.

    Parameters
    ----------
    panel : PlantPanel
        With export status.
    outcome : str
        A column in logs: productivity, or one that :func:`read_plants` kept.
    effects : str
        A key of :data:`EFFECTS`.
    controls : sequence of str
        Columns kept, such as log employment. A control that exporting itself changes takes part of the premium away.

    Raises
    ------
    InputError
        If export status is unknown, does not vary, or a column is missing.
    MissingDependencyError
        If pyfixest is not installed.

    References
    ----------
    Bernard and Jensen (1999).

    Examples
    --------
    >>> from tradewinds.firms.measurement import read_plants
    >>> data = {"plant": [1, 2, 3, 4], "year": [1] * 4, "industry": ["a", "a", "b", "b"], "weight": [1] * 4}
    >>> panel = read_plants(
    ...     data | {"productivity": [0.2, 0.5, 1.0, 1.5], "exporter": [0, 1, 0, 1]}, exporter="exporter"
    ... )
    >>> premium = exporter_premium(panel)
    >>> [round(premium[term]["estimate"], 4) for term in ("exporter", "exporter, per cent")]
    [0.4, 49.1825]
    """
    require_option("effects", effects, EFFECTS)
    frame = exporter_sample(panel, [outcome, *controls])
    words, absorbed = EFFECTS[effects]
    table, sample = _least_squares(frame, outcome, ["exporter", *controls], absorbed)
    b, se = table.loc[["exporter"], ["estimate", "std_error"]].to_numpy(dtype=float)[0]
    per_cent = normal_table(
        ["exporter, per cent"], np.array([100 * np.expm1(b)]), np.array([100 * np.exp(b) * se]), ["per cent"]
    )
    # the interval of the per cent is that of the log points carried over, so that the two agree on what is significant
    per_cent[["low", "high"]] = 100 * np.expm1(table.loc[["exporter"], ["low", "high"]].to_numpy(dtype=float))
    per_cent[["statistic", "p_value"]] = table.loc[["exporter"], ["statistic", "p_value"]].to_numpy(dtype=float)
    return PlantEstimates(
        title=f"Exporters' premium in {outcome}",
        estimates=pd.concat([table[:1], per_cent, table[1:]]).rename_axis("term"),
        sample=MappingProxyType(sample),
        details=MappingProxyType(
            {"compares": words, "controls": ", ".join(controls) or "none", "standard errors": "clustered by plant"}
        ),
        citation_keys=("bernard-jensen1999",),
        source=panel.source,
    )


def exit_regression(
    panel: PlantPanel,
    *,
    horizon: int = 1,
    regressors: Sequence[str] = ("productivity", "exporter"),
    effects: str = "industry-year",
    reentry: str = "leave-out",
    model: str = "linear",
) -> PlantEstimates:
    """Return how the probability of leaving within some years depends on what a plant is today.

    Parameters
    ----------
    panel : PlantPanel
    horizon : int
        Years ahead; plant-years whose year so many years on is not in the panel are left out, not taken as exits.
    regressors : sequence of str
        Columns, of this year.
    effects : str
        A key of :data:`EFFECTS` without plant effects (a plant leaves once). The probit has none but year effects.
    reentry : {"leave-out", "count"}
        What becomes of plants that are gone then and seen again later.
    model : {"linear", "probit"}
        Linear probability, or average marginal effects of a probit; errors clustered by plant.

    Raises
    ------
    InputError
        If nobody or everybody leaves, the horizon leaves no year, or an option or column does not exist.
    MissingDependencyError
        If pyfixest or statsmodels is not installed.
    """
    require_option("effects", effects, [name for name in EFFECTS if not name.startswith("plant")])
    require_option("reentry", reentry, REENTRY)
    require_option("model", model, ["linear", "probit"])
    frame, left_out = _exits(panel, exporter_sample(panel, regressors), horizon, reentry)
    share = float(frame["exit"].mean())
    if share in (0.0, 1.0):
        raise InputError(
            f"{'nobody' if share == 0 else 'everybody'} leaves within {_years(horizon)}; there is nothing to explain"
        )
    if model == "linear":
        table, sample = _least_squares(frame, "exit", list(regressors), EFFECTS[effects][1])
        words = EFFECTS[effects][0]
    else:
        from tradewinds.firms.measurement.starting import average_effects

        table, sample = average_effects(frame, "exit", list(regressors), ["year"] if effects != "none" else [])
        words = "plants of one year" if effects != "none" else "all plant-years"
    return PlantEstimates(
        title=f"Probability of leaving within {_years(horizon)}",
        estimates=table.assign(unit="probability a unit"),
        sample=MappingProxyType(sample | left_out | {"exits": int(frame["exit"].sum())}),
        details=MappingProxyType(
            {
                "model": model,
                "compares": words,
                "plants that come back": REENTRY[reentry],
                "standard errors": "by plant",
            }
        ),
        citation_keys=("melitz-trefler2012",),
        source=panel.source,
    )


def _years(count: int) -> str:
    return "a year" if count == 1 else f"{count} years"


def _exits(panel: PlantPanel, frame: pd.DataFrame, horizon: int, reentry: str) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return plant-years with ``exit``, and how many were left out."""
    if isinstance(horizon, bool) or not isinstance(horizon, int) or horizon < 1:
        raise InputError(f"horizon is {horizon!r}; it must be a whole number of years from 1 on")
    known = frame["year"].add(horizon).isin(panel.years)
    if not known.any():
        raise InputError(f"no year of the panel has another {horizon} years later; years are {panel.years}")
    alive = pd.concat([panel.frame[["plant", "year"]], panel.gaps])
    there = pd.MultiIndex.from_frame(alive)
    ahead = pd.MultiIndex.from_arrays([frame["plant"], frame["year"] + horizon])
    last_seen = frame["plant"].map(alive.groupby("plant")["year"].max())
    gone: NDArray[Any] = ~ahead.isin(there)
    back = gone & (last_seen > frame["year"] + horizon).to_numpy()
    kept = known.to_numpy() & (~back if reentry == "leave-out" else True)
    left_out = {"last years left out": int((~known).sum()), "come back": int((back & known.to_numpy()).sum())}
    return frame.assign(exit=gone.astype(float))[kept].reset_index(drop=True), left_out


def _least_squares(
    frame: pd.DataFrame, outcome: str, regressors: list[str], absorbed: Sequence[str]
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Regress by pyfixest with effects absorbed and errors clustered by plant; return terms and sample."""
    pyfixest = need("pyfixest")
    # names of columns may be anything, those of a formula may not
    names = {name: f"x{number}" for number, name in enumerate(regressors)}
    columns = {
        **{new: frame[old] for old, new in names.items()},
        **{f"e{i}": frame[name] for i, name in enumerate(absorbed)},
    }
    table = pd.DataFrame({"y": frame[outcome], "plant_": pd.factorize(frame["plant"])[0], **columns})
    formula = f"y ~ {' + '.join(names.values())}"
    formula += f" | {' + '.join(f'e{i}' for i in range(len(absorbed)))}" if absorbed else ""
    with quietly():
        try:
            fit = pyfixest.feols(formula, table, vcov={"CRV1": "plant_"})
        except ValueError as error:  # raised where nothing is left of any regressor
            if "collinear" not in str(error):
                raise
            raise InputError(_COLLINEAR.format(", ".join(regressors))) from None
        found = fit.tidy()
    lost = [old for old, new in names.items() if new not in found.index]
    if lost:
        raise InputError(_COLLINEAR.format(", ".join(lost)))
    found = found.loc[list(names.values())]
    estimates = pd.DataFrame(
        {
            "estimate": found["Estimate"].to_numpy(),
            "std_error": found["Std. Error"].to_numpy(),
            "statistic": found["t value"].to_numpy(),
            "p_value": found["Pr(>|t|)"].to_numpy(),
            "low": found["2.5%"].to_numpy(),
            "high": found["97.5%"].to_numpy(),
            "unit": "log points",
        },
        index=pd.Index(regressors, name="term"),
    )
    used = int(fit._N)
    return estimates, {
        "observations": used,
        "plants": frame["plant"].nunique(),
        "singletons left out": len(frame) - used,
    }
