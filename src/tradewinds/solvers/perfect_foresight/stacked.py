"""All periods at once: residuals and exact derivatives of a model over a horizon, compiled.

With ``x[t]`` the unknowns of period ``t`` the stacked system is ``F_t(x[t-1], x[t], x[t+1]) + a[t] = 0`` for ``t = 1..T``, with
``x[0]`` given and ``x[T+1]`` given or tied to ``x[T]`` by a terminal condition.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.solvers.perfect_foresight.cache import Kept
from tradewinds.solvers.perfect_foresight.model import Model
from tradewinds.solvers.perfect_foresight.structure import _one_period, coloured_pattern, pattern_of

__all__ = ["Stacked"]

Array = NDArray[np.float64]

#: Periods that one call of a compiled function takes, so that every horizon uses the same one; its results fit near the processor.
PERIODS = 32


class Stacked:
    """Compiled residuals and derivatives of a model for any number of periods.

    Parameters
    ----------
    model : Model
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self.pattern = pattern_of(model)

    @functools.cached_property
    def _compiled(self) -> tuple[Kept, Kept]:
        import asdex
        import jax
        import jax.numpy as jnp

        function, colouring = _one_period(self.model), coloured_pattern(self.model)
        compressed = asdex.value_and_compressed_jacobian_from_coloring(function, colouring)

        def windows(path: Any) -> Any:
            return jnp.stack([path[:-2], path[1:-1], path[2:]], axis=1)

        def values(path: Any, exogenous: Any, parameters: Any) -> Any:
            points = windows(path).reshape(path.shape[0] - 2, -1)
            return jax.vmap(function, in_axes=(0, 0, None))(points, windows(exogenous), parameters)

        def both(path: Any, exogenous: Any, parameters: Any) -> Any:
            def one(point: Any, given: Any) -> Any:
                value, columns = compressed(point, given, parameters=parameters)
                return value, asdex.decompress_data(columns, colouring)

            points = windows(path).reshape(path.shape[0] - 2, -1)
            return jax.vmap(one)(points, windows(exogenous))

        return Kept(values, "residuals"), Kept(both, "derivatives")

    def residuals(self, path: Array, exogenous: Array, add: Array, parameters: Mapping[str, Array]) -> Array:
        """Return residuals plus add factors, shape (T, n).

        Parameters
        ----------
        path : ndarray, shape (T + 2, n)
            Unknowns, with the periods before and after.
        exogenous : ndarray, shape (T + 2, m)
        add : ndarray, shape (T, n)
        parameters : mapping
        """
        [value] = _in_blocks(lambda *block: [self._compiled[0](*block, dict(parameters))], path, exogenous)
        return value + add

    def derivatives(
        self, path: Array, exogenous: Array, add: Array, parameters: Mapping[str, Array]
    ) -> tuple[Array, Array]:
        """Return residuals plus add factors (T, n), and the non-zero derivatives (T, nnz) in the order of the pattern."""
        value, data = _in_blocks(lambda *block: self._compiled[1](*block, dict(parameters)), path, exogenous)
        return value + add, data


def _in_blocks(function: Callable[[Array, Array], Any], path: Array, exogenous: Array) -> list[Array]:
    """Return what a compiled function makes of all periods, of which it takes ``PERIODS`` at a time with those around them."""
    periods = path.shape[0] - 2
    short = np.arange(-(-periods // PERIODS) * PERIODS + 2).clip(
        max=periods + 1
    )  # the last block repeats the last period
    path, exogenous = path[short], exogenous[short]

    def block(start: int) -> list[Array]:
        return [np.asarray(part) for part in function(*(x[start : start + PERIODS + 2] for x in (path, exogenous)))]

    starts = range(0, len(short) - 2, PERIODS)
    if len(starts) == 1:
        found = [block(0)]
    else:
        with ThreadPoolExecutor(2) as pool:  # what is compiled needs one processor, and lets Python go on
            found = list(pool.map(block, starts))
    return [np.concatenate(parts)[:periods] for parts in zip(*found, strict=True)]
