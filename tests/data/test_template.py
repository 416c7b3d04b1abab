"""The invented example can be read and estimated, and it is always the same."""

import numpy as np
import pandas as pd

from tradewinds.data.layout import COLUMNS, RAW_PRODUCTIVITY
from tradewinds.data.reader import read_panel
from tradewinds.data.template import template_frame
from tradewinds.spillovers import Specification, analyse
from tradewinds.spillovers.equations import build_design


def test_template_is_deterministic_and_small():
    frame = template_frame()
    pd.testing.assert_frame_equal(frame, template_frame())
    assert tuple(frame.columns) == COLUMNS
    assert len(frame) == 240
    assert list(frame["variable"].unique()) == ["tfp", "rnd_expenditure", "bilateral_imports", "import_share"]
    assert frame.to_csv(index=False).splitlines()[1] == "tfp,CAN,,31,1990,100.0"
    assert frame["value"].map(lambda value: len(f"{value:.15g}")).max() <= 7


def test_template_is_plausible():
    panel = read_panel(template_frame(), name="example")
    assert panel.shape == (4, 2, 13)
    assert panel.warnings == ()
    growth = np.log(panel.tfp[..., -1] / panel.tfp[..., 0]) / 12
    assert np.all((growth > 0) & (growth < 0.04))
    assert panel.import_share is not None
    assert np.all((panel.import_share > 0.05) & (panel.import_share < 0.6))


def test_the_starter_study_runs_on_the_template():
    panel = read_panel(template_frame(), name="example")
    result = analyse(panel, Specification(), experiment="exchange_partners", draws=50, seed=1)
    frame = result.tidy()
    estimates = frame[frame["variable"] == "estimate"]
    assert np.isfinite(estimates["value"]).all()
    trade = [term for term in estimates["term"] if str(term).startswith("trade:")]
    assert len(trade) == 4, "the split (5.2) must be estimable"
    assert build_design(panel, Specification()).rows >= 2 * (1 + 2 * 4)


def test_productivity_is_computed_from_output_two_inputs_and_their_cost():
    assert set(RAW_PRODUCTIVITY) == {
        *("output", "labour", "labour_cost", "value_added"),
        *("capital", "investment", "capital_depreciation"),
        *("user_cost", "real_interest", "inflation", "tax_rate"),
    }
