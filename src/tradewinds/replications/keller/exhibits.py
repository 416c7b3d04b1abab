"""Every number of the paper, computed: from bundled data, from the printed tables, or on the stand-in and named so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tradewinds.replications.keller.ensemble import Cell, Ensemble
from tradewinds.replications.keller.printed import bundled_tables, printed_f_test, recomputed_text
from tradewinds.replications.targets import Computed, Key

__all__ = ["STAND_IN", "Check", "checks", "computed_numbers"]

STAND_IN = (
    "The OECD micro-series behind the paper are not public. Tables 1 to 5, A-7, A-8 and footnotes 15 and 18 are computed on a "
    "calibrated stand-in: real trade shares, simulated R&D and productivity with known parameters. They test "
    "the method, not the "
    "world, and are never graded as reproduced."
)
_SHORT = "stand-in: mean over simulated panels"


@dataclass(frozen=True)
class Check:
    """A property of the method that must carry over to the stand-in.

    Attributes
    ----------
    what : str
    paper, ours, allowed : str
        The paper's number, that on the stand-in, and what passes.
    passed : bool
    """

    what: str
    paper: str
    ours: str
    allowed: str
    passed: bool


def target_key(cell: Cell) -> Key | None:
    """Return the target of a cell of the ensemble, or None where the paper prints no such number."""
    table, equation, row, what = cell
    if table == "footnote 15":
        return ("Footnote 15", row, f"{what}, per cent")
    if table == "footnote 18":
        printed = what == "per cent" and equation in ("level NIS", "level IS")
        return ("Footnote 18", equation, "contribution of trade, per cent") if printed else None
    if table.startswith("A-"):
        return (f"Table {table}", row, what)
    number, _, part = equation.partition(" ")
    return (f"Table {table}", row, f"({number}) {part + ' ' if part else ''}{what}")


def computed_numbers(ensemble: Ensemble) -> dict[Key, Computed]:
    """Return our number for every target."""
    out: dict[Key, Computed] = {}
    for cell, value in ensemble.mean.items():
        key = target_key(cell)
        if key is not None:
            note = f"s.d. over {ensemble.panels} panels {ensemble.spread[cell]:.3g}"
            out[key] = Computed(value, stand_in=_SHORT, note=note)
    return out | recomputed_text() | bundled_tables()


def _column(ensemble: Ensemble, table: str, equation: str, what: str) -> np.ndarray:
    return np.array([v for k, v in ensemble.mean.items() if (k[0], k[1], k[3]) == (table, equation, what)])


def checks(ensemble: Ensemble, with_trade: tuple[float, float], targets: pd.DataFrame) -> list[Check]:
    """Return what must carry over from the paper to the stand-in, and whether it does.

    Parameters
    ----------
    ensemble : Ensemble
        Panels without a trade effect.
    with_trade : (float, float)
        Adjusted R2 of (5.1) and (5.2) on panels with a trade effect of twenty times the general one.
    targets : DataFrame
        The paper's targets.
    """
    gap = 100 * float(np.median(ensemble.gaps))
    printed = targets[(targets["exhibit"] == "Table 3") & (targets["column"] == "(4.12) s.d. over draws")]
    ratio = _column(ensemble, "3", "4.12", "s.d. over draws") / printed["published"].astype(float).to_numpy()
    general, both = (ensemble.mean["5", equation, "adjusted R2", "adjusted R2"] for equation in ("5.1", "5.2"))
    trade_general, trade_both = with_trade
    spurious = [ensemble.mean["footnote 18", s, "rejected at 5%", "share"] for s in ("level NIS", "level IS")]
    quiet = [ensemble.mean["footnote 18", s, "rejected at 5%", "share"] for s in ("growth NIS", "growth IS")]
    test = printed_f_test()
    return [
        Check(
            "Monte-Carlo means (4.12) equal the general spillover (5.1): largest gap over countries, median panel",
            "2% (Section 5.1)",
            f"{gap:.1f}%",
            "3%",
            gap <= 3,
        ),
        Check(
            "Spread over random trade patterns (4.12): ours over the printed one, smallest and largest country "
            "(overall import shares were assumed so that these come near)",
            "1",
            f"{ratio.min():.2f} to {ratio.max():.2f}",
            "0.67 to 1.5",
            bool(ratio.min() >= 0.67 and ratio.max() <= 1.5),
        ),
        Check(
            "Adjusted R² from (5.1) to (5.2) where there is no trade effect",
            "0.078 to 0.096",
            f"{general:.3f} to {both:.3f}",
            "falls",
            both < general,
        ),
        Check(
            "Adjusted R² from (5.1) to (5.2) where the trade effect is twenty times the general one",
            "0.078 to 0.096",
            f"{trade_general:.3f} to {trade_both:.3f}",
            "rises",
            trade_both > trade_general,
        ),
        Check(
            "Growth: share of panels without a trade effect in which the F test rejects at 5% (NIS, IS)",
            "not rejected in NIS (footnote 18)",
            f"{quiet[0]:.0%}, {quiet[1]:.0%}",
            "at most 10%",
            max(quiet) <= 0.10,
        ),
        Check(
            "Levels: share of panels without a trade effect in which the F test rejects at 5% (NIS, IS): "
            "missing cell effects alone, "
            "or serial correlation alone, are enough for footnote 18's rejections",
            "rejected (footnote 18)",
            f"{spurious[0]:.0%}, {spurious[1]:.0%}",
            "at least 50%",
            min(spurious) >= 0.5,
        ),
        Check(
            "Table 5: the F test that its printed adjusted R² imply",
            "not printed",
            str(test),
            "p above 0.05",
            test.p_value > 0.05,
        ),
    ]
