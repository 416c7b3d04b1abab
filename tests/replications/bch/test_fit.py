"""The fit of the world model: its derivatives against solving again, and the table it writes."""

import csv
from types import SimpleNamespace

import numpy as np
import pytest

from tradewinds.errors import InputError
from tradewinds.replications.bch import calibrate
from tradewinds.replications.bch import fit as fitting
from tradewinds.replications.bch.calibrate import CALIBRATION, parameter_table, shipped_values, without_fit
from tradewinds.replications.bch.simulations import SIMULATIONS
from tradewinds.world import read_calibration

CHOSEN = (
    ("rnd_ratio", "US"),
    ("trade_price_elasticity", "CA"),
    ("human_wealth_discount", "all"),
    ("import_share", "JA"),
)


@pytest.fixture
def world(monkeypatch):
    """One simulation, a short horizon and a few parameters, one of which moves the baseline's trade matrix."""
    monkeypatch.setattr(fitting, "SIMULATIONS", {"US": SIMULATIONS["US"]})
    free = [item for item in fitting.read_free() if (item.parameter, item.scope) in CHOSEN]
    targets = [
        item for item in fitting.read_fit_targets() if item.exhibit == "Table 1" and item.column in ("2000", "2030")
    ]
    return fitting._World(read_calibration(CALIBRATION), free, targets, beyond=5)


def test_derivatives_are_those_of_solving_again(world):
    values = shipped_values(world.start, world.free)
    at = world.solve(values)
    found = world.derivatives(at)
    assert found.shape == (len(world.targets), len(CHOSEN))
    for k in range(len(CHOSEN)):
        step = np.where(np.arange(len(CHOSEN)) == k, 1e-3, 0.0)
        up, down = (world.solve(values * np.exp(sign * step), at) for sign in (1, -1))
        np.testing.assert_allclose(found[:, k], (up.gaps - down.gaps) / 2e-3, rtol=1e-3, atol=2e-3)
    assert np.all(np.max(np.abs(found), axis=0) > 1e-2)  # each of them moves something


def test_a_fit_comes_nearer_to_its_targets(world):
    values = shipped_values(world.start, world.free) * np.array([1.2, 0.9, 1.05, 1.1])
    before = world.solve(values)
    after = fitting.fit(world.start, free=world.free, targets=world.targets, first=values, steps=1, beyond=5)
    assert after.objective < 0.7 * before.objective
    held = np.sum(world.held(after.values) ** 2)
    allowed = np.array([target.allowed for target in world.targets])
    assert after.objective == pytest.approx(np.sum((after.gaps / allowed) ** 2) + held)


def test_what_is_fitted_has_a_prior_with_a_source_and_a_place_in_the_calibration():
    calibration, free = read_calibration(CALIBRATION), fitting.read_free()
    assert len({(item.parameter, item.scope) for item in free}) == len(free)
    assert all(item.source and item.spread > 0 and item.prior > 0 for item in free)
    values = shipped_values(calibration, free)
    assert np.all(values > 0) and np.all(values <= [item.largest for item in free])
    marked = {(value.parameter, value.scope) for value in calibration.values if value.source == fitting.FITTED}
    assert marked == {(item.parameter, item.scope) for item in free}  # what is fitted says so, and nothing else does


def test_the_table_written_is_the_table_read(tmp_path):
    calibration, free = read_calibration(CALIBRATION), fitting.read_free()
    text = parameter_table(calibration, free, list(shipped_values(calibration, free)))
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) == len(calibration.values) == len(without_fit(calibration, free)) + len(free)
    again = {(row["parameter"], row["scope"]): float(row["value"]) for row in rows}
    for value in calibration.values:
        assert again[value.parameter, value.scope] == pytest.approx(value.value, rel=1e-5)


def test_targets_are_the_printed_cells_of_four_tables():
    targets = fitting.read_fit_targets()
    assert len(targets) == 644 - 18  # but for R&D spending over output, which is the shock itself
    assert {target.exhibit for target in targets} == {"Table 1", "Table 2", "Table 3", "Table 4"}
    assert all(0.05 < target.allowed < 3 for target in targets)


def test_a_first_guess_that_does_not_solve_is_said(world, monkeypatch):
    monkeypatch.setattr(world.__class__, "solve", lambda *arguments: None)
    with pytest.raises(InputError, match="first guess"):
        fitting.fit(world.start, free=world.free, targets=world.targets, beyond=5)


@pytest.mark.parametrize("start", ["shipped", "priors.csv"])
def test_the_command_writes_the_values_found(tmp_path, monkeypatch, start):
    calibration, free = read_calibration(CALIBRATION), fitting.read_free()
    shipped = shipped_values(calibration, free)
    guesses = []

    def found(world, *, first, steps, beyond, log):
        guesses.append(first)
        return SimpleNamespace(values=1.01 * shipped)

    monkeypatch.setattr(calibrate, "fit", found)
    out = tmp_path / "parameters.csv"
    assert calibrate.main(["--out", str(out), "--start", start, "--steps", "3"]) == 0
    first = np.array([item.start for item in free])
    np.testing.assert_allclose(guesses[0], shipped if start == "shipped" else first)
    written = {(row["parameter"], row["scope"]): row for row in csv.DictReader(out.read_text().splitlines())}
    for item, value in zip(free, shipped, strict=True):
        assert float(written[item.parameter, item.scope]["value"]) == pytest.approx(1.01 * value, rel=1e-5)


def test_the_command_says_what_does_not_solve(tmp_path, monkeypatch, capsys):
    def refused(*arguments, **settings):
        raise InputError("the model does not solve")

    monkeypatch.setattr(calibrate, "fit", refused)
    assert calibrate.main(["--out", str(tmp_path / "parameters.csv")]) == 1
    assert "does not solve" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
