r"""The effect of exporting on those whom an instrument makes export: 2SLS, local average treatment effects.

With an instrument that moves exporting and nothing else (the tariff cut that a plant's products face), 2SLS estimates
the effect for plants that export because of it, not the average over plants. With one 0-1 instrument and no controls
it is Wald's ratio, :math:`[E(y|z=1) - E(y|z=0)] / [E(d|z=1) - E(d|z=0)]`. Estimates are linearmodels'; what the
library lacks, the effective F and Anderson-Rubin sets, is in :mod:`tradewinds.firms.measurement.instruments`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tradewinds.data.files import open_table
from tradewinds.errors import DataError, InputError
from tradewinds.firms.measurement.columns import numbers, require_columns
from tradewinds.firms.measurement.estimates import PlantEstimates, normal_table
from tradewinds.firms.measurement.instruments import (
    EffectiveF,
    anderson_rubin_set,
    effective_f,
    orthonormal,
    reduced_form,
)
from tradewinds.firms.measurement.libraries import need, quietly
from tradewinds.tidy import tidy_frame

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from tradewinds.data.files import Table

__all__ = ["ExportingEffect", "effect_of_exporting"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ExportingEffect:
    """An instrumented effect, with what tells whether to believe it.

    Attributes
    ----------
    effect : PlantEstimates
        Terms ``two-stage`` and, for comparison, ``least squares``.
    first_stage : PlantEstimates
        Instruments' coefficients.
    effective_f : EffectiveF
    anderson_rubin : tuple of intervals
        95 per cent set, robust to weak instruments; empty if instruments contradict one another.
    overidentification : float
        p-value of the robust score test that instruments agree; NaN with one instrument.
    """

    effect: PlantEstimates
    first_stage: PlantEstimates
    effective_f: EffectiveF
    anderson_rubin: tuple[tuple[float, float], ...]
    overidentification: float

    @property
    def weak(self) -> bool:
        """True if a bias of 10 per cent of the worst case cannot be excluded."""
        return self.effective_f.value < self.effective_f.critical[0.1]

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Keys of the bibliography."""
        return ("imbens-angrist1994", "montiel-olea-pflueger2013", "anderson-rubin1949", "lileeva-trefler2010")

    def tidy(self) -> pd.DataFrame:
        """Return estimates and diagnostics, one number a row."""
        rows = [self.effect.tidy(), self.first_stage.tidy()[lambda frame: frame["unit"] != "rows"]]
        extra: list[tuple[str, float, str, str]] = [
            ("effective_f", self.effective_f.value, "1", ""),
            ("effective_f_critical", self.effective_f.critical[0.1], "1", "bias of 10 per cent"),
            ("overidentification_p_value", self.overidentification, "probability", ""),
        ]
        for number, interval in enumerate(self.anderson_rubin, start=1):
            extra += [
                (f"anderson_rubin_{side}", end, "units of outcome", str(number))
                for side, end in zip(("low", "high"), interval, strict=True)
            ]
        rows.append(pd.DataFrame(extra, columns=["variable", "value", "unit", "term"]))
        return tidy_frame(pd.concat(rows), ["term"])

    def summary(self) -> str:
        """Return estimates and diagnostics as text."""
        f = self.effective_f
        verdict = "below" if self.weak else "above"
        intervals = " and ".join(f"[{low:.4g}, {high:.4g}]" for low, high in self.anderson_rubin) or "empty"
        return "\n".join(
            [
                self.effect.summary(),
                self.first_stage.summary(),
                f"effective F {f.value:.2f}, {verdict} {f.critical[0.1]:.2f} (worst-case bias of 10 per cent, at 5 per cent)",
                f"Anderson-Rubin 95 per cent set: {intervals}",
                *(
                    [f"overidentification p = {self.overidentification:.3f}"]
                    if np.isfinite(self.overidentification)
                    else []
                ),
                "The two-stage effect is that on plants that export because of the instrument.",
            ]
        )

    def plot(self, *, source: str = "") -> Figure:
        """Return a figure of the two-stage and least-squares estimates."""
        return self.effect.plot(source=source)


def effect_of_exporting(
    data: Table,
    *,
    outcome: str,
    exporting: str,
    instruments: Sequence[str],
    controls: Sequence[str] = (),
    absorb: str | None = None,
    cluster: str | None = None,
) -> ExportingEffect:
    """Return the 2SLS effect of exporting, robust or clustered, with weak-instrument diagnostics.

    Parameters
    ----------
    data : path, DataFrame or mapping of columns
        One row a plant.
    outcome, exporting : str
        Columns: say, growth of log productivity, and a plant's start to export (0 or 1) or its export share.
    instruments : sequence of str
        Columns that move exporting and the outcome only through it.
    controls : sequence of str
        Columns; a constant is always in.
    absorb : str, optional
        Column of one set of fixed effects, taken off all columns before.
    cluster : str, optional
        Column of clusters; default robust to heteroskedasticity.

    Raises
    ------
    InputError
        If columns are missing or collinear, or instruments do not vary.
    DataError
        If cells are missing or no number.
    MissingDependencyError
        If linearmodels is not installed.

    References
    ----------
    Imbens and Angrist (1994); Montiel Olea and Pflueger (2013); Anderson and Rubin (1949).

    Examples
    --------
    Wald's ratio: growth is 0.1 higher and the share of exporters one half higher where tariffs fell.

    >>> data = {
    ...     "cut": [0, 0, 0, 0, 1, 1, 1, 1],
    ...     "exports": [0, 0, 0, 1, 0, 1, 1, 1],
    ...     "growth": [0.0, 0.1, 0.1, 0.2, 0.1, 0.2, 0.2, 0.3],
    ... }
    >>> found = effect_of_exporting(data, outcome="growth", exporting="exports", instruments="cut")
    >>> round(found.effect["two-stage"]["estimate"], 6), found.weak
    (0.2, True)
    """
    instruments, controls = _listed(instruments), _listed(controls)
    if not instruments:
        raise InputError("instruments is empty; an effect of exporting needs at least one")
    frame, source = _read(data, [outcome, exporting, *instruments, *controls], [absorb, cluster])
    clusters = pd.factorize(frame[cluster])[0] if cluster else None
    values = {name: frame[name].to_numpy(dtype=float) for name in (outcome, exporting, *instruments, *controls)}
    groups = pd.factorize(frame[absorb])[0] if absorb else np.zeros(len(frame), dtype=int)
    within = {name: column - _group_means(column, groups) for name, column in values.items()}
    y, d = within[outcome], within[exporting]
    Z, X = (
        np.column_stack([within[name] for name in names]) if names else np.empty((len(y), 0))
        for names in (instruments, controls)
    )
    _require_rank(np.column_stack([X, Z]), [*controls, *instruments])
    lost = int(groups.max()) + 1 + X.shape[1]
    fit = _two_stage(y, d, Z, X, clusters)
    plain = _two_stage(y, d, d[:, None], X, clusters)
    Zp, yp, dp = (_partial(column, X) for column in (Z, y, d))
    n, k = Z.shape
    count = int(clusters.max()) + 1 if clusters is not None else n
    correction = count / (count - 1) * (n - 1) / (n - lost - k) if clusters is not None else n / (n - lost - k)
    form = reduced_form(yp, dp, orthonormal(Zp), clusters, correction)
    errors = f"clustered by {cluster}" if cluster else "robust to heteroskedasticity"
    sample = MappingProxyType(
        {
            "observations": n,
            **({"clusters": count} if cluster else {}),
            **({"groups": lost - X.shape[1]} if absorb else {}),
        }
    )
    details = MappingProxyType(
        {
            "instruments": ", ".join(instruments),
            "controls": ", ".join(controls) or "none",
            "absorbed": absorb or "none",
            "standard errors": errors,
        }
    )
    table = normal_table(
        ["two-stage", "least squares"],
        np.array([fit.params.iloc[-1], plain.params.iloc[-1]]),
        np.array([fit.std_errors.iloc[-1], plain.std_errors.iloc[-1]]),
        ["units of outcome"] * 2,
    )
    return ExportingEffect(
        effect=PlantEstimates(
            f"Effect of {exporting} on {outcome}", table, sample, details, ("imbens-angrist1994",), source
        ),
        first_stage=_first_stage(dp, Zp, instruments, clusters, correction, sample, details, exporting, source),
        effective_f=effective_f(form),
        anderson_rubin=anderson_rubin_set(form),
        overidentification=float(fit.wooldridge_overid.pval) if k > 1 else float("nan"),
    )


def _listed(names: Sequence[str]) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def _read(data: Table, names: list[str], groups: Sequence[str | None]) -> tuple[pd.DataFrame, str]:
    table, source = open_table(data)
    require_columns(table, [*names, *(group for group in groups if group)], source)
    frame = table.reset_index(drop=True)
    problems = []
    for name in names:
        column, found = numbers(frame[name], name)
        frame = frame.assign(**{name: column})
        problems += found
    problems += [
        f"{group}: {frame[group].isna().sum()} cells are empty"
        for group in groups
        if group and frame[group].isna().any()
    ]
    if problems:
        raise DataError(source, problems)
    return frame, source


def _group_means(column: Array, groups: NDArray[np.int_]) -> Array:
    return np.asarray(np.bincount(groups, column) / np.bincount(groups))[groups]


def _partial(column: Array, X: Array) -> Array:
    return column - X @ np.linalg.lstsq(X, column, rcond=None)[0] if X.shape[1] else column


def _require_rank(matrix: Array, names: Sequence[str]) -> None:
    size = np.linalg.norm(matrix, axis=0)
    still = [name for name, length in zip(names, size, strict=True) if length < 1e-12 * max(1.0, size.max())]
    if still:
        raise InputError(f"{', '.join(still)}: without variation, or none left once effects are absorbed")
    if np.linalg.matrix_rank(matrix / size) < matrix.shape[1]:
        raise InputError(f"{', '.join(names)} are collinear; leave one out")


def _two_stage(y: Array, d: Array, Z: Array, X: Array, clusters: NDArray[np.int_] | None) -> Any:
    """Fit by linearmodels on columns less their means within groups: the same as dummies in both stages."""
    iv = need("linearmodels.iv")
    options: Mapping[str, Any] = (
        {"cov_type": "clustered", "clusters": clusters} if clusters is not None else {"cov_type": "robust"}
    )
    names = [f"x{i}" for i in range(X.shape[1])]
    controls = pd.DataFrame(X, columns=names) if names else None
    endogenous, instruments = pd.DataFrame({"d": d}), pd.DataFrame(Z, columns=[f"z{i}" for i in range(Z.shape[1])])
    with quietly():
        return iv.IV2SLS(pd.Series(y, name="y"), controls, endogenous, instruments).fit(debiased=False, **options)


def _first_stage(
    d: Array,
    Z: Array,
    names: list[str],
    clusters: NDArray[np.int_] | None,
    correction: float,
    sample: Mapping[str, int],
    details: Mapping[str, str],
    exporting: str,
    source: str,
) -> PlantEstimates:
    from tradewinds.firms.measurement.instruments import robust_meat

    bread = np.linalg.inv(Z.T @ Z)
    pi = bread @ Z.T @ d
    cov = correction * bread @ robust_meat(Z * (d - Z @ pi)[:, None], clusters) @ bread
    table = normal_table(names, pi, np.sqrt(np.diag(cov)), [f"units of {exporting}"] * len(names))
    return PlantEstimates(f"First stage: {exporting}", table, sample, details, ("imbens-angrist1994",), source)
