r"""Production functions where plants know their productivity and the economist does not.

Value added (log) :math:`y_{it} = \beta_f' f_{it} + \beta_k' k_{it} + \omega_{it} + \epsilon_{it}` with free inputs f,
state k and productivity :math:`\omega_{it} = g(\omega_{i,t-1}) + \xi_{it}`. Least squares is biased, because plants
that know a high :math:`\omega` hire more. A proxy m that rises with :math:`\omega` given k (investment, or materials)
stands in for it: :math:`\omega = h(k, m)`.

``olley-pakes``
    Proxy investment. First stage :math:`y = \beta_f' f + \phi(k, m)`; second, :math:`\beta_k` that makes :math:`\xi`
    smallest, with g a polynomial. With
    ``survival`` g also takes the probability of staying, so that plants that leave do not bias capital.
``levinsohn-petrin``
    The same with an intermediate input as proxy, which is never zero.
``ackerberg-caves-frazer``
    Free inputs are chosen knowing :math:`\omega` too, so the first stage identifies nothing but :math:`\phi(f, k, m)`;
    all elasticities come from :math:`E[\xi_{it} (f_{i,t-1}, k_{it})] = 0`. The system may have several roots: all are
    reported.
``wooldridge``
    Both equations at once, by stacked 2SLS: :math:`y = \beta_f' f + \phi(k, m)` with everything its own instrument, and
    :math:`y = \beta_f' f + \beta_k' k + \psi(k_{-1}, m_{-1})` with :math:`f_{-1}` for f; any g is allowed. Errors are
    clustered by plant.
``wooldridge-single-equation``
    The second of these alone, which does not ask that free inputs vary once state and proxy are given.

Errors of the others are by bootstrap of whole plants, seeded, one stream a draw: the estimate itself does not depend
on how many draws there are. On the Chilean sample that earlier software ships as its example, the first two give the
published numbers and the third does not; see :class:`ProductionFunction` for roots, and the tests for the comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from tradewinds.data.files import open_table
from tradewinds.errors import DataError, InputError, require_option
from tradewinds.firms.measurement.columns import numbers, require_columns, some_rows
from tradewinds.firms.measurement.production_results import ProductionFunction
from tradewinds.firms.measurement.proxies import (
    Fit,
    Inputs,
    ackerberg_caves_frazer,
    least_squares,
    olley_pakes_survival,
    two_stage,
    wooldridge,
    wooldridge_single,
)

if TYPE_CHECKING:
    from tradewinds.data.files import Table

__all__ = ["PRODUCTION_METHODS", "production_function"]

Array = NDArray[np.float64]

#: Name -> title, source and arithmetic.
PRODUCTION_METHODS: Mapping[str, tuple[str, str, Callable[[Inputs, int, int], Fit]]] = {
    "olley-pakes": ("Olley and Pakes", "olley-pakes1996", two_stage),
    "levinsohn-petrin": ("Levinsohn and Petrin", "levinsohn-petrin2003", two_stage),
    "ackerberg-caves-frazer": ("Ackerberg, Caves and Frazer", "ackerberg-caves-frazer2015", ackerberg_caves_frazer),
    "wooldridge": ("Wooldridge", "wooldridge2009", wooldridge),
    "wooldridge-single-equation": ("Wooldridge, second equation alone", "wooldridge2009", wooldridge_single),
    "least-squares": ("Least squares", "olley-pakes1996", least_squares),
}


def production_function(
    data: Table,
    *,
    output: str,
    free: Sequence[str],
    state: Sequence[str],
    proxy: str,
    plant: str = "plant",
    year: str = "year",
    method: str = "levinsohn-petrin",
    degree: int = 2,
    productivity_degree: int = 3,
    survival: bool = False,
    draws: int = 0,
    seed: int = 0,
) -> ProductionFunction:
    """Return elasticities and productivity of a Cobb-Douglas function of value added.

    Parameters
    ----------
    data : path, DataFrame or mapping of columns
        One row a plant and year; output and inputs in logs.
    output, proxy : str
    free, state : sequence of str
        Inputs chosen this year, and those given by the past.
    plant, year : str
    method : str
        A key of :data:`PRODUCTION_METHODS`.
    degree, productivity_degree : int
        Of the polynomial in state and proxy, and of g.
    survival : bool
        Correct for plants that leave (``olley-pakes`` only). The last year's plants are not taken as leaving.
    draws, seed : int
        Bootstrap draws of whole plants, for errors; none by default.

    Returns
    -------
    ProductionFunction
        Productivity is output less inputs times elasticities, a row of data each.

    Raises
    ------
    InputError
        If an option does not exist, no plant is seen in two consecutive years, or polynomials are too long for the data.
    DataError
        If cells are missing, infinite or no number, or a plant has two rows in a year.

    References
    ----------
    Olley and Pakes (1996); Levinsohn and Petrin (2003); Wooldridge (2009); Ackerberg, Caves and Frazer (2015).

    Examples
    --------
    >>> random = np.random.default_rng(0)
    >>> k, omega = random.normal(size=(2, 200, 4)).cumsum(axis=2) / 2
    >>> labour = omega + 0.5 * k + random.normal(size=(200, 4))
    >>> data = {
    ...     "plant": np.repeat(np.arange(200), 4),
    ...     "year": np.tile(np.arange(4), 200),
    ...     "k": k.ravel(),
    ...     "l": labour.ravel(),
    ... }
    >>> data |= {"y": (0.6 * labour + 0.3 * k + omega).ravel(), "m": (k + omega).ravel()}
    >>> found = production_function(data, output="y", free="l", state="k", proxy="m")
    >>> (
    ...     round(found["l"]["estimate"], 4),
    ...     round(
    ...         production_function(data, output="y", free="l", state="k", proxy="m", method="least-squares")["l"][
    ...             "estimate"
    ...         ],
    ...         1,
    ...     ),
    ... )
    (0.6, 1.0)
    """
    require_option("method", method, PRODUCTION_METHODS)
    if survival and method != "olley-pakes":
        raise InputError(f'survival=True belongs to method="olley-pakes", not {method!r}')
    for name, value, least in (
        ("degree", degree, 1),
        ("productivity_degree", productivity_degree, 1),
        ("draws", draws, 0),
    ):
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise InputError(f"{name} is {value!r}; it must be a whole number from {least} on")
    free, state = ([names] if isinstance(names, str) else list(names) for names in (free, state))
    inputs, source = _inputs(data, output, free, state, proxy, plant, year)
    title, citation, estimate = PRODUCTION_METHODS[method]
    estimate = olley_pakes_survival if survival else estimate
    with threadpool_limits(limits=1):  # many small systems, which threads only slow down
        fit = estimate(inputs, degree, productivity_degree)
        draw = _bootstrap(inputs, estimate, degree, productivity_degree, draws, seed)
    errors = draw.std(axis=0, ddof=1) if draws > 1 else fit.std_errors
    return ProductionFunction.build(
        method=method,
        title=title + (" with survival" if survival else ""),
        names=[*free, *state],
        fit=fit,
        std_errors=errors,
        draws=draw,
        seed=seed,
        productivity=inputs.y - inputs.F @ fit.free - inputs.K @ fit.state,
        sample=MappingProxyType(
            {
                "observations": len(inputs.y),
                "plants": int(inputs.plant.max()) + 1,
                "with a lag": int((inputs.lag >= 0).sum()),
            }
        ),
        citation_keys=(citation,),
        source=source,
    )


def _inputs(
    data: Table, output: str, free: list[str], state: list[str], proxy: str, plant: str, year: str
) -> tuple[Inputs, str]:
    """Return checked arrays with the row of each plant's year before, -1 where there is none."""
    table, source = open_table(data)
    names = [output, *free, *state, proxy]
    if not free or not state:
        raise InputError("free or state is empty; a production function here needs at least one of each")
    require_columns(table, [*names, plant, year], source)
    frame, problems = table.reset_index(drop=True), []
    values = {}
    for name in [*names, year]:
        values[name], found = numbers(frame[name], name)
        problems += found
    empty = frame[plant].isna().to_numpy()
    problems += [f"{plant}: {empty.sum()} cells are empty: {some_rows(empty)}"] if empty.any() else []
    repeated = frame.duplicated([plant, year], keep=False).to_numpy()
    problems += [f"{repeated.sum()} rows repeat a plant in a year: {some_rows(repeated)}"] if repeated.any() else []
    if problems:
        raise DataError(source, problems)
    codes, years = pd.factorize(frame[plant])[0], values[year].to_numpy()
    rows = pd.Series(np.arange(len(frame)), index=pd.MultiIndex.from_arrays([codes, years]))
    lag = rows.reindex(pd.MultiIndex.from_arrays([codes, years - 1])).fillna(-1).to_numpy().astype(int)
    if not (lag >= 0).any():
        raise InputError(f"{source}: no plant is seen in two consecutive years, which productivity's persistence needs")
    columns: list[Array] = [np.asarray(values[name].to_numpy(), dtype=np.float64) for name in names]
    F: Array = np.column_stack(columns[1 : 1 + len(free)])
    K: Array = np.column_stack(columns[1 + len(free) : -1])
    return Inputs(columns[0], F, K, columns[-1], codes, lag, years < years.max()), source


def _bootstrap(
    inputs: Inputs,
    estimate: Callable[[Inputs, int, int], Fit],
    degree: int,
    productivity_degree: int,
    draws: int,
    seed: int,
) -> Array:
    """Return estimates of each draw of whole plants, shape (draws, inputs); a stream of random numbers a draw."""
    count = int(inputs.plant.max()) + 1
    order = np.argsort(inputs.plant, kind="stable")
    starts = np.searchsorted(inputs.plant[order], np.arange(count + 1))
    found = []
    for stream in np.random.SeedSequence(seed).spawn(draws):
        chosen = np.random.default_rng(stream).integers(0, count, count)
        pieces = [order[starts[c] : starts[c + 1]] for c in chosen]
        fit = estimate(inputs.take(pieces), degree, productivity_degree)
        found.append(np.concatenate([fit.free, fit.state]))
    return np.array(found).reshape(draws, inputs.F.shape[1] + inputs.K.shape[1])
