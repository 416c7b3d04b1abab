"""Reports of spillover results: whatever was asked, the page has its numbers and none that are not there."""

from __future__ import annotations

import re
import warnings

import pytest

from tradewinds.data import keller1997_calibrated, read_panel, template_frame
from tradewinds.errors import UnitDependenceWarning
from tradewinds.report import Report, render
from tradewinds.report.spillovers import (
    equation_of,
    power_table,
    spillover_abstract,
    spillover_figures,
    spillover_sections,
)
from tradewinds.spillovers import Specification, analyse, size_and_power


def page(panel, specification=None, experiment="exchange_partners"):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnitDependenceWarning)
        result = analyse(panel, specification, experiment=experiment, draws=20)
    figures = spillover_figures(result, panel)
    sections = spillover_sections(result, panel, figures)
    abstract = spillover_abstract(result)
    html = render(
        Report("A title", abstract=abstract, stand_in=panel.stand_in, sections=sections, warnings=result.warnings)
    )
    return result, html, figures


CASES = [
    (Specification(), "exchange_partners", {"estimates", "experiment", "trade", "rnd-growth"}),
    (
        Specification(kind="level", import_share=False),
        "exchange_all",
        {"estimates", "experiment", "trade", "rnd-growth"},
    ),
    (Specification(), "observed", {"estimates", "rnd-growth"}),
    (Specification(), "equal", {"estimates", "trade", "rnd-growth"}),
    (
        Specification(kind="level", foreign_rnd="coe-helpman", import_share=False),
        "drawn",
        {"estimates", "experiment", "rnd-growth"},
    ),
    (
        Specification(kind="level", share_main_effects=True),
        "exchange_partners",
        {"estimates", "experiment", "rnd-growth"},
    ),
]


@pytest.mark.parametrize(("specification", "experiment", "names"), CASES, ids=lambda case: getattr(case, "label", None))
def test_every_kind_of_result_makes_a_page(specification, experiment, names, sound):
    result, html, figures = page(keller1997_calibrated(), specification, experiment)
    assert set(figures) == names
    sound(html)
    text = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", html, flags=re.DOTALL)
    assert not re.search(r"\b(nan|None|inf)\b", text)
    assert f"{result.observed.coefficients[0]:.3f}".replace("-", "−") in text
    if result.experiment is not None:
        assert f"{result.experiment.mean[0]:.3f}".replace("-", "−") in text
        assert "not a standard error" in text
    assert "Stand-in data." in html


def test_no_share_of_a_fit_that_is_none(sound):
    """The template's adjusted R2 of (5.2) is negative: the page says so instead of printing a share of it."""
    result, html, _ = page(read_panel(template_frame(), name="example"))
    assert result.both.adjusted_r_squared < 0
    assert "fits worse than a constant" in html and "contribution of trade" not in html
    assert "Stand-in data." not in html


def test_the_contribution_is_the_papers_arithmetic():
    result, html, _ = page(keller1997_calibrated(trade_effect=20.0))
    share = (result.both.adjusted_r_squared - result.general.adjusted_r_squared) / result.both.adjusted_r_squared
    assert f"a contribution of trade of {100 * share:.1f}%" in html


def test_equations_carry_the_papers_numbers():
    assert equation_of(Specification()).label == "(4.10)"
    assert equation_of(Specification(kind="level", import_share=False)).label == "(4.1)"
    assert equation_of(Specification(effects=("country",))).label == ""
    assert "δ_{i}" in equation_of(Specification(kind="level")).text


def test_power_has_a_row_a_design_and_a_column_a_test():
    report = size_and_power(keller1997_calibrated(), trade_multiples=(0.0, 5.0), simulations=5, draws=19)
    table = power_table(report)
    assert len(table.cells()) == 4 and len(table.cells()[0]) == 5
    rate = report.table.query("shares == 'actual' and trade_multiple == 5 and test == 'f_randomisation'")[
        "rejection_rate"
    ].item()
    (row,) = [cells for cells in table.cells() if cells[:2] == ("actual", "5")]
    assert row[3] == f"{rate:.3f}"
