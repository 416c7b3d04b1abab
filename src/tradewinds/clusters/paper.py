"""The economies of Figures 2 to 8 of Hanlon (2012), as printed under each."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tradewinds.clusters.parameters import ClusterParameters
from tradewinds.errors import InputError

__all__ = ["PAPER_FIGURES", "paper_economy"]

_WITHIN = np.diag([0.2, 0.2, 0.2, 0.2])
_ACROSS = np.array([[0, 0.2, 0, 0], [0.2, 0, 0, 0], [0, 0, 0, 0.2], [0, 0, 0.2, 0]])
_GROWTH_INDUSTRIES = np.diag([0.5, 0.5, 0, 0])

#: Figure -> home's technology and the spillovers; foreign is the mirror image, industry 4 for 1 and 3 for 2.
PAPER_FIGURES: Mapping[int, tuple[tuple[float, ...], NDArray[np.float64]]] = {
    2: ((10, 10, 5, 5), _WITHIN),  # concentration
    3: ((10, 10, 5, 5), _ACROSS),  # cluster building
    4: ((10, 5, 10, 5), _ACROSS),  # cluster destroying
    5: ((10, 10, 5, 5), _GROWTH_INDUSTRIES),  # composition
    6: ((10, 4, 5, 2), _ACROSS),  # delay
    7: ((10, 4, 6, 2), _ACROSS),  # gradual opening; the text says as in Figure 6, the table under it does not
    8: ((10, 10, 5, 5), _GROWTH_INDUSTRIES),  # free migration
}


def paper_economy(figure: int, sigma: float = 2.0) -> ClusterParameters:
    """Return the economy of a figure of the paper.

    Parameters
    ----------
    figure : int
        From 2 to 8.
    sigma : float
        The paper states it for Figure 8 only: 4/3 and 4.

    Raises
    ------
    InputError
        If there is no such figure.

    References
    ----------
    Hanlon (2012), Figures 2 to 8. One worker in each country is implied by the proofs.

    Examples
    --------
    >>> paper_economy(6).technology.tolist()
    [[10.0, 4.0, 5.0, 2.0], [2.0, 5.0, 4.0, 10.0]]
    """
    if figure not in PAPER_FIGURES:
        raise InputError(f"figure is {figure!r}; the paper has economies under Figures 2 to 8")
    home, spillovers = PAPER_FIGURES[figure]
    return ClusterParameters(technology=np.array([home, home[::-1]]), sigma=sigma, spillovers=spillovers)
