"""Write the OECD panel of 23 countries, 1971-2019, in the long format that a study reads.

The source is the replication archive of a thesis (repository ShreeshChary/International_R-D_Spillovers); it states no licence, so
the data are not part of tradewinds. Give the folder that holds ``oecd23_panel_1971_2020.csv``, ``oecd23_bilateral_1971_2020.csv``
and ``oecd23_rd_level_weights_derived.csv``::

    python examples/oecd23/prepare.py FOLDER

Three things are decided here and would change the numbers if decided otherwise. R&D stocks are archived as indices, 2015 = 1 in
every country, which treats Portugal's research as equal to that of the USA; they are multiplied by relative levels recovered from
the archived foreign stocks (the third file). Import flows that are missing, all of Korea, Mexico, Norway and Turkey from small
partners, are taken as zero. The year 2020 is left out: its TFP is missing.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
DEFAULT = HERE.parents[2] / "shared" / "data"
LAST_YEAR = 2019


def long(frame: pd.DataFrame, variable: str, values: pd.Series, partner: str = "") -> pd.DataFrame:
    """Return one variable in the long format."""
    return pd.DataFrame(
        {
            "variable": variable,
            "country": frame["country"],
            "partner": frame[partner] if partner else "",
            "industry": "",
            "year": frame["year"],
            "value": values,
        }
    )


def prepare(folder: Path) -> pd.DataFrame:
    """Return the panel from the archived files in a folder."""
    panel = pd.read_csv(folder / "oecd23_panel_1971_2020.csv").query("year <= @LAST_YEAR")
    flows = pd.read_csv(folder / "oecd23_bilateral_1971_2020.csv").query("year <= @LAST_YEAR")
    flows = flows.rename(columns={"importer": "country"})
    level = pd.read_csv(folder / "oecd23_rd_level_weights_derived.csv").set_index("country").iloc[:, 0]
    gdp = flows.drop_duplicates(["exporter", "year"])[["exporter", "year", "gdp_exporter_musd"]]
    gdp = gdp.rename(columns={"exporter": "country"})
    parts = [
        long(panel, "tfp", np.exp(panel["lf"])),
        long(panel, "rnd_stock", panel["sd"] * panel["country"].map(level)),
        long(panel, "import_share", panel["m"]),
        long(gdp, "gdp", gdp["gdp_exporter_musd"]),
        long(flows, "bilateral_imports", flows["imports_musd"].fillna(0.0), partner="exporter"),
    ]
    return pd.concat(parts, ignore_index=True)


def main() -> int:
    """Write the panel beside the study."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    if not (folder / "oecd23_panel_1971_2020.csv").is_file():
        print(f"{folder} does not hold oecd23_panel_1971_2020.csv; give the folder that does: prepare.py FOLDER")
        return 2
    target = HERE / "oecd23-panel.csv"
    prepare(folder).to_csv(target, index=False)
    print(target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
