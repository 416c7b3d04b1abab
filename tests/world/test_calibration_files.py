"""Calibrations as files: what users save, what is said about what is wrong, and worlds of any number of countries."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tradewinds.errors import DataError, InputError
from tradewinds.solvers.perfect_foresight import inspect
from tradewinds.world import WorldShock, list_calibrations, read_calibration, simulate_world
from tradewinds.world.files import TABLES, calibration_files
from tradewinds.world.model import baseline_databank, world_model
from tradewinds.world.parameters import DEFINITIONS
from tradewinds.world.template import STARTER, Country, template_files

HOME = Country("HOME", "Home", "large_industrial", 0.6)
ABROAD = Country("ABROAD", "Abroad", "large_industrial", 0.4)
FIVE = (
    *STARTER,
    Country("TIGER", "Newly industrialising", "newly_industrialising", 0.05),
)


def write(folder: Path, files: dict[str, str] | None = None) -> Path:
    for name, text in (files or template_files()).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def edit(folder: Path, name: str, old: str, new: str) -> Path:
    """Write the template with one text of one file replaced."""
    text = template_files()[name]
    assert text.count(old) >= 1, f"{old!r} is not in {name}"
    write(folder)
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def problems(folder: Path) -> tuple[str, ...]:
    with pytest.raises(DataError) as error:
        read_calibration(folder)
    return error.value.problems


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("countries.csv", "small_industrial", "small", 'countries.csv, row 4: kind of SMALL is "small".'),
        ("countries.csv", "ABROAD,", "HOME,", "countries.csv, row 3: code HOME occurs twice, first in row 2"),
        ("countries.csv", "ABROAD,", "industrial,", "countries.csv, row 3: industrial is the name of a group"),
        ("countries.csv", "code,name,kind", "code,name,sort", "countries.csv lacks the column kind."),
        (
            "parameters.csv",
            "gdp_share,HOME,0.5",
            "gdp_share,HOME,0.5x",
            'row 2: value of gdp_share for HOME is "0.5x"; it must be a number',
        ),
        (
            "parameters.csv",
            "gdp_share,HOME,0.5",
            "gdp_share,HOME,nan",
            'row 2: value of gdp_share for HOME is "nan"; it must be a number',
        ),
        (
            "parameters.csv",
            "gdp_share,HOME,0.5",
            'gdp_share,HOME,"0,5"',
            "write a point, not a comma, in decimal numbers",
        ),
        ("parameters.csv", "rnd_ratio,industrial,0.02", "rnd_ratio,industrial,2%", "write 5 % as 0.05"),
        (
            "parameters.csv",
            "gdp_share,HOME,0.5",
            "gdp_share,HOME,",
            "row 2: value of gdp_share for HOME is empty; it must be a number",
        ),
        (
            "parameters.csv",
            "gdp_share,HOME,0.5",
            "gdp_shar,HOME,0.5",
            'row 2: there is no parameter "gdp_shar". Did you mean "gdp_share"?',
        ),
        (
            "parameters.csv",
            "gdp_share,HOME,",
            "gdp_share,HOM,",
            'row 2: scope of gdp_share is "HOM", which is no country or group of this world. Did you mean "HOME"?',
        ),
        ("parameters.csv", "gdp_share,HOME,", "gdp_share,newly_industrialising,", "No country is of that kind."),
        (
            "parameters.csv",
            "growth,all",
            "growth,HOME",
            'growth is one number for the world; its scope must be all, not "HOME"',
        ),
        (
            "parameters.csv",
            "gdp_share,ABROAD,",
            "gdp_share,HOME,",
            "row 3: gdp_share of HOME occurs twice, first in row 2",
        ),
        (
            "parameters.csv",
            "rnd_ratio,industrial,0.02",
            "rnd_ratio,industrial,2",
            "rnd_ratio is 2 for industrial; it must be above 0 and below 0.5",
        ),
        (
            "parameters.csv",
            "assumed: a round number",
            "assumed, round",
            "parameters.csv, row 2 has 5 cells for 4 columns (quote text that holds a comma)",
        ),
        (
            "import_shares.csv",
            "HOME,0.0,0.6",
            "HOME,0.0,0.5",
            "import_shares.csv, row 2 (HOME): shares sum to 0.900; they must sum to one",
        ),
        ("import_shares.csv", "HOME,0.0,0.6,0.2,0.2", "HOME,0,60,20,20", "these look like per cent: divide by 100"),
        (
            "import_shares.csv",
            "HOME,0.0,0.6,0.2",
            "HOME,0.0,0.9,-0.1",
            "import_shares.csv, row 2 (HOME), column SMALL: a share is -0.1; it must be zero or more",
        ),
        (
            "import_shares.csv",
            "HOME,0.0",
            "HOME,x",
            'import_shares.csv, row 2 (HOME), column HOME is "x"; it must be a number',
        ),
        (
            "import_shares.csv",
            "\nSMALL,",
            "\nSMAL,",
            'row 4 (SMAL): importer SMAL is no country of this world. Did you mean "SMALL"?',
        ),
        (
            "import_shares.csv",
            "importer,HOME",
            "importer,HOM",
            "import_shares.csv: exporter HOM is not a country of this world.",
        ),
        (
            "rnd_import_shares.csv",
            "importer,HOME,ABROAD,SMALL",
            "importer,HOME,ABROAD,SOUTH",
            "exporter SOUTH is not an industrial country",
        ),
        ("foreign_stock_index.csv", "2025", "then", "foreign_stock_index.csv: column 'then' is no year"),
        ("foreign_stock_index.csv", "2100", "2000", "foreign_stock_index.csv: years must rise from column to column"),
        (
            "foreign_stock_index.csv",
            "SOUTH",
            "NORTH",
            "foreign_stock_index.csv, row 5 (NORTH) is no country of this world.",
        ),
        ("calibration.toml", "numeraire =", "numeraira =", 'key "numeraira" is not known. Did you mean "numeraire"?'),
        ("calibration.toml", 'numeraire = "HOME"', 'numeraire = "SOUTH"', "the numeraire SOUTH is finance-constrained"),
        ("calibration.toml", "schema = 1", "schema = 2", 'calibration.toml: key "schema" must be 1'),
        ("calibration.toml", "schema = 1", "schema = ", "calibration.toml cannot be read: Invalid value"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_row(tmp_path, name, old, new, expected):
    found = problems(edit(tmp_path, name, old, new))
    assert any(expected in problem for problem in found), found


def test_a_wrong_kind_is_one_problem(tmp_path):
    assert len(problems(edit(tmp_path, "countries.csv", "small_industrial", "small"))) == 1


def test_a_parameter_without_a_value_is_named_with_its_countries(tmp_path):
    found = problems(edit(tmp_path, "parameters.csv", "rnd_ratio,developing", "rnd_ratio,SMALL"))
    assert found == ("parameter rnd_ratio has no value for SOUTH (R&D spending over output on the baseline)",)


def test_problems_of_all_files_are_said_at_once(tmp_path):
    files = template_files()
    files["countries.csv"] = files["countries.csv"].replace("small_industrial", "small")
    files["parameters.csv"] = files["parameters.csv"].replace("gdp_share,HOME,0.5", "gdp_share,HOME,half")
    files["import_shares.csv"] = files["import_shares.csv"].replace("HOME,0.0", "HOME,none")
    files["calibration.toml"] = files["calibration.toml"].replace("schema = 1", "schema = 3")
    found = problems(write(tmp_path, files))
    for name in ("countries.csv", "parameters.csv", "import_shares.csv", "calibration.toml"):
        assert any(problem.startswith(name) for problem in found), found


@pytest.mark.parametrize("name", ["calibration.toml", *TABLES])
def test_a_file_that_is_missing_empty_or_no_text_is_named(tmp_path, name):
    write(tmp_path)
    (tmp_path / name).write_bytes("é".encode("latin-1"))
    assert any(name in problem for problem in problems(tmp_path))
    (tmp_path / name).write_bytes(b"")
    assert any(name in problem for problem in problems(tmp_path))
    (tmp_path / name).unlink()
    assert problems(tmp_path) == (f"{name} is missing",)


def test_a_workbook_is_called_one(tmp_path):
    write(tmp_path)
    (tmp_path / "countries.csv").write_bytes(b"PK\x03\x04 and so on")
    assert problems(tmp_path) == ("countries.csv is an Excel workbook: save its sheet as CSV UTF-8",)


def as_semicolons(text: str) -> str:
    return text.replace(",", ";").replace(".", ",")


@pytest.mark.parametrize(
    "changed",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text + "\n,,\n",
        lambda text: text.replace("\n", ",,\n"),
        as_semicolons,
        lambda text: "\ufeff" + as_semicolons(text).replace("\n", "\r\n"),
        lambda text: text.replace(",", "\t"),
    ],
    ids=["BOM", "CRLF", "blank rows", "blank columns", "semicolons", "Excel in Europe", "tabs"],
)
@pytest.mark.parametrize(
    "name", ["rnd_import_shares.csv", "import_shares.csv", "foreign_stock_index.csv", "countries.csv"]
)
def test_tables_as_spreadsheets_save_them_are_read(tmp_path, name, changed):
    files = template_files()
    plain = read_calibration(write(tmp_path, files))
    (tmp_path / name).write_bytes(changed(files[name]).encode())
    found = read_calibration(tmp_path)
    np.testing.assert_array_equal(found.flows, plain.flows)
    np.testing.assert_array_equal(found.rnd_import_shares, plain.rnd_import_shares)
    np.testing.assert_array_equal(found.index_path(range(2020, 2110)), plain.index_path(range(2020, 2110)))


def test_rows_may_stand_in_any_order(tmp_path):
    files = template_files()
    plain = read_calibration(write(tmp_path, files))
    for name in ("rnd_import_shares.csv", "import_shares.csv", "foreign_stock_index.csv"):
        head, *rows = files[name].splitlines()
        (tmp_path / name).write_text("\n".join([head, *reversed(rows)]) + "\n", encoding="utf-8")
    found = read_calibration(tmp_path)
    np.testing.assert_array_equal(found.flows, plain.flows)
    np.testing.assert_array_equal(found.index_path([2050]), plain.index_path([2050]))


def test_a_country_may_be_called_na(tmp_path):
    files = {name: text.replace("SOUTH", "NA") for name, text in template_files().items()}
    assert read_calibration(write(tmp_path, files)).codes == ("HOME", "ABROAD", "SMALL", "NA")


def test_trade_that_cannot_add_up_names_who_stands_in_the_way(tmp_path):
    files = template_files((HOME, ABROAD))
    files["parameters.csv"] = files["parameters.csv"].replace("\nimport_share,HOME,0.12", "\nimport_share,HOME,0.3")
    found = problems(write(tmp_path, files))
    assert found[0].startswith("world trade does not add up: ")
    assert found[1].startswith(
        "HOME sells 0.71 of what the world buys, and the others together buy 0.29: lower its import_share"
    )


@pytest.mark.parametrize("countries", [(HOME, ABROAD), STARTER, FIVE], ids=["two", "four", "five"])
def test_worlds_of_any_number_of_countries_solve_and_add_up(tmp_path, countries):
    world = read_calibration(write(tmp_path, template_files(countries)))
    assert world.codes == tuple(country.code for country in countries)
    result = simulate_world(
        world, [WorldShock("rnd_spending", 0.005, ("HOME",), 2025)], first_year=2025, last_year=2030, beyond=30
    )
    assert result.ok
    assert max(result.identities().values()) < 1e-9
    assert result.deviation("tfp_domestic_rnd", "HOME")[-1] > 1.0
    assert all(result.deviation("tfp_foreign_rnd", code)[-1] > 0.05 for code in world.codes if code != "HOME")


def test_without_a_shock_nothing_moves(tmp_path):
    world = read_calibration(write(tmp_path))
    result = simulate_world(
        world, [WorldShock("rnd_spending", 0.0, ("HOME",), 2025)], first_year=2025, last_year=2030, beyond=30
    )
    assert result.tidy()["value"].abs().max() < 1e-9


@pytest.mark.parametrize(
    ("countries", "words"),
    [
        ((HOME,), "at least two industrial countries"),
        ((HOME, ABROAD, Country("X", "X", "rich", 0.1)), "country X is 'rich'; allowed: large_industrial"),
        ((HOME, ABROAD, Country("X", "X", "small_industrial", 0.0)), "country X has output 0; it must be positive"),
    ],
)
def test_what_cannot_be_a_template_is_said(countries, words):
    with pytest.raises(InputError, match=words):
        template_files(countries)


def test_the_template_says_all_and_where_it_comes_from(tmp_path):
    world = read_calibration(write(tmp_path))
    assert {value.parameter for value in world.values} == set(DEFINITIONS)
    assert all(value.source.startswith(("assumed", "Bayoumi, Coe and Helpman 1996, p. ")) for value in world.values)
    page = template_files()["README.md"]
    assert all(f"`{name}`" in page for name in ("calibration.toml", *TABLES))


@pytest.mark.parametrize("name", list_calibrations())
def test_shipped_calibrations_have_a_source_for_every_number(name):
    world = read_calibration(name)
    assert world.name == name
    assert all(value.source for value in world.values)
    assert set(calibration_files(name)) == {"calibration.toml", *TABLES}


def test_a_number_for_a_group_holds_for_its_members_whatever_the_calibration_says_of_them(tmp_path):
    world = read_calibration(write(tmp_path)).with_values(
        {"gdp_share": {"industrial": 0.4, "SMALL": 0.2}, "capital_share": 0.25, "growth": 0.03}
    )
    np.testing.assert_array_equal(world.arrays["gdp_share"], [0.4, 0.4, 0.2, 0.1])
    np.testing.assert_array_equal(world.arrays["capital_share"], 0.25)
    assert float(world.arrays["growth"]) == 0.03
    assert world.value_of("gdp_share", "HOME").source == "given by the user"


@pytest.mark.parametrize("name", ["template", "printed-numbers"])
def test_worlds_of_assumed_numbers_have_a_stable_path(tmp_path, name):
    world = read_calibration(write(tmp_path) if name == "template" else name)
    last = max(int(year) for year in world.foreign_stock_index.columns) + 1  # the index no longer changes
    baseline = baseline_databank(world, last, last + 2)
    found = inspect(world_model(world), baseline, parameters=world.model_parameters, terminal="growth").determinacy
    # claims of the finance-constrained, whose trade is balanced, and of the world, which sum to zero, grow but are never moved
    assert len(found.explosive) == int(world.is_in("finance_constrained").sum()) + 1
    assert not found.free


def test_printed_numbers_are_printed_or_assumed_and_give_what_the_paper_finds_in_sign():
    world = read_calibration("printed-numbers")
    assert all(value.source.startswith(("Bayoumi, Coe and Helpman 1996, p. ", "assumed: ")) for value in world.values)
    paper = read_calibration("bayoumi-coe-helpman-1996")
    assert world.codes == paper.codes
    np.testing.assert_array_equal(world.rnd_import_shares, paper.rnd_import_shares)
    result = simulate_world(world, [WorldShock("rnd_spending", 0.005, ("US",))], last_year=2010, beyond=60)
    assert max(result.identities().values()) < 1e-9
    output = {code: result.deviation("potential_output", code)[-1] for code in world.codes}
    assert max(output, key=output.get) == "US"
    assert min(output.values()) > 0
    assert (
        result.deviation("potential_output", "developing")[-1]
        > result.deviation("potential_output", "JA+GE+FR+IT+UK+CA+SI")[-1]
    )
    assert result.deviation("capital", "US")[4] < 0 < result.deviation("consumption", "US")[4]  # 2000, as in Table 1
