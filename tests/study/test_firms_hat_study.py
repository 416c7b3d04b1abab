"""Studies with exact hat algebra: a user's own tables, changes of tariffs and trade costs, both measures of welfare, bad input."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tradewinds.errors import StudyError
from tradewinds.firms import HatParameters, TradeTables, example_tables, solve
from tradewinds.study import parse_study, read_study, run_study

HEAD = 'schema = 1\n[firms]\nmodel = "caliendo-parro"\ntables = "my-trade"\n'
EXAMPLE = HEAD.replace("my-trade", "example")


def scenario(name: str, text: str) -> str:
    return f'[[firms.scenarios]]\nname = "{name}"\n{text}\n'


def write_tables(folder: Path, tables: TradeTables) -> Path:
    home = folder / "my-trade"
    home.mkdir()
    for name, frame in tables.to_frames().items():
        frame.to_csv(home / f"{name}.csv", index=False)
    return home


def run(text: str, folder: Path):
    study = folder / "study.toml"
    study.write_text(text, encoding="utf-8")
    return run_study(read_study(study), folder / "out", study_file=study)


def by_country(folder: Path, variable: str) -> pd.DataFrame:
    frame = pd.read_csv(folder / "out" / "results.csv")
    frame = frame[(frame["variable"] == variable) & frame["sector"].isna()]
    return frame.pivot(index="country", columns="scenario", values="value")


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """Run a study on tables of a user, with a scenario of each kind of change."""
    folder = tmp_path_factory.mktemp("own")
    tables = example_tables(3, 2, seed=7)
    home = write_tables(folder, tables)
    after = tables.to_frames()["tariffs"].assign(tariff=lambda f: f["tariff"] / 2)
    after.to_csv(folder / "half.csv", index=False)
    assert home.is_dir()
    text = (
        HEAD
        + scenario("free", "changes = [{ tariff = 0.0 }]")
        + scenario("half", "changes = [{ tariff_ratio = 0.5 }]")
        + scenario("half from a file", 'tariffs = "half.csv"')
        + scenario(
            "pact",
            'changes = [\n  { exporters = ["country 1"], importers = ["country 2"], sectors = ["sector 2"], tariff = 0.02 },\n'
            '  { exporters = ["country 1", "country 3"], trade_cost_change = 0.9 },\n]',
        )
        + scenario("balanced", 'deficits = "zero"')
        + scenario("nothing", "")
    )
    return run(text, folder), folder, tables


def expected(tables: TradeTables) -> dict[str, HatParameters]:
    tariffs, costs = np.array(tables.tariff), np.ones(tables.flows.shape)
    tariffs[0, 1, 1] = 0.02
    for i in (0, 2):
        costs[i] = 0.9
        costs[i, i] = 1.0
    return {
        "free": HatParameters(tables=tables, tariffs=0.0),
        "half": HatParameters(tables=tables, tariffs=tables.tariff / 2),
        "half from a file": HatParameters(tables=tables, tariffs=tables.tariff / 2),
        "pact": HatParameters(tables=tables, tariffs=tariffs, trade_cost_change=costs),
        "balanced": HatParameters(tables=tables, deficits="zero"),
        "nothing": HatParameters(tables=tables),
    }


def test_changes_give_the_numbers_of_the_solver(own):
    outcome, folder, tables = own
    assert outcome.failed_checks == ()
    for variable in ("real_wage", "welfare_exact", "welfare_first_order"):
        found = by_country(folder, variable)
        for name, parameters in expected(tables).items():
            point = solve(parameters).value
            np.testing.assert_allclose(found[name], getattr(point, variable), atol=1e-8, err_msg=f"{variable}, {name}")
    assert np.abs(by_country(folder, "welfare_exact")["nothing"]).max() < 1e-8


def test_flows_add_up_and_own_goods_are_never_touched(own):
    _, folder, tables = own
    flows = pd.read_csv(folder / "out" / "flows.csv")
    free = flows[flows["scenario"] == "free"]
    assert free["value_before"].sum() == pytest.approx(tables.flows.sum(), rel=1e-12)
    point = solve(expected(tables)["free"]).value
    assert free["value_after"].sum() == pytest.approx(point.flows_after.sum(), rel=1e-9)


def test_the_page_tells_both_measures_the_gains_and_the_files(own):
    outcome, folder, tables = own
    page = (folder / "out" / "report.html").read_text(encoding="utf-8")
    for part in (
        "What changes",
        "Country by country",
        "Sector by sector",
        "What trade is worth",
        "welfare, first order",
    ):
        assert part.lower() in page.lower(), part
    record = json.loads((folder / "out" / "provenance.json").read_text(encoding="utf-8"))
    assert [item["name"] for item in record["datasets"]] == [
        *(f"my-trade/{name}.csv" for name in ("flows", "inputs", "elasticities", "tariffs")), "half.csv",
    ]  # fmt: skip
    assert {"caliendo-parro2015", "costinot-rodriguezclare2014"} <= set(record["citation_keys"])
    point = solve(expected(tables)["free"]).value
    gap = np.abs(point.welfare_first_order - point.welfare_exact).max()
    told = [text for text in outcome.warnings if text.startswith("free: in ")]
    assert bool(told) == (gap >= 0.05)


def test_changes_of_trade_costs_from_a_file(tmp_path):
    rows = [("country 1", "country 2", "sector 1", 0.8), ("country 3", "country 1", "sector 2", "inf")]
    columns = ["exporter", "importer", "sector", "trade_cost_change"]
    pd.DataFrame(rows, columns=columns).to_csv(tmp_path / "shocks.csv", index=False)
    run(EXAMPLE + scenario("x", 'trade_cost_changes = "shocks.csv"\ndeficits = "zero"'), tmp_path)
    tables = example_tables()
    costs = np.ones(tables.flows.shape)
    costs[0, 1, 0], costs[2, 0, 1] = 0.8, np.inf
    point = solve(HatParameters(tables=tables, trade_cost_change=costs, deficits="zero")).value
    np.testing.assert_allclose(by_country(tmp_path, "welfare_exact")["x"], point.welfare_exact, atol=1e-8)
    record = json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))
    assert [item["name"] for item in record["datasets"]] == ["shocks.csv"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("country 9", "country 2", "sector 1", 0.8), 'row 2: exporter "country 9" is not in the tables. Did you mean'),
        (("country 1", "country 2", "sector 3", 0.8), 'sector "sector 3" is not in the tables'),
        (("country 1", "country 2", "sector 1", 0.9), "row 2: country 1, country 2, sector 1 stands there twice"),
        (
            ("country 2", "country 1", "sector 1", "dear"),
            "row 2: trade_cost_change is 'dear'; it must be a number above 0",
        ),
        (("country 2", "country 1", "sector 1", -1), "must be a number above 0, or inf"),
        (("country 2", "country 2", "sector 1", 2), 'key "firms.scenarios", x: trade_cost_change of a country\'s own'),
    ],
)
def test_files_of_changes_that_cannot_be(tmp_path, row, words):
    first = ("country 1", "country 2", "sector 1", 0.8)
    columns = ["exporter", "importer", "sector", "trade_cost_change"]
    pd.DataFrame([first, row], columns=columns).to_csv(tmp_path / "shocks.csv", index=False)
    with pytest.raises(StudyError) as caught:
        run(EXAMPLE + scenario("x", 'trade_cost_changes = "shocks.csv"'), tmp_path)
    assert words in str(caught.value)


@pytest.mark.parametrize("seed", [0, 3])
def test_gains_from_shares_are_what_real_wages_lose_when_trade_ends(seed):
    tables = example_tables(3, 3, seed=seed)
    closed = solve(HatParameters(tables=tables, trade_cost_change=np.inf, deficits="zero")).value
    np.testing.assert_allclose(-closed.real_wage / 100, tables.gains_from_trade(convention="loss"), rtol=1e-8)
    gain, loss = (tables.gains_from_trade(convention=name) for name in ("gain", "loss"))
    np.testing.assert_allclose((1 + gain) * (1 - loss), 1, rtol=1e-12)
    assert np.all(gain > tables.gains_from_trade(inputs=False))


def test_gains_have_no_limit_where_a_country_makes_none_of_what_it_buys():
    tables = example_tables(2, 2)
    flows = np.array(tables.flows)
    flows[1, 1, 0] = 0.0
    lopsided = TradeTables(
        countries=tables.countries, sectors=tables.sectors, flows=flows, input_shares=0.01 * tables.input_shares,
        trade_elasticities=tables.trade_elasticities,
    )  # fmt: skip
    assert lopsided.gains_from_trade()[1] == np.inf and lopsided.gains_from_trade(convention="loss")[1] == 1
    assert np.isfinite(lopsided.gains_from_trade()[0])


def test_tables_survive_being_written_and_read(tmp_path):
    tables = example_tables(4, 3, seed=2)
    back = TradeTables.from_csv(write_tables(tmp_path, tables))
    for name in ("flows", "input_shares", "trade_elasticities", "tariff"):
        np.testing.assert_array_equal(getattr(back, name), getattr(tables, name))


def test_rows_that_are_absent(tmp_path):
    home = write_tables(tmp_path, example_tables())
    flows = pd.read_csv(home / "tariffs.csv").iloc[1:]
    flows.to_csv(home / "tariffs.csv", index=False)
    text = HEAD + scenario("free", "changes = [{ tariff = 0.0 }]")
    with pytest.raises(
        StudyError, match=r'key "firms.tables": tariffs: no row for exporter country 1, importer country 1'
    ):
        run(text, tmp_path)
    run(text.replace('my-trade"\n', 'my-trade"\nabsent = "zero"\n'), tmp_path)
    assert (tmp_path / "out" / "results.csv").exists()


def test_the_example_runs_without_any_file(tmp_path):
    outcome = run(EXAMPLE + scenario("closed", "changes = [{ trade_cost_change = inf }]\ndeficits = 'zero'"), tmp_path)
    assert outcome.failed_checks == ()
    record = json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))
    assert record["study"]["content"]["firms"]["scenarios"][0]["changes"] == [{"trade_cost_change": "inf"}]
    assert any("no finite number" in text for text in outcome.warnings)
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "inf</td>" not in page and "nan</td>" not in page
    assert "no country of the world" in page


def test_a_change_that_is_not_solved_is_marked_with_what_to_try(tmp_path):
    outcome = run(EXAMPLE + scenario("wild", "changes = [{ tariff = 1e5 }]"), tmp_path)
    (failed,) = outcome.failed_checks
    assert failed.startswith("scenario wild is not solved.") and 'try deficits = "zero"' in failed
    solved = tmp_path / "solved"
    solved.mkdir()
    assert run(EXAMPLE + scenario("x", 'changes = [{ tariff = 1e5 }]\ndeficits = "zero"'), solved).failed_checks == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (EXAMPLE, ('key "firms.scenarios": caliendo-parro needs at least one',)),
        (EXAMPLE.replace('tables = "example"\n', ""), ('key "firms.tables": caliendo-parro starts from tables',)),
        (EXAMPLE + scenario("x", "changes = [{}]"), ("nothing changes: give tariff",)),
        (EXAMPLE + scenario("x", "changes = []"), ('"firms.scenarios.changes"', "at least 1")),
        (
            EXAMPLE + scenario("x", "changes = [{ tariff = 0, tariff_ratio = 1 }]"),
            ("tariff or tariff_ratio, not both",),
        ),
        (EXAMPLE + scenario("x", "changes = [{ tariff = -0.1 }]"), ('"firms.scenarios.changes.tariff"', "at least 0")),
        (EXAMPLE + scenario("x", "changes = [{ trade_cost_change = 0 }]"), ("trade_cost_change", "above 0")),
        (EXAMPLE + scenario("x", "trade_cost = 1.5"), ('"firms.scenarios.trade_cost"', "trade_cost_change")),
        (EXAMPLE + scenario("x", "deficits = 'gone'"), ('"firms.scenarios.deficits"', "Allowed:")),
        (EXAMPLE + "trade_cost = [1]\n" + scenario("x", ""), ('key "firms.trade_cost"',)),
        (EXAMPLE + "market_size = [1]\n" + scenario("x", ""), ('key "firms.market_size"',)),
        (EXAMPLE + scenario("x", "parameters = { labour = 1 }"), ("caliendo-parro has no parameters",)),
    ],
)
def test_what_cannot_be_is_said_at_its_key(text, words):
    with pytest.raises(StudyError) as caught:
        parse_study(text)
    for part in words:
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD + scenario("x", ""), 'key "firms.tables" is "my-trade", and there is no such folder'),
        (EXAMPLE + scenario("x", "tariffs = 'none.csv'"), 'key "firms.scenarios.tariffs" is "none.csv"'),
        (EXAMPLE + scenario("x", "changes = [{ exporters = ['country 9'], tariff = 0 }]"),
         'key "firms.scenarios.changes.exporters" names "country 9", which is not in the tables. Did you mean'),
        (EXAMPLE + scenario("x", "changes = [{ sectors = ['sektor 1'], tariff = 0 }]"), 'Did you mean "sector 1"?'),
        (EXAMPLE + scenario("x", "changes = [{ exporters = ['country 1'], importers = ['country 1'], tariff = 0 }]"),
         "whose own goods no tariff or trade cost touches"),
    ],
)  # fmt: skip
def test_names_and_files_that_are_not_there(tmp_path, text, words):
    with pytest.raises(StudyError) as caught:
        run(text, tmp_path)
    assert words in str(caught.value)
    assert not (tmp_path / "out").exists()
