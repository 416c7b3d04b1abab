"""What the printed numbers of Keller (1997) imply about each other: no data needed but the tables themselves.

A number in the text that can be recomputed from the tables is a target that anyone can check by hand. Some hold to the digit,
such as "75 per cent" in Section 4.1; one conclusion, that trade contributes, does not survive the F test that the printed
adjusted R2 imply.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from tradewinds.data import load_frame
from tradewinds.replications.targets import Computed, Key
from tradewinds.spillovers import FTest, f_from_adjusted_r_squared

__all__ = ["SECTOR_OF_TABLE", "bundled_tables", "printed_f_test", "printed_z_scores", "recomputed_text"]

TEXT = "Text"

#: Tables of imports -> ISIC code of the sector whose inputs they hold; the order is the paper's, not that of the sectors.
SECTOR_OF_TABLE = {"A-1": "31", "A-2": "32", "A-3": "341", "A-4": "342", "A-5": "381", "A-6": "36&37"}


def _printed(table: str, equation: str, variable: str) -> pd.Series:
    """Return printed numbers by country, in the paper's order."""
    frame = load_frame("keller1997-estimates")
    rows = frame[(frame["table"] == table) & (frame["equation"] == equation) & (frame["variable"] == variable)]
    return rows.set_index("term")["value"]


def printed_f_test() -> FTest:
    """Return the F test that the trade part of Table 5 is zero, from its two adjusted R2 (240 observations, 9 and 17 terms)."""
    frame = load_frame("keller1997-estimates").query("variable == 'adjusted_r_squared'").set_index("equation")["value"]
    return f_from_adjusted_r_squared(frame["5.1"], frame["5.2"], observations=240, coefficients=(9, 17))


def printed_z_scores() -> pd.Series:
    """Return the distance of observed estimates (4.10) from the mean over draws (4.12), in the spread over draws."""
    return (_printed("3", "4.10", "estimate") - _printed("3", "4.12", "mc_mean")) / _printed("3", "4.12", "mc_sd")


def recomputed_text() -> dict[Key, Computed]:
    """Return numbers of the text, recomputed from the tables of the same paper."""
    frame = load_frame("keller1997-estimates")
    means = frame[frame["variable"] == "mc_mean"]
    starred = {
        equation: float((means[(means["table"] == "2") & (means["equation"] == equation)]["stars"] != "").mean())
        for equation in ("4.4", "4.5", "4.7", "4.8")
    }
    general, exchanged = _printed("4", "5.1", "estimate"), _printed("4", "4.12", "mc_mean")
    adjusted = frame[frame["variable"] == "adjusted_r_squared"].set_index("equation")["value"]
    r_squared = frame.query("table == '4' and equation == '5.1' and variable == 'r_squared'")["value"].item()
    recomputed = "recomputed from the printed tables"
    numbers = {
        ("Section 4.1.1", "exchanging all eight shares: estimates without a star, per cent"): 50
        * (2 - starred["4.4"] - starred["4.5"]),
        ("Section 4.1.2", "exchanging partners' shares: estimates with a star, per cent"): 50
        * (starred["4.7"] + starred["4.8"]),
        ("Section 5.1", "largest gap between (4.12) and (5.1), per cent"): 100
        * float(np.max(np.abs(exchanged / general - 1))),
        ("Table 5", "adjusted R2 of (5.1), from the R2 of Table 4"): 1 - (1 - r_squared) * 239 / 231,
        ("Section 5.2", "contribution of trade, per cent"): 100 * (1 - adjusted["5.1"] / adjusted["5.2"]),
    }
    return {(TEXT, row, column): Computed(float(value), note=recomputed) for (row, column), value in numbers.items()}


def bundled_tables() -> dict[Key, Computed]:
    """Return the tables that are data: bilateral imports and depreciation, as the bundled files hold them."""
    from tradewinds.data import keller_capital_depreciation, keller_imports
    from tradewinds.labels import KELLER_COUNTRIES, KELLER_INDUSTRIES
    from tradewinds.replications.keller.ensemble import paper_label

    out: dict[Key, Computed] = {}
    flows, sectors = keller_imports(), tuple(KELLER_INDUSTRIES)
    for table, sector in SECTOR_OF_TABLE.items():
        for seller, exporter in enumerate(KELLER_COUNTRIES):
            for buyer, importer in enumerate(KELLER_COUNTRIES):
                if seller != buyer:
                    key = (f"Table {table}", f"from {paper_label(exporter)}", f"to {paper_label(importer)}")
                    out[key] = Computed(
                        float(flows[seller, buyer, sectors.index(sector)]), note="data, typed from the paper"
                    )
    for country, rate in keller_capital_depreciation().items():
        key = ("Appendix C", paper_label(country), "depreciation, per cent")
        out[key] = Computed(100 * rate, note="data, typed from the paper")
    return out
