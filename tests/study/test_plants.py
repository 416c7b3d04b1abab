"""The plants kind of study: the starter, rules with counts, memory against disk, every estimate, and bad input by command."""

from __future__ import annotations

import json
import sys
import typing
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd
import pytest

from tradewinds.cli import main
from tradewinds.errors import MissingDependencyError
from tradewinds.firms.measurement import (
    COMPONENTS,
    EFFECTS,
    INACTIVE,
    MEDIANS,
    METHODS,
    MISSING,
    PRODUCTION_METHODS,
    REENTRY,
    SWITCHERS,
    decompose,
    exporter_premium,
    production_function,
    read_plants,
)
from tradewinds.study import parse_study, read_study, run_study
from tradewinds.study import plants as study_module
from tradewinds.study import plants_fields as fields
from tradewinds.study.plants_estimates import complete
from tradewinds.study.plants_example import EXAMPLE_FILE, example_plants
from tradewinds.study.starter import starter_file, starter_text

HEAD = 'schema = 1\n[plants]\npanel = "panel.csv"\n'
COLUMNS = '[plants.columns]\noutput = "sales"\nemployment = "workers"\nexporter = "abroad"\n'
LABELS = ["variable", "value", "unit", "analysis", "method", "industry", "group", "first_year", "last_year", "term"]


def panel(seed: int = 0, plants: int = 60, years: int = 4) -> pd.DataFrame:
    """Plants that enter, leave, come back, change industry and export status, in a file as a user has it."""
    random = np.random.default_rng(seed)
    rows = []
    for plant in range(plants):
        born, gone = sorted(random.integers(0, years, 2))
        level, industry = random.normal(3, 0.5), random.integers(31, 34)
        for year in range(born, gone + 1):
            if random.random() < 0.1:
                continue
            industry = random.integers(31, 34) if random.random() < 0.1 else industry
            workers = int(random.integers(5, 200))
            rows.append(
                {
                    "plant": f"p{plant}",
                    "year": 1990 + year,
                    "industry": f"{industry}{random.integers(0, 2)}",
                    "sales": round(float(workers * np.exp(level + random.normal(0, 0.3))), 2),
                    "workers": workers,
                    "abroad": int(random.random() < 0.3),
                }
            )
    return pd.DataFrame(rows)


def write(folder, frame: pd.DataFrame, text: str = HEAD + COLUMNS):
    frame.to_csv(folder / "panel.csv", index=False)
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return folder / "study.toml"


def run(folder, frame: pd.DataFrame, text: str = HEAD + COLUMNS):
    """Run a study without its figures, which take longer than everything else and are those of the starter."""
    study = write(folder, frame, text)
    with mock.patch("tradewinds.report.plants.plants_figures", return_value={}):
        outcome = run_study(read_study(study), folder / "out", study_file=study)
    return outcome, results(folder / "out")


def results(out) -> pd.DataFrame:
    texts = dict.fromkeys(["industry", "group", "term", "method", "analysis", "first_year", "last_year"], str)
    return pd.read_csv(out / "results.csv", dtype=texts, keep_default_na=False, na_values={"value": [""]})


def value(frame: pd.DataFrame, variable: str, **labels: str) -> float:
    rows = frame[frame["variable"] == variable]
    for name, label in labels.items():
        rows = rows[rows[name] == label]
    assert len(rows) == 1, rows
    return float(rows["value"].iloc[0])


@pytest.fixture
def command(tmp_path, monkeypatch, capsys):
    """Run the command line inside this process, in tmp_path."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str):
        monkeypatch.setattr(sys, "argv", ["tradewinds", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return ended.value.code, said.out, said.err

    return call


@pytest.fixture(scope="module")
def starter(tmp_path_factory):
    """Run the starter once."""
    folder = tmp_path_factory.mktemp("starter")
    (folder / "plants.toml").write_text(starter_text("plants"), encoding="utf-8")
    (folder / EXAMPLE_FILE).write_bytes(starter_file(EXAMPLE_FILE))
    outcome = run_study(read_study(folder / "plants.toml"), folder / "out", study_file=folder / "plants.toml")
    return outcome, folder / "out"


def test_the_example_is_what_its_function_makes():
    shipped = pd.read_csv(__import__("io").BytesIO(starter_file(EXAMPLE_FILE)))
    made = example_plants()
    pd.testing.assert_frame_equal(shipped, made, check_dtype=False, rtol=1e-9)
    assert len(starter_file(EXAMPLE_FILE)) < 150_000
    assert "synthetic" in EXAMPLE_FILE


def test_the_starter_finds_what_the_tools_find(starter):
    outcome, out = starter
    assert outcome.failed_checks == ()
    frame = results(out)
    assert list(frame.columns) == LABELS
    data = pd.read_csv(__import__("io").BytesIO(starter_file(EXAMPLE_FILE)))
    data = data[data["exporter"] >= 0].assign(productivity=lambda d: np.log(d["output"] / d["employment"]))
    plants = read_plants(data, weight="employment", exporter="exporter")
    for method in METHODS:
        expected = decompose(plants, 1989, 1992, method=method)
        labels = {"analysis": "decomposition", "method": method, "group": "", "first_year": "1989", "last_year": "1992"}
        for name in COMPONENTS:
            assert value(frame, name, **labels) == pytest.approx(expected.components[name], abs=1e-12), (method, name)
    premium = exporter_premium(plants)["exporter"]
    found = value(
        frame, "estimate", analysis="exporter premium", method="industry-year", group="productivity", term="exporter"
    )
    assert found == pytest.approx(premium["estimate"], rel=1e-9)
    assert outcome.headline.startswith(
        "From 1989 to 1992 aggregate productivity rose by 0.047 log points (+4.9 per cent). "
    )


def test_parts_in_the_results_add_up_to_their_change(starter):
    frame = results(starter[1])
    wide = frame[frame["analysis"].isin(["decomposition", "decomposition inside industries"])]
    wide = wide[wide["group"] == ""]
    keys = ["analysis", "method", "industry", "first_year", "last_year"]
    table = wide.pivot_table(index=keys, columns="variable", values="value")
    assert len(table) > 20
    np.testing.assert_allclose(table[list(COMPONENTS)].sum(axis=1), table["change"], atol=1e-12)
    groups = frame[frame["analysis"] == "decomposition by group"].groupby(["method", "variable"])["value"].sum()
    pooled = frame[
        (frame["analysis"] == "decomposition") & (frame["last_year"] == "1992") & (frame["first_year"] == "1989")
    ]
    pooled = pooled[pooled["variable"].isin(COMPONENTS)].set_index(["method", "variable"])["value"]
    np.testing.assert_allclose(groups.sort_index(), pooled.sort_index(), atol=1e-12)


def test_the_folder_says_that_the_example_is_synthetic_and_where_numbers_come_from(starter):
    out = starter[1]
    record = json.loads((out / "provenance.json").read_text(encoding="utf-8"))
    (data,) = record["datasets"]
    assert data["name"] == EXAMPLE_FILE
    assert "synthetic example" in data["stand_in"]
    assert {"melitz-trefler2012", "melitz-polanec2015", "bernard-jensen1999"} <= set(record["citation_keys"])
    own = {item["name"]: item for item in record["parameters"]}
    assert own["rules.inactive"] == own["rules.inactive"] | {"value": "absent", "source": "study file"}
    assert own["rules.missing"]["source"] == "default"
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "No plant in it exists" in page
    for heading in ("The data", "Year by year", "Where the change comes from", "Exporters", "Checks"):
        assert f">{heading}<" in page
    drawn = {path.stem for path in (out / "figures").iterdir()}
    assert drawn == {"levels", "yearly", "decompositions", "exporters", "distributions", "premia", "exit", "starting"}
    curves = pd.read_csv(out / "distributions.csv")
    assert set(curves["panel"]) == {"A", "B", "C"}


CODED = (
    HEAD
    + COLUMNS
    + '[plants.rules]\ninactive = "absent"\nmissing = "{missing}"\nmissing_codes = ["NA", "-99"]\nnonpositive = "missing"\n'
    'reentry = "{reentry}"\nswitchers = "{switchers}"\n'
)


def coded(seed: int) -> pd.DataFrame:
    """A panel with inactive plants coded -1, missing cells coded and empty, and sales of zero."""
    frame = panel(seed).astype({"sales": object, "workers": object, "abroad": object})
    random = np.random.default_rng(seed + 100)
    kinds = random.choice(7, len(frame), p=[0.74, 0.06, 0.05, 0.05, 0.04, 0.03, 0.03])
    frame.loc[kinds == 1, ["sales", "workers", "abroad", "industry"]] = [0, -1, -1, "-1"]
    frame.loc[kinds == 2, "sales"] = "NA"
    frame.loc[frame.index[kinds == 2][:2], "abroad"] = None
    frame.loc[kinds == 3, "workers"] = -99
    frame.loc[kinds == 4, "sales"] = 0
    frame.loc[kinds == 5, ["sales", "workers"]] = 0  # not operating, and not coded so
    frame.loc[kinds == 6, "workers"] = 0  # sells and has no workers: no log, not idle
    return frame


@pytest.mark.parametrize(
    ("seed", "missing", "reentry", "switchers"),
    [
        pytest.param(1, "drop-row", "count", "first", marks=pytest.mark.slow),
        (2, "drop-plant", "leave-out", "last"),
        pytest.param(3, "drop-row", "count", "exit-and-entry", marks=pytest.mark.slow),
    ],
)
def test_disk_and_memory_and_parquet_give_the_same_numbers(tmp_path, seed, missing, reentry, switchers):
    frame = coded(seed)
    text = CODED.format(missing=missing, reentry=reentry, switchers=switchers).replace(
        "[plants.columns]", "[plants.columns]\nindustry_digits = 2"
    )
    found = {}
    for storage in ("memory", "disk"):
        folder = tmp_path / storage
        folder.mkdir()
        found[storage] = run(folder, frame, text.replace('.csv"\n', f'.csv"\nstorage = "{storage}"\n'))[1]
    duckdb = pytest.importorskip("duckdb")
    folder = tmp_path / "parquet"
    folder.mkdir()
    table = f"read_csv('{tmp_path}/disk/panel.csv', all_varchar = true)"
    # numbers as text with their codes, but for export status, in which a missing one is no number
    columns = "* REPLACE (coalesce(TRY_CAST(abroad AS DOUBLE), 'NaN'::DOUBLE) AS abroad)"
    duckdb.sql(f"COPY (SELECT {columns} FROM {table}) TO '{folder}/panel.parquet'")
    text = text.replace(".csv", ".parquet").replace('.parquet"\n', '.parquet"\nstorage = "disk"\n')
    found["parquet"] = run(folder, frame, text)[1]
    keys = [name for name in LABELS if name not in ("value", "unit")]
    base = found["memory"].set_index(keys)["value"].sort_index()
    assert value(found["memory"], "rows_inactive") > 0
    assert value(found["memory"], "rows_nonpositive") > 0
    for storage in ("disk", "parquet"):
        other = found[storage].set_index(keys)["value"].sort_index()
        pd.testing.assert_series_equal(base, other, rtol=1e-9, atol=1e-12)


def test_rules_are_counted_by_hand(tmp_path):
    rows = [
        ("a", 1, 10, 2, 1),
        ("a", 2, 20, 2, 1),
        ("b", 1, 5, 1, 0),
        ("b", 2, 0, 0, -1),
        ("c", 1, 0, 3, 0),
        ("c", 2, 6, 3, 0),
    ]
    rows += [("d", 1, "", 2, 0), ("d", 2, 4, 2, 0), ("e", 1, 0, 0, 0), ("e", 2, 0, "", 0), ("f", 1, 5, 0, 0)]
    frame = pd.DataFrame(rows, columns=["plant", "year", "sales", "workers", "abroad"]).assign(industry="x")
    text = CODED.format(missing="drop-row", reentry="count", switchers="first")
    outcome, found = run(tmp_path, frame, text)
    counts = {name: value(found, name) for name in ("rows", "rows_inactive", "rows_nonpositive", "rows_missing")}
    # e operates in neither year but for an empty cell in the second; f sells without workers
    assert counts == {"rows": 11, "rows_inactive": 2, "rows_nonpositive": 3, "rows_missing": 4}
    plants = found[(found["analysis"] == "decomposition") & (found["variable"] == "plants")].set_index("group")["value"]
    # a survives; b leaves; c and d have no productivity in the first year, and so enter, seen before it
    assert {name: plants[name] for name in ("survivor", "exiter")} == {"survivor": 1, "exiter": 1}
    assert plants["entrant"] + plants["re-entrant"] == 2
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "2 of 11 rows are of plants that did not operate (coded -1, or nothing but zeros)" in page
    assert "4 of 11 rows lack a value" in page
    assert any("per cent of the rows of operating plants lack a value" in text for text in outcome.warnings)


def test_a_row_without_a_control_is_left_out_and_its_plant_does_not_leave():
    data = panel(3)
    plants = read_plants(
        data.assign(productivity=np.log(data["sales"]), control=np.where(data.index % 5 == 0, np.nan, 1.0)),
        weight="workers", exporter="abroad", keep=["control"],
    )  # fmt: skip
    used, lost = complete(plants, ["control"])
    assert lost == int(plants.frame["control"].isna().sum()) > 0
    assert len(used.frame) + lost == len(plants.frame)
    pd.testing.assert_frame_equal(used.lifespans.sort_index(), plants.lifespans.sort_index(), check_like=True)


INSTRUMENT = '[plants.instrument]\ninstruments = ["cut"]\n'


def test_the_instrumented_effect_is_walds_ratio(tmp_path):
    rows = []
    growth, starts, cuts = [0.0, 0.1, 0.1, 0.2, 0.1, 0.2, 0.2, 0.3], [0, 0, 0, 1, 0, 1, 1, 1], [0] * 4 + [1] * 4
    for plant, (g, d, z) in enumerate(zip(growth, starts, cuts, strict=True)):
        rows += [(plant, 1, 10.0, 1, 0, z), (plant, 2, 10 * np.exp(g), 1, d, z)]
    rows += [("always", 1, 50.0, 1, 1, 1), ("always", 2, 60.0, 1, 1, 1)]  # exported before: not in the sample
    frame = pd.DataFrame(rows, columns=["plant", "year", "sales", "workers", "abroad", "cut"]).assign(industry="x")
    outcome, found = run(tmp_path, frame, HEAD + COLUMNS + INSTRUMENT)
    assert value(found, "estimate", analysis="effect of exporting", term="two-stage") == pytest.approx(0.2, abs=1e-9)
    assert value(found, "observations", analysis="effect of exporting") == 8
    assert any("the instrument is weak" in text for text in outcome.warnings)


TRADE = '[plants.trade]\nfile = "trade.csv"\nby = ["year"]\nlevels = [4, 3, "total"]\n'


def test_intra_industry_trade_of_a_table(tmp_path):
    flows = pd.DataFrame({"product": ["7811", "7812", "2222"], "exports": [6.0, 2.0, 4.0], "imports": [2.0, 6.0, 0.0]})
    flows.assign(year=1990).to_csv(tmp_path / "trade.csv", index=False)
    _, found = run(tmp_path, panel(), HEAD + COLUMNS + TRADE)
    trade = found[found["analysis"] == "intra-industry trade"].set_index(["variable", "method"])["value"]
    assert trade["grubel_lloyd", "4 digits"] == pytest.approx(0.4)
    assert trade["bias", "3 digits"] == pytest.approx(0.4)
    record = json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))
    assert [item["name"] for item in record["datasets"]] == ["panel.csv", "trade.csv"]
    assert (tmp_path / "out" / "intra-industry-trade.csv").is_file()


def test_marginal_trade_of_a_table(tmp_path):
    rows = [(1990, "7811", 1.0, 1.0), (1990, "7812", 5.0, 5.0), (1995, "7811", 3.0, 2.0), (1995, "7812", 5.0, 7.0)]
    pd.DataFrame(rows, columns=["year", "product", "exports", "imports"]).to_csv(tmp_path / "trade.csv", index=False)
    _, found = run(tmp_path, panel(), HEAD + COLUMNS + TRADE + "marginal = [[1990, 1995]]\n")
    own = found[found["variable"] == "marginal_intra_industry_trade_a"].set_index("method")
    # exports grow by 2 and 0, imports by 1 and 2: matched 2 of 3 and 0 of 2; together 2 and 3
    assert own["value"].to_dict() == pytest.approx({"4 digits": 2 / 5, "3 digits": 4 / 5, "total": 4 / 5})
    assert set(own["first_year"] + own["last_year"]) == {"19901995"}
    industries = pd.read_csv(tmp_path / "out" / "marginal-trade.csv", dtype={"industry": str})
    assert industries.set_index(["level", "industry"])["a"]["4 digits", "7811"] == pytest.approx(2 / 3)


def firms(industries: int = 2) -> pd.DataFrame:
    """Plants with capital and materials, from a Cobb-Douglas function that is known."""
    random = np.random.default_rng(5)
    plants, years = 120 * industries, 4
    k, omega = random.normal(size=(2, plants, years)).cumsum(axis=1 + 0) / 2
    labour = omega + 0.5 * k + random.normal(size=(plants, years))
    y, m = 0.6 * labour + 0.3 * k + omega, k + omega
    frame = pd.DataFrame({"plant": np.repeat(np.arange(plants), years), "year": np.tile(np.arange(1990, 1994), plants)})
    frame["industry"] = frame["plant"] % industries + 31
    for name, log in {"value_added": y, "employment": labour, "capital": k, "materials": m}.items():
        frame[name] = np.exp(log.ravel())
    return frame


FUNCTION = (
    HEAD
    + '[plants.columns]\nvalue_added = "value_added"\nemployment = "employment"\ncapital = "capital"\nmaterials = "materials"\n'
    '[plants.productivity]\nmeasure = "levinsohn-petrin"\n'
)


@pytest.mark.parametrize("by_industry", [False, True])
def test_productivity_of_a_production_function(tmp_path, by_industry):
    frame = firms()
    text = FUNCTION + f"by_industry = {str(by_industry).lower()}\ndraws = 3\nseed = 4\n"
    outcome, found = run(tmp_path, frame, text)
    groups = [(str(name), rows) for name, rows in frame.groupby("industry")] if by_industry else [("all", frame)]
    for name, rows in groups:
        logs = rows.assign(
            **{column: np.log(rows[column]) for column in ("value_added", "employment", "capital", "materials")}
        )
        expected = production_function(
            logs, output="value_added", free=["employment"], state=["capital"], proxy="materials", draws=3, seed=4
        )
        labels = {"analysis": "production function", "industry": name}
        for term in ("employment", "capital"):
            assert value(found, "estimate", term=term, **labels) == pytest.approx(expected[term]["estimate"], rel=1e-9)
            assert value(found, "std_error", term=term, **labels) == pytest.approx(
                expected[term]["std_error"], rel=1e-9
            )
    own = found[(found["analysis"] == "level") & (found["variable"] == "mean") & (found["industry"] == groups[0][0])]
    assert len(own) == (4 if by_industry else 0)
    assert any("no common unit between industries" in text for text in outcome.warnings) is by_industry
    assert json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))["seed"] == 4


def test_a_column_of_productivity_as_log_or_level(tmp_path):
    frame = panel().assign(tfp=lambda d: np.log(d["sales"]), level=lambda d: d["sales"])
    text = HEAD + COLUMNS + '[plants.productivity]\nmeasure = "column"\ncolumn = "{}"\nscale = "{}"\n'
    numbers = []
    for column, scale in (("tfp", "log"), ("level", "level")):
        folder = tmp_path / scale
        folder.mkdir()
        numbers.append(run(folder, frame, text.format(column, scale))[1]["value"])
    np.testing.assert_allclose(numbers[0], numbers[1], atol=1e-10)


def test_an_estimate_whose_library_is_missing_is_left_out_and_said(tmp_path, monkeypatch):
    def absent(library: str) -> None:
        raise MissingDependencyError(f"this estimate needs {library}")

    monkeypatch.setattr("tradewinds.firms.measurement.premia.need", absent)
    outcome, found = run(tmp_path, panel(), HEAD + COLUMNS + "[plants.premia]\n")
    assert outcome.warnings == ("[plants.premia] was left out: this estimate needs pyfixest",)
    assert set(found["analysis"]) >= {"decomposition", "level"}
    assert "exporter premium" not in set(found["analysis"])


def test_names_are_those_of_the_tools():
    def words(model, name):
        return set(_literals(model.model_fields[name].annotation))

    assert words(fields.DecompositionOptions, "methods") == set(METHODS)
    assert words(fields.ProductivityMeasure, "measure") - {"labour", "column"} == set(PRODUCTION_METHODS)
    assert words(fields.PremiaOptions, "effects") == set(EFFECTS)
    assert words(fields.DistributionOptions, "median") == set(MEDIANS)
    for name, rules in {"missing": MISSING, "inactive": INACTIVE, "reentry": REENTRY, "switchers": SWITCHERS}.items():
        assert words(fields.PlantRules, name) == set(rules)


def _literals(annotation):
    if typing.get_origin(annotation) is typing.Literal:
        return list(typing.get_args(annotation))
    return [word for part in typing.get_args(annotation) for word in _literals(part)]


def changed(**cells):
    """Return a panel with a cell of the second row changed."""
    frame = panel().astype(object)
    for column, cell in cells.items():
        frame.loc[1, column] = cell
    return frame


def one_year() -> pd.DataFrame:
    frame = panel()
    return frame[frame["year"] == 1991]


def strangers() -> pd.DataFrame:
    """Plants' codes change every year."""
    frame = panel()
    return frame.assign(plant=frame["plant"] + "-" + frame["year"].astype(str))


def repeated() -> pd.DataFrame:
    frame = panel()
    return pd.concat([frame, frame.iloc[[4]]], ignore_index=True)


DATA = {
    "plant repeated": (
        repeated(),
        "",
        [
            "2 rows repeat a plant in a year, such as plant p",
            "(columns.plant, columns.year)",
            "rows 5, ",
            "one row a year",
        ],
    ),
    "negative weight": (
        changed(workers=-3),
        "",
        ['column "workers" (columns.employment): 1 values are negative, such as -3: row 2', "give 0 or more"],
    ),
    "one year": (one_year(), "", ['key "plants.panel": panel.csv has one year, 1991', "needs two", "add years"]),
    "no survivors": (
        strangers(),
        "",
        ['key "plants.decompositions": no plant is in the panel in both 1990 and 1993', "are plants' codes the same"],
    ),
    "inactive": (
        changed(abroad=-1),
        "",
        [
            'column "abroad" (columns.exporter): 1 rows are of plants that did not operate (coded -1): row 2',
            'inactive = "absent" under [plants.rules]',
        ],
    ),
    "odd status": (
        changed(abroad=2),
        "",
        ["(columns.exporter): 1 values are not 0 or 1, such as 2: row 2", "inactive_codes"],
    ),
    "text": (
        changed(sales="many"),
        "",
        ["column \"sales\" (columns.output): 1 cells are not numbers, such as 'many': row 2", "missing_codes"],
    ),
    "infinite": (changed(sales="inf"), "", ['column "sales" (columns.output): 1 values are infinite: row 2']),
    "empty": (
        changed(sales=None),
        "",
        ['column "sales" (columns.output): 1 cells are empty: row 2', 'missing = "drop-row" or "drop-plant"'],
    ),
    "no industry": (changed(industry=" "), "", ['column "industry" (columns.industry): 1 cells are empty: row 2']),
    "zero": (
        changed(sales=0),
        "",
        [
            'column "sales" (columns.output): 1 values are not above zero and have no log: row 2',
            'nonpositive = "missing"',
        ],
    ),
    "half a year": (changed(year=1990.5), "", ['column "year" (columns.year): 1 values are not whole years: row 2']),
    "no plant": (changed(plant=""), "", ['column "plant" (columns.plant): 1 cells are empty: row 2']),
    "short code": (
        changed(industry="3"),
        "industry_digits = 2\n",
        ["1 codes have fewer than 2 digits (columns.industry_digits): row 2", "leading zeros"],
    ),
    "no weight": (panel().assign(w=0.0), 'weight = "w"\n', ["weights of 1990 sum to zero"]),
}


@pytest.mark.parametrize("name", DATA)
def test_bad_data_end_with_two_and_say_what_to_do(command, tmp_path, name):
    frame, keys, words = DATA[name]
    write(tmp_path, frame, HEAD + COLUMNS + keys)
    code, out, err = command("run", "study.toml", "--out", "out")
    assert (code, out) == (2, "")
    assert "panel.csv" in err or "study.toml" in err
    for word in words:
        assert word in err, err
    assert sorted(item.name for item in tmp_path.iterdir()) == ["panel.csv", "study.toml"]


ON_DISK = ["plant repeated", "negative weight", "one year", "inactive", "text", "zero", "short code"]


@pytest.mark.parametrize("name", ON_DISK)
def test_bad_data_on_disk_are_refused_too(command, tmp_path, name):
    frame, keys, _ = DATA[name]
    write(tmp_path, frame, HEAD + 'storage = "disk"\n' + COLUMNS + keys)
    code, out, err = command("run", "study.toml", "--out", "out")
    assert (code, out) == (2, "")
    assert "panel.csv" in err or "study.toml" in err
    told = {
        "negative weight": 'values of column "workers" (columns.employment) are negative: rows 2',
        "inactive": 'inactive = "absent" under [plants.rules]',
        "text": "many",
        "zero": 'nonpositive = "missing" under [plants.rules]',
    }
    assert told.get(name, "") in err, err


FILES = {
    "empty": (b"", "the file is empty; row 1 must name the columns"),
    "no rows": (b"plant,year,industry,sales,workers,abroad\n", "there are no rows"),
    "semicolons": (b"plant;year;industry\n", "columns are separated by semicolons"),
    "bytes": (bytes(range(128, 250)), "not text in UTF-8"),
    "a head twice": (b"plant,year,year\n", "2 columns are called 'year'; rename all but one"),
    "ragged": (b"plant,year,industry,sales,workers,abroad\na,1,x,1,1,0\na,2,x,1,1,0,7\n", "row 3 has 7 cells"),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("storage", ["memory", "disk"])
def test_files_that_are_no_table(command, tmp_path, name, storage):
    content, words = FILES[name]
    study = write(tmp_path, panel(), HEAD + f'storage = "{storage}"\n' + COLUMNS)
    (tmp_path / "panel.csv").write_bytes(content)
    code, out, err = command("run", study.name, "--out", "out")
    assert (code, out) == (2, "")
    assert err.startswith("error: panel.csv: 1 problem found")
    assert words in err or (name == "ragged" and "more or fewer cells than the head has columns" in err), err


def test_blank_lines_at_the_end_are_no_rows(tmp_path):
    study = write(tmp_path, panel())
    with (tmp_path / "panel.csv").open("a", encoding="utf-8") as file:
        file.write("\n\n")
    with mock.patch("tradewinds.report.plants.plants_figures", return_value={}):
        run_study(read_study(study), tmp_path / "out", study_file=study)
    assert value(results(tmp_path / "out"), "rows") == len(panel())


STUDIES = {
    "no file": (
        HEAD.replace("panel.csv", "pannel.csv") + COLUMNS,
        ['key "plants.panel" is "pannel.csv"', 'Did you mean "panel.csv"?'],
    ),
    "no second file": (
        HEAD.replace('"panel.csv"', '["panel.csv", "other.csv"]') + COLUMNS,
        ['key "plants.panel" is "other.csv", and there is no such file'],
    ),
    "a file twice": (
        HEAD.replace('"panel.csv"', '["panel.csv", "panel.csv"]') + COLUMNS,
        ['key "plants.panel" (line 3)', "a list of different ones"],
    ),
    "a folder": (HEAD.replace("panel.csv", ".") + COLUMNS, ['key "plants.panel" is ".", which is a folder']),
    "no column": (
        HEAD + COLUMNS.replace("workers", "worker"),
        ['key "plants.columns.employment" is "worker"', 'Did you mean "workers"?', "Its columns are plant, year"],
    ),
    "no control": (
        HEAD + COLUMNS + '[plants.premia]\ncontrols = ["aboard"]\n',
        ['key "plants.premia.controls" is "aboard"', 'Did you mean "abroad"?'],
    ),
    "year out of range": (
        HEAD + COLUMNS + "[plants.decompositions]\nlast_year = 2000\n",
        ['key "plants.decompositions.last_year" is 2000', "its years are 1990, 1991, 1992, 1993"],
    ),
    "years in disorder": (
        HEAD + COLUMNS + "[plants.decompositions]\nfirst_year = 1992\nlast_year = 1991\n",
        ['key "plants.decompositions.last_year" (line 10)', "must come before"],
    ),
    "entrants": (
        HEAD + COLUMNS + "[plants.distribution]\nentrants = [[1989, 1991]]\n",
        ['key "plants.distribution.entrants" is 1989', "not a year of the panel"],
    ),
    "a period": (HEAD + COLUMNS + "[plants.distribution]\nentrants = [[1992, 1991]]\n", ["the earlier first, such as"]),
    "distribution": (
        HEAD + COLUMNS + "[plants.distribution]\nbefore = 1985\n",
        ['key "plants.distribution.before" is 1985'],
    ),
    "no exporters": (
        HEAD + COLUMNS.replace('exporter = "abroad"\n', "") + "[plants.premia]\n",
        ['key "plants.premia"', "export status is not known"],
    ),
    "no workers": (
        HEAD + '[plants.columns]\noutput = "sales"\nweight = "sales"\n',
        ['key "plants.columns.employment"', 'productivity is "labour"'],
    ),
    "no weight": (
        HEAD + '[plants.productivity]\nmeasure = "column"\ncolumn = "sales"\n',
        ['key "plants.columns.weight"', "decompositions need a weight"],
    ),
    "twice": (
        HEAD + COLUMNS + 'capital = "workers"\n',
        ['key "plants.columns.capital" (line 8)', '"workers" is employment already'],
    ),
    "digits of none": (
        HEAD + COLUMNS + 'industry = ""\nindustry_digits = 2\n',
        ['key "plants.columns.industry_digits"', "which has no digits"],
    ),
    "input twice": (
        HEAD + COLUMNS + '[plants.productivity]\nmeasure = "wooldridge"\nfree = ["k"]\nstate = ["k"]\nproxy = "m"\n',
        ['"k" cannot be an input twice'],
    ),
    "no capital": (
        HEAD + COLUMNS + '[plants.productivity]\nmeasure = "wooldridge"\n',
        ['key "plants.columns.capital"', 'key "plants.columns.materials"'],
    ),
    "proxy of labour": (
        HEAD + COLUMNS + '[plants.productivity]\nproxy = "sales"\n',
        ["it belongs to a production function"],
    ),
    "method": (
        HEAD + COLUMNS + '[plants.decompositions]\nmethods = ["melitz-polanek"]\n',
        ['Did you mean "melitz-polanec"?'],
    ),
    "draws": (HEAD + COLUMNS + "[plants.productivity]\ndraws = -1\n", ["must be at least 0"]),
    "on disk": (
        HEAD + 'storage = "disk"\n' + COLUMNS + "[plants.premia]\n",
        ['key "plants.premia"', 'storage is "disk"', 'storage = "memory"'],
    ),
    "memory": (HEAD + 'storage = "disk"\nmemory_limit = "much"\n' + COLUMNS, ['key "plants.memory_limit" is "much"']),
    "trade": (HEAD + COLUMNS + TRADE, ['key "plants.trade.file" is "trade.csv"', "no such file"]),
    "period of trade": (
        HEAD + COLUMNS + TRADE + "marginal = [[1995, 1990]]\n",
        ['key "plants.trade.marginal"', "the earlier first"],
    ),
    "levels": (HEAD + COLUMNS + TRADE.replace('[4, 3, "total"]', "[4]"), ["at least two levels"]),
    "instrument": (HEAD + COLUMNS + INSTRUMENT, ['key "plants.instrument.instruments" is "cut"']),
    "no cut": (HEAD + COLUMNS + INSTRUMENT.replace("cut", "year"), ['key "plants.instrument"', "without variation"]),
    "quantiles": (
        HEAD + COLUMNS + "[plants.starting]\nquantiles = 50\n",
        ['key "plants.starting"', "take fewer quantiles"],
    ),
    "horizon": (
        HEAD + COLUMNS + "[plants.exit]\nhorizon = 9\n",
        ['key "plants.exit"', "no year of the panel has another 9 years later"],
    ),
    "outcome": (
        HEAD + COLUMNS + '[plants.premia]\noutcomes = ["employment"]\ncontrols = ["employment"]\n',
        ['key "plants.premia.outcomes": employment cannot be an outcome and a regressor'],
    ),
}


@pytest.mark.parametrize("name", STUDIES)
def test_bad_studies_end_with_two_and_name_the_key(command, tmp_path, name):
    text, words = STUDIES[name]
    write(tmp_path, panel(), text)
    code, out, err = command("run", "study.toml", "--out", "out")
    assert (code, out) == (2, "")
    assert "study.toml" in err
    for word in words:
        assert word in err, err
    assert not (tmp_path / "out").exists()


def test_a_large_file_stays_on_disk_and_regressions_on_it_are_refused(command, tmp_path, monkeypatch):
    monkeypatch.setattr(study_module, "LARGE", 10)
    write(tmp_path, panel(), HEAD + COLUMNS + "[plants.exit]\n")
    code, _, err = command("run", "study.toml", "--out", "out")
    assert code == 2
    assert 'key "plants.exit": it needs every plant in memory' in err


def test_a_study_is_read_back_as_it_was_written():
    study = parse_study(starter_text("plants"))
    assert study.kind == "plants"
    again = type(study).model_validate(study.model_dump(mode="json", by_alias=True, exclude_none=True))
    assert again == study


@pytest.mark.parametrize("storage", ["memory", "disk"])
def test_columns_that_are_logs_and_plants_of_one_industry(tmp_path, storage):
    frame = panel(4)
    logged = frame.assign(sales=np.log(frame["sales"]), workers=np.log(frame["workers"])).drop(columns="industry")
    numbers = []
    for name, table, keys in (
        ("level", frame.assign(industry="all"), ""),
        ("log", logged, 'in_logs = true\nindustry = ""\n'),
    ):
        folder = tmp_path / name
        folder.mkdir()
        text = HEAD + f'storage = "{storage}"\n' + COLUMNS + keys
        numbers.append(run(folder, table, text)[1].sort_values([*LABELS[3:], "variable"])["value"].to_numpy())
    np.testing.assert_allclose(numbers[0], numbers[1], atol=1e-10)


@pytest.mark.parametrize("storage", ["memory", "disk"])
def test_a_panel_of_several_files_is_that_of_one(tmp_path, storage):
    frame = panel(5)
    text = HEAD + f'storage = "{storage}"\n' + COLUMNS
    (tmp_path / "one").mkdir()
    whole = run(tmp_path / "one", frame, text)[1]
    names = [f"{year}.csv" for year in sorted(frame["year"].unique())]
    for name in names:  # the second has its columns in another order
        part = frame[frame["year"].astype(str) == name.removesuffix(".csv")]
        (part[part.columns[::-1]] if name == names[1] else part).to_csv(tmp_path / name, index=False)
    listed = ", ".join(f'"{name}"' for name in names)
    parts = run(tmp_path, frame, text.replace('"panel.csv"', f"[{listed}]"))[1]
    np.testing.assert_allclose(parts["value"], whole["value"], atol=1e-12)
    record = json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))
    assert [item["name"] for item in record["datasets"]] == names


SHARED = Path(__file__).parents[3] / "shared" / "data"
CHILE, SAMPLE = SHARED / "chile_enia_exim_1990_1996.csv", SHARED / "prodest_chilean.csv"


@pytest.mark.realdata
@pytest.mark.skipif(not SAMPLE.exists(), reason="../shared/data is absent")
def test_a_published_production_function_from_a_study(tmp_path):
    text = f"""schema = 1
[plants]
panel = "{SAMPLE}"
[plants.columns]
plant = "idvar"
year = "timevar"
industry = ""
in_logs = true
value_added = "Y"
employment = "fX1"
[plants.productivity]
measure = "levinsohn-petrin"
free = ["fX1", "fX2"]
state = ["sX"]
proxy = "pX"
"""
    _, found = run(tmp_path, panel(), text)
    # prodest's article, Table 1
    expected = {"fX1": 0.199, "fX2": 0.169, "sX": 0.117}
    labels = {"analysis": "production function", "industry": "all"}
    assert {name: round(value(found, "estimate", term=name, **labels), 3) for name in expected} == expected


@pytest.mark.realdata
@pytest.mark.skipif(not CHILE.exists(), reason="../shared/data is absent")
@pytest.mark.parametrize("storage", ["memory", pytest.param("disk", marks=pytest.mark.slow)])
def test_chilean_plants_from_a_study(tmp_path, storage):
    text = f"""schema = 1
[plants]
panel = "{CHILE}"
storage = "{storage}"
[plants.columns]
plant = "padron"
industry = "ciiu"
output = "rY"
materials = "rM"
employment = "L"
exporter = "d_e"
[plants.rules]
inactive = "absent"
nonpositive = "missing"
missing = "drop-row"
[plants.decompositions]
methods = ["melitz-polanec", "foster-haltiwanger-krizan"]
yearly = false
"""
    outcome, found = run(tmp_path, panel(), text)
    # found independently of this code, on plants with output above materials
    expected = {
        "melitz-polanec": (0.3995, 0.0534, 0.0, -0.1109, 0.1062),
        "foster-haltiwanger-krizan": (0.3640, 0.0599, -0.1004, 0.0379, 0.0867),
    }
    for method, numbers in expected.items():
        for name, number in zip(COMPONENTS, numbers, strict=True):
            assert value(found, name, analysis="decomposition", method=method) == pytest.approx(number, abs=6e-5)
    plants = found[(found["analysis"] == "decomposition") & (found["variable"] == "plants")].set_index("group")["value"]
    assert [plants[name] for name in ("survivor", "entrant", "exiter")] == [3263, 2144, 1242]
    assert value(found, "rows_inactive") == 17906
    assert any(text.startswith("92 has 2,384 plants") for text in outcome.warnings)
