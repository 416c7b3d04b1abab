"""Random trade patterns: exchange all shares, exchange partners, or draw new shares.

Each importer and industry is an independent lottery. Keller (1997, footnote 13) draws a uniform number for each share and
sorts on it; that is what :func:`assign` does, for many draws at once. Draw ``d`` uses its own stretch of the random stream
of a seed, so it is the same whether it is made alone, in a batch, or by another worker.

Three lotteries are offered, after the exchange between Keller (1998) and Coe and Hoffmaister (1999): a permutation of observed
shares keeps the distribution of shares and is close to a simple average with noise; drawn shares do not.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError, require_option
from tradewinds.spillovers.checks import positive_number, whole_number

__all__ = ["LOTTERIES", "assign", "random_numbers"]

Array = NDArray[np.float64]

#: Experiments that draw trade patterns at random.
LOTTERIES = ("exchange_partners", "exchange_all", "drawn")


def random_numbers(seed: int, first: int, draws: int, shape: tuple[int, ...]) -> Array:
    """Return uniform numbers of draws ``first .. first + draws - 1``, shape (draws, *shape).

    Draw ``d`` always reads the same numbers: PCG64 takes one step a number, so it can be moved to any draw.

    Examples
    --------
    >>> together = random_numbers(7, 0, 3, (2, 4))
    >>> bool((together[2] == random_numbers(7, 2, 1, (2, 4))[0]).all())
    True
    """
    size = int(np.prod(shape))
    stream = np.random.PCG64(np.random.SeedSequence(seed)).advance(first * size)
    return np.random.Generator(stream).random((draws, *shape))


def _partner_columns(own: NDArray[np.intp], countries: int) -> NDArray[np.intp]:
    """Return the columns of each cell's partners, shape (C, V - 1)."""
    everyone = np.broadcast_to(np.arange(countries), (own.size, countries))
    return everyone[everyone != own[:, None]].reshape(own.size, countries - 1)


def _permute(values: Array, order: NDArray[np.intp]) -> Array:
    """Apply permutations (B, C, n) to values (C, n) or (C, P, n): one permutation a cell, the same at every date."""
    if values.ndim == 3:
        order = order[:, :, None, :]
    return np.take_along_axis(values[None], order, axis=-1)


def assign(
    values: Array,
    own: NDArray[np.intp],
    kind: str,
    *,
    seed: int,
    first: int = 0,
    draws: int = 1,
    sparsity: float = 1.0,
) -> Array:
    """Draw weights.

    Parameters
    ----------
    values : ndarray, shape (C, V) or (C, P, V)
        Observed weights of each cell, own weight in column ``own``.
    own : ndarray of int, shape (C,)
        Column of the cell's own country.
    kind : {"exchange_partners", "exchange_all", "drawn"}
        Exchange the partners' shares (4.6); exchange all eight with the own weight among them (4.3); or draw partners'
        shares anew, uniform numbers to the power ``sparsity``, scaled to the observed sum
        (in the spirit of Coe and Hoffmaister 1999; the power is ours).
    seed : int
    first, draws : int
        Which draws to make.
    sparsity : float
        Power of the uniform numbers in ``"drawn"``: at 1 shares are even, at 8 a few partners dominate.

    Returns
    -------
    ndarray, shape (draws, C, V) or (draws, C, P, V)
        Each observed share is used exactly once a cell and draw in the exchanges.

    Raises
    ------
    InputError
        If the lottery is unknown, a seed or count is not a whole number in range, or sparsity is not finite and positive.
    """
    require_option("lottery", kind, LOTTERIES)
    seed = whole_number("seed", seed, at_least=0)
    first, draws = whole_number("first", first, at_least=0), whole_number("draws", draws, at_least=1)
    sparsity = positive_number("sparsity", sparsity)
    if kind == "exchange_all":
        order = np.argsort(random_numbers(seed, first, draws, (own.size, values.shape[-1])), axis=-1)
        return _permute(values, order)
    partners = _partner_columns(own, values.shape[-1])
    numbers = random_numbers(seed, first, draws, partners.shape)
    at = partners[:, None, :] if values.ndim == 3 else partners
    observed = np.take_along_axis(values, np.broadcast_to(at, (*values.shape[:-1], partners.shape[1])), axis=-1)
    if kind == "exchange_partners":
        shares = _permute(observed, np.argsort(numbers, axis=-1))
    else:
        numbers = numbers**sparsity
        total = numbers.sum(axis=-1, keepdims=True)
        if not np.all(total > 0):
            raise InputError(
                f"sparsity is {sparsity:g}: every drawn share of some importer rounds to zero; use at most 100"
            )
        shares = numbers / total
        if values.ndim == 3:
            shares = shares[:, :, None, :]
        shares = shares * observed.sum(axis=-1, keepdims=True)
    drawn = np.broadcast_to(values, (draws, *values.shape)).copy()
    np.put_along_axis(drawn, np.broadcast_to(at[None], shares.shape), shares, axis=-1)
    return drawn
