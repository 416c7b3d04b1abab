"""The two-country example: its story, its figure, and what it says where there is no path."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tradewinds.solvers.perfect_foresight import check, steady_state

EXAMPLE = Path(__file__).parents[2] / "examples" / "perfect_foresight" / "two_countries.py"


@pytest.fixture(scope="module")
def example():
    return runpy.run_path(str(EXAMPLE))


def test_a_subsidy_at_home_raises_productivity_in_both_countries(example):
    done = example["subsidise"](0.1)
    assert done.ok
    percent = done.deviations()
    tfp, consumption = percent["tfp"], percent["consumption"]
    assert tfp.sel(year=2025).values.tolist() == pytest.approx([0.0, 0.0], abs=1e-9)  # knowledge takes a year
    assert float(tfp.sel(year=2124, country="home")) == pytest.approx(0.983, abs=1e-3)
    assert float(tfp.sel(year=2124, country="abroad")) == pytest.approx(0.409, abs=1e-3)
    assert float(consumption.sel(year=2025, country="home")) < -1.8  # research is paid for first
    assert float(consumption.sel(year=2124, country="home")) > 0.7
    assert (consumption.sel(country="abroad", year=slice(2025, None)) > 0).all()


def test_it_ends_in_the_steady_state_of_the_subsidy(example):
    done = example["subsidise"](0.1)
    after = steady_state(example["MODEL"], {"subsidy": [0.1, 0.0]})
    for name, level in after.values.items():
        np.testing.assert_allclose(done.databank[name].sel(year=2124), level, rtol=1e-4)
    assert max(float(abs(part).max()) for part in check(example["MODEL"], done.databank).values()) < 1e-10


def test_the_script_writes_its_figure(tmp_path):
    run = subprocess.run(
        [sys.executable, "-W", "error", EXAMPLE], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert not run.stderr
    assert "converged: 4 Newton iterations" in run.stdout
    figure = (tmp_path / "two_countries.svg").read_text(encoding="utf-8")
    assert figure.count('<g id="axes_') == 4


def test_the_figure_has_title_units_legend_and_source(example):
    figure = example["subsidise"](0.1).plot(["tfp"], title="A subsidy")
    assert figure.get_suptitle() == "A subsidy"
    assert figure.axes[0].get_ylabel() == "per cent"
    assert figure.axes[0].get_xlabel() == "year"
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["home", "abroad"]
    assert figure.get_supxlabel().strip() == "Source: model two countries, perfect foresight."


def test_a_subsidy_that_is_too_large_is_explained_and_no_traceback(tmp_path):
    run = subprocess.run(
        [sys.executable, "-W", "error", EXAMPLE, "--too-large"], cwd=tmp_path, capture_output=True, text=True
    )
    assert run.returncode == 1
    assert not run.stderr
    assert "model two countries did not converge" in run.stdout
    assert "Newton failed from the start given; homotopy on the shock size solved up to " in run.stdout
    assert "Worst equations, with the values reached:" in run.stdout
    assert "research[home] in " in run.stdout
    assert "subsidy[home] = 1.2" in run.stdout
    assert not list(tmp_path.iterdir())


def test_a_subsidy_of_half_is_not_too_large(example):
    """At one, research costs nothing and there is no end to it; well below it there is a path."""
    assert example["subsidise"](0.5).ok
