"""The static gain of a change, where there is one: research of the baseline goes on, and must find the workers it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.errors import InputError

if TYPE_CHECKING:
    from tradewinds.growth.interface import Mechanism
    from tradewinds.growth.results import BalancedGrowth

__all__ = ["gain_at_once"]


def gain_at_once(mechanism: Mechanism[Any], baseline: BalancedGrowth, changed: Any) -> float:
    """Return what home gains if knowledge and research stay as they were, in per cent of consumption.

    Raises
    ------
    InputError
        If research and entry of the baseline take more workers than the change leaves.
    """
    try:
        with np.errstate(all="ignore"):  # what is then consumed may not be a number
            gain = mechanism.static_gain(baseline, changed)
    except InputError:
        raise
    except ValueError:  # a root that is not there
        gain = float("nan")
    if not gain >= -100 * (1 + 1e-12):
        raise InputError(
            f"{mechanism.name}: there is no static gain, as the change leaves fewer workers than the baseline has in research and "
            "entry. Make it smaller; solve() gives both ends"
        )
    return gain
