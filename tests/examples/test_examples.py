"""The examples run as they stand, and on real data give the numbers that their pages speak of."""

from __future__ import annotations

import html
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from tradewinds.study import read_study, run_study

EXAMPLES = Path(__file__).parents[2] / "examples"
REAL_DATA = Path(__file__).parents[3] / "shared" / "data"


def test_kellers_experiment_runs(tmp_path):
    study = read_study(EXAMPLES / "keller.toml")
    assert study.spillovers.draws == 1000
    power = study.spillovers.power.model_copy(update={"simulations": 5, "draws": 19})
    few = study.spillovers.model_copy(update={"draws": 20, "power": power})
    outcome = run_study(study.model_copy(update={"spillovers": few}), tmp_path / "out")
    frame = pd.read_csv(outcome.folder / "results.csv")
    assert {"estimate", "mc_mean"} <= set(frame["variable"])
    assert frame.loc[frame["variable"] == "draws", "value"].iloc[0] == 20
    assert html.escape(study.title).replace("&#x27;", "&#39;") in (outcome.folder / "report.html").read_text(
        encoding="utf-8"
    )


@pytest.mark.realdata
@pytest.mark.skipif(
    not (REAL_DATA / "oecd23_panel_1971_2020.csv").is_file(),
    reason="../shared/data/oecd23_panel_1971_2020.csv is absent",
)
def test_23_oecd_countries_give_the_known_numbers(tmp_path):
    for name in ("prepare.py", "oecd23.toml"):
        shutil.copy(EXAMPLES / "oecd23" / name, tmp_path)
    done = subprocess.run(
        [sys.executable, tmp_path / "prepare.py", REAL_DATA], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str(tmp_path / "oecd23-panel.csv")
    study = tmp_path / "oecd23.toml"
    outcome = run_study(read_study(study), tmp_path / "out", study_file=study)
    frame = pd.read_csv(outcome.folder / "results.csv")

    def value(variable: str, weights: str, term: str = "foreign_rnd") -> float:
        chosen = frame[(frame["variable"] == variable) & (frame["weights"] == weights)]
        [found] = chosen.loc[chosen["term"].fillna("") == term, "value"]
        return found

    assert value("estimate", "observed") == pytest.approx(0.0541, abs=5e-4)
    assert value("within_r_squared", "observed", "") == pytest.approx(0.410, abs=5e-4)
    assert value("draws", "exchange_partners", "") == 1000
    assert value("mc_mean", "exchange_partners") == pytest.approx(0.040, abs=0.003)
    assert value("share_positive", "exchange_partners") == pytest.approx(0.885, abs=0.03)


def test_preparing_without_the_archive_says_what_is_missing(tmp_path):
    shutil.copy(EXAMPLES / "oecd23" / "prepare.py", tmp_path)
    done = subprocess.run(
        [sys.executable, tmp_path / "prepare.py", tmp_path / "nowhere"], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "does not hold oecd23_panel_1971_2020.csv" in done.stdout
    assert not (tmp_path / "oecd23-panel.csv").exists()
