"""The map of who gains from trade, over technology, the strength of spillovers and the elasticity of substitution."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.clusters.equilibrium import autarky_point, trade_point
from tradewinds.clusters.parameters import COUNTRIES, ClusterParameters
from tradewinds.clusters.phase_map_results import PhaseMap
from tradewinds.errors import InputError, MissingDependencyError, did_you_mean
from tradewinds.solvers import judge

__all__ = ["phase_map"]

Array = NDArray[np.float64]

_CHUNK = 512  # economies at a time: what fits the processor's cache
_WIDEST = 600.0  # powers of technology within exp of this of each other, so that none is lost to floating point
_SAMPLE = 100  # cells whose first equilibria are solved again, exactly
_TOLERANCE = 1e-9


def phase_map(
    template: ClusterParameters,
    *,
    technology_scale: ArrayLike = 1.0,
    spillover_scale: ArrayLike = 1.0,
    sigma: ArrayLike | None = None,
    scaled: str | Mapping[str, Sequence[int]] = "home",
    horizon: float = 100.0,
    discount_rate: float = 0.02,
    risk_aversion: float = 1.0,
    steps: int = 40,
) -> PhaseMap:
    r"""Say who gains from opening at once, against staying closed, in every economy of a grid around a template.

    Each economy learns over the horizon in autarky and in free trade; welfare is the integral of discounted CRRA utility of real
    income a worker, and gains are consumption equivalents. Trade lowers nobody's real income on the day it opens
    (Hanlon's Appendix B), so whoever loses does so by learning less.

    Parameters
    ----------
    template : ClusterParameters
        Any economy of two countries; the three axes change it.
    technology_scale : array of shape (T,)
        Multiplies the initial technologies named by ``scaled``.
    spillover_scale : array of shape (S,)
        Multiplies all spillovers. To divide both countries' technology in all industries would be the same.
    sigma : array of shape (G,), optional
        None: that of the template.
    scaled : {"home", "foreign"} or mapping of these to industries, counted from one
        ``{"home": [2], "foreign": [3]}`` keeps a mirror economy one.
    horizon, discount_rate, risk_aversion : float
        In years; a year; theta of the paper's preferences, 1 for log utility.
    steps : int
        Runge-Kutta steps over the horizon, even. Learning jumps where an industry moves, and a step that straddles the date is
        off by some part of itself; ``error`` of the result says how far, from half as many steps. Where two industries stay tied at
        the relative wage, steps hop over what :func:`~tradewinds.clusters.simulate` follows; ``hopping`` of the result marks them.

    Returns
    -------
    PhaseMap

    Raises
    ------
    InputError
        If an axis, a country, an industry or an option cannot be used.
    ConvergenceError
        If equilibria of the first day differ from those solved exactly, in a sample of cells.
    MissingDependencyError
        If JAX is not installed.

    References
    ----------
    Hanlon (2012), Sections 2 and 3.

    Examples
    --------
    The economy of Figure 6. Where home's second industry (and foreign's third) is good enough, trade builds clusters:

    >>> from tradewinds.clusters import paper_economy
    >>> found = phase_map(
    ...     paper_economy(6), technology_scale=[1.0, 1.4], spillover_scale=[1, 3], scaled={"home": [2], "foreign": [3]}
    ... )
    >>> found.category[:, :, 0].tolist()
    [['both', 'neither'], ['both', 'both']]
    """
    axes = [
        _axis("technology_scale", technology_scale, 0.0),
        _axis("spillover_scale", spillover_scale, 0.0, closed=True),
    ]
    axes.append(_axis("sigma", template.sigma if sigma is None else sigma, 1.0))
    chosen = _chosen(scaled, template.industries)
    _check_options(horizon, discount_rate, risk_aversion, steps)
    template.replace(spillovers=template.tau * axes[1].max())  # refuses spillovers beyond its bounds
    _check_width(template, chosen, axes)
    grid = np.stack([part.ravel() for part in np.meshgrid(*axes, indexing="ij")])
    values = _run(template, chosen, grid, horizon, discount_rate, risk_aversion, steps)
    shape = tuple(len(axis) for axis in axes)
    fine, coarse = ([part.reshape(*shape, *part.shape[1:]) for part in level] for level in values)
    technology, spillovers, elasticity = axes
    gain, static, growth_gain, growth, changes = fine
    found = PhaseMap(
        template=template,
        scaled=scaled,
        technology_scale=technology,
        spillover_scale=spillovers,
        sigma=elasticity,
        horizon=float(horizon),
        discount_rate=float(discount_rate),
        risk_aversion=float(risk_aversion),
        steps=steps,
        welfare_gain=gain,
        static_gain=static,
        growth_gain=growth_gain,
        growth=growth,
        error=np.abs(gain - coarse[0]),
        pattern_changes=changes.astype(np.int64),
    )
    _check_first_day(found, chosen, grid)
    return found


def _run(
    template: ClusterParameters,
    chosen: NDArray[np.bool_],
    grid: Array,
    horizon: float,
    rate: float,
    theta: float,
    steps: int,
) -> list[list[Array]]:
    """Return what each economy gains, with all steps and with half of them, in the order of :class:`Cell`."""
    try:
        import jax  # noqa: F401
    except ImportError as error:
        raise MissingDependencyError("maps need JAX; install it with: pip install tradewinds[models]") from error
    count = grid.shape[1]
    chunk = min(_CHUNK, count)
    padded = grid[:, np.minimum(np.arange(-(-count // chunk) * chunk), count - 1)]  # one shape is compiled once
    solve = _compiled(steps)
    constants = (template.technology, chosen, template.tau, template.labour)
    numbers = (float(horizon), float(rate), float(theta), template.inactive_learning)

    def part(start: int) -> list[list[Array]]:
        cells = solve(padded[:, start : start + chunk], *constants, *numbers)
        return [[np.asarray(array).T for array in level] for level in cells]

    with ThreadPoolExecutor(_processors()) as pool:
        parts = list(pool.map(part, range(0, padded.shape[1], chunk)))
    return [[np.concatenate(rows)[:count] for rows in zip(*(done[j] for done in parts), strict=True)] for j in range(2)]


@functools.cache
def _compiled(steps: int) -> Any:
    import jax
    import jax.numpy as jnp

    from tradewinds.clusters.phase_map_equations import compare

    @jax.jit
    def cells(
        grid: Any, technology: Any, chosen: Any, tau: Any, labour: Any, horizon: Any, rate: Any, theta: Any, idle: Any
    ) -> Any:
        start = technology[:, :, None] * jnp.where(chosen[:, :, None], grid[0], 1.0)
        spillovers = grid[1] * tau[:, :, None]
        return [
            compare(start, spillovers, labour[:, None], grid[2], horizon, rate, theta, idle, count)
            for count in (steps, steps // 2)
        ]

    return cells


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _check_first_day(found: PhaseMap, chosen: NDArray[np.bool_], grid: Array) -> None:
    """Raise ConvergenceError unless static gains are those of the exact equilibrium, in cells spread over the map."""
    cells = np.unique(np.linspace(0, grid.shape[1] - 1, _SAMPLE).astype(int))
    gains = found.static_gain.reshape(-1, 2)[cells]

    def gap(_: Any) -> Array:
        rows = []
        for technology, spillover, sigma in grid[:, cells].T.tolist():
            economy = found.template.replace(
                technology=found.template.technology * np.where(chosen, technology, 1.0),
                spillovers=found.template.tau * spillover,
                sigma=sigma,
            )
            rows.append(np.log(trade_point(economy).real_income / autarky_point(economy).real_income))
        return np.asarray(rows) - gains

    judge(found, gap, tolerance=_TOLERANCE, iterations=0, what="the first day of the map", throw=True)


def _axis(name: str, value: ArrayLike, lowest: float, closed: bool = False) -> Array:
    try:
        array = np.atleast_1d(np.asarray(value, dtype=float))
    except (TypeError, ValueError):
        raise InputError(f"{name} is {value!r}; it must be numbers") from None
    inside = (array >= lowest) if closed else (array > lowest)
    if array.ndim != 1 or not array.size or not np.all(inside & np.isfinite(array)) or np.any(np.diff(array) <= 0):
        bound = f"{lowest:g} or more" if closed else f"above {lowest:g}"
        raise InputError(f"{name} must be a rising list of finite numbers {bound}; found {value!r}")
    return array


def _chosen(scaled: str | Mapping[str, Sequence[int]], n: int) -> NDArray[np.bool_]:
    """Return which technologies are multiplied, shape (2, n)."""
    if not isinstance(scaled, str | Mapping):
        raise InputError(
            f'scaled is {scaled!r}; it must be a country, or industries by country, such as {{"home": [1], "foreign": [2]}}'
        )
    named = scaled if isinstance(scaled, Mapping) else {scaled: range(1, n + 1)}
    chosen = np.zeros((2, n), dtype=bool)
    for country, industries in named.items():
        if country not in COUNTRIES:
            raise InputError(
                f"scaled has no country {country!r}.{did_you_mean(str(country), COUNTRIES)} Allowed: home, foreign."
            )
        if not isinstance(industries, Iterable):
            raise InputError(f"scaled has {industries!r} for {country}; it must be a list of industries")
        for industry in industries:
            if industry not in range(1, n + 1):
                raise InputError(f"scaled names industry {industry!r} of {country}; industries are 1 to {n}")
            chosen[COUNTRIES.index(country), industry - 1] = True
    return chosen


def _check_options(horizon: float, rate: float, theta: float, steps: int) -> None:
    if not 0 < horizon < np.inf:
        raise InputError(f"horizon is {horizon!r}; it must be above 0 and finite")
    if not np.isfinite(rate):
        raise InputError(f"discount_rate is {rate!r}; it must be finite")
    if not 0 <= theta < np.inf:
        raise InputError(f"risk_aversion is {theta!r}; it must be 0 or more, and finite")
    if isinstance(steps, bool) or not isinstance(steps, int | np.integer) or steps < 2 or steps % 2:
        raise InputError(f"steps is {steps!r}; it must be an even whole number, such as 40")


def _check_width(template: ClusterParameters, chosen: NDArray[np.bool_], axes: list[Array]) -> None:
    for scale in (axes[0][0], axes[0][-1]):
        logs = np.log(template.technology * np.where(chosen, scale, 1.0))
        widest = axes[2][-1] * max(np.ptp(logs), np.ptp(logs[0] - logs[1]), float(np.max(np.abs(logs[0] - logs[1]))))
        if widest > _WIDEST:
            raise InputError(
                f"technologies differ too much for a map at sigma = {axes[2][-1]:g}: their powers span exp({widest:.0f}), allowed "
                f"exp({_WIDEST:.0f}); lower sigma or the scale, or solve single economies with solve_trade"
            )
