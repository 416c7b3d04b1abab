"""The accounting of Table 2: what the text states, what it does not, and the sum."""

from __future__ import annotations

import math

import pytest

from tradewinds.errors import InputError
from tradewinds.firms.measurement import Channel, aggregate_effect, canada_us_account


def test_the_table_adds_up():
    account = canada_us_account()
    assert [channel.value for channel in account.channels] == [4.1, 4.3, 3.5, 1.4, 0.5]
    assert account.total == pytest.approx(13.8, abs=1e-12) and account.residual == pytest.approx(0, abs=1e-12)
    assert account.subtotals() == {"between plants": pytest.approx(8.4), "within plants": pytest.approx(5.4)}


def test_one_line_is_not_in_the_text_and_says_so():
    account = canada_us_account()
    outside = [channel for channel in account.channels if channel.status != "in the text"]
    assert [channel.value for channel in outside] == [1.4]
    assert "not in the text; what the total leaves" in account.summary()


def test_the_product_is_rounded_in_the_table():
    assert aggregate_effect(15.3, 0.23) == pytest.approx(3.519)
    assert round(aggregate_effect(15.3, 0.23), 1) == 3.5
    # output per worker of plants with 23 per cent of output rises by 15.3 per cent, workers unchanged
    assert pytest.approx(aggregate_effect(15.3, 0.23)) == 100 * ((0.77 + 0.23 * 1.153) / 1.0 - 1)
    for share in (-0.1, 23, math.nan):
        with pytest.raises(InputError, match="output_share is"):
            aggregate_effect(15.3, share)
    with pytest.raises(InputError, match="effect is"):
        aggregate_effect(math.inf, 0.2)


def test_lines_of_ones_own():
    account = canada_us_account([Channel("roads", "other", 0.2, "own estimate")])
    assert account.total == pytest.approx(14.0) and math.isnan(account.residual)
    assert account.subtotals()["other"] == 0.2
    tidy = account.tidy()
    assert tidy.loc[tidy["variable"] == "total", "value"].item() == pytest.approx(14.0)
    legend = account.plot().axes[0].get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["in the text", "not in the text", "own estimate"]


def test_titles_and_labels_stay_inside_the_figure():
    figure = canada_us_account().plot()
    figure.draw_without_rendering()
    axis = figure.axes[0]
    for text in (axis._left_title, *axis.get_yticklabels()):
        box = text.get_window_extent()
        assert figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1, text.get_text()
