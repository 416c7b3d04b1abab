"""Files of every kind give the same panel, and a panel written is the panel read."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tradewinds.data.calibrated import keller1997_calibrated
from tradewinds.data.panel import SpilloverPanel
from tradewinds.data.reader import read_panel
from tradewinds.data.template import template_frame
from tradewinds.errors import DataError, InputError, MissingDependencyError
from tradewinds.measure import bilateral_import_shares, equal_weights

ARRAYS = ("tfp", "rnd_stock", "import_share", "gdp", "bilateral_imports")


def assert_same(left, right):
    assert left.countries == right.countries
    assert left.industries == right.industries
    assert left.years == right.years
    assert left.weights.years == right.weights.years
    np.testing.assert_array_equal(left.weights.values, right.weights.values)
    for name in ARRAYS:
        ours, theirs = getattr(left, name), getattr(right, name)
        assert (ours is None) == (theirs is None), name
        if ours is not None:
            np.testing.assert_array_equal(ours, theirs, err_msg=name)


@pytest.fixture
def csv(tmp_path):
    path = tmp_path / "my-panel.csv"
    path.write_text(template_frame().to_csv(index=False), encoding="utf-8")
    return path


def full_panel(*, by_year, seed=3):
    """A panel in which every variable is there and no number is round."""
    rng = np.random.default_rng(seed)
    countries, industries, years = ("CAN", "DEU", "JPN", "USA"), ("31", "32"), tuple(range(1990, 1996))
    shape = (4, 2, 6)
    flows = rng.lognormal(size=(4, 4, 2, 6) if by_year else (4, 4, 2))
    flows[np.arange(4), np.arange(4)] = 0.0
    weights = bilateral_import_shares(
        flows, countries, industries, years if by_year else None, orientation="importer_partner"
    )
    return SpilloverPanel(
        name="full",
        countries=countries,
        industries=industries,
        years=years,
        tfp=rng.lognormal(size=shape),
        rnd_stock=rng.lognormal(size=shape),
        weights=weights,
        import_share=rng.uniform(size=shape if by_year else shape[:2]),
        gdp=rng.lognormal(size=(4, 6)),
        bilateral_imports=flows,
    )


@pytest.mark.parametrize("by_year", [True, False])
def test_round_trip_is_exact_through_frame_csv_and_parquet(tmp_path, by_year):
    duckdb = pytest.importorskip("duckdb")
    panel = full_panel(by_year=by_year)
    frame = panel.to_frame()
    assert_same(read_panel(frame), panel)
    path = tmp_path / "panel.csv"
    frame.to_csv(path, index=False)
    assert_same(read_panel(path), panel)
    path = tmp_path / "panel [1].parquet"
    duckdb.from_df(frame.astype({"year": float})).write_parquet(str(path))
    read = read_panel(path)
    assert_same(read, panel)
    assert read.name == "panel [1]"


def test_round_trip_of_the_calibrated_panel_keeps_order_on_request():
    panel = keller1997_calibrated()
    assert_same(read_panel(panel.to_frame(), countries=panel.countries), panel)
    assert read_panel(panel.to_frame()).countries == tuple(sorted(panel.countries))


def test_round_trip_of_a_panel_without_optional_variables_or_industries():
    rng = np.random.default_rng(5)
    countries, years = ("CAN", "JPN", "USA"), (1970, 1975, 1980)
    panel = SpilloverPanel(
        "five-yearly",
        countries,
        ("total",),
        years,
        rng.lognormal(size=(3, 1, 3)),
        rng.lognormal(size=(3, 1, 3)),
        equal_weights(countries, ["total"]),
    )
    assert_same(read_panel(panel.to_frame()), panel)
    blank = panel.to_frame().assign(industry="")
    assert_same(read_panel(blank), panel)


def test_weights_and_flows_that_disagree_are_kept_apart_with_a_warning():
    panel = full_panel(by_year=False)
    frame = panel.to_frame()
    frame.loc[(frame.variable == "bilateral_imports") & (frame.partner == "USA"), "value"] *= 2
    read = read_panel(frame)
    np.testing.assert_array_equal(read.weights.values, panel.weights.values)
    assert "the given shares are used as weights" in read.warnings[0]


def test_shares_are_those_of_the_flows(csv):
    panel = read_panel(csv)
    assert panel.bilateral_imports is not None
    expected = panel.bilateral_imports / panel.bilateral_imports.sum(axis=1, keepdims=True)
    np.testing.assert_array_equal(panel.weights.values, expected)
    frame = template_frame()
    row = frame[(frame.variable == "bilateral_imports") & (frame.country == "CAN") & (frame.partner == "USA")].iloc[0]
    assert panel.bilateral_imports[0, 3, 0] == row["value"]
    assert not panel.weights.vary_over_time


def test_name_and_notes_hold_the_file_name_and_no_folder(csv):
    panel = read_panel(csv)
    assert panel.name == "my-panel"
    assert panel.notes[0] == "Read from my-panel.csv: 4 countries, 2 industries, 1990 to 2002."
    assert str(csv.parent) not in " ".join(panel.notes)
    assert read_panel(str(csv), name="other").name == "other"


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: (text + ",,,,,\n\n").encode(),
        lambda text: text.replace("CAN", "canada").replace("DEU", "GER").encode(),
        lambda text: text.replace("industry,year", "Industry, Year").encode(),
    ],
    ids=[
        "byte order mark",
        "Windows line ends",
        "blank rows at the end",
        "other names of countries",
        "header in capitals",
    ],
)
def test_files_of_other_programs_give_the_same_panel(csv, encode):
    expected = read_panel(csv)
    csv.write_bytes(encode(csv.read_text(encoding="utf-8")))
    assert_same(read_panel(csv), expected)


@pytest.mark.parametrize(
    ("name", "content", "error", "message"),
    [
        ("a.csv", b"", DataError, "a.csv: 1 problem found\n  - the file is empty"),
        ("a.csv", b"\n\n", DataError, "the first row is empty; row 1 must name the columns variable"),
        ("a.csv", b"variable,country,partner,industry,year,value\n", DataError, "no rows below the header"),
        ("a.csv", b"variable;country;partner;industry;year;value\ntfp;CAN;;31;1990;1,5\n", DataError, "semicolons"),
        ("a.csv", b"variable\tcountry\tpartner\tindustry\tyear\tvalue\n", DataError, "separated by tabs"),
        ("a.csv", "variable,country\ntfp,Türkiye\n".encode("latin-1"), DataError, "not text in UTF-8"),
        ("a.csv", "variable,country\n".encode("utf-16"), DataError, "not text in UTF-8"),
        ("a.csv", b"PK\x03\x04abc", DataError, "Excel workbook or a zip archive"),
        ("a.csv", b"variable,year\ntfp,1990\ntfp,1990,1\n", DataError, "row 3 has 3 cells, but there are 2 columns"),
        ("a.csv", b'variable,year\n"tfp,1990\n', DataError, "quotation mark is opened and never closed"),
        ("a.xlsx", b"PK\x03\x04abc", DataError, "Excel workbook: save its sheet as CSV UTF-8"),
        ("a.dta", b"<stata_dta>", DataError, "pandas.read_stata"),
        ("a.parquet", b"variable,country", DataError, "not a Parquet file"),
        ("a.parquet", b"PAR1 and nothing else", DataError, "the Parquet file cannot be read"),
    ],
)
def test_files_that_are_no_table_say_why(tmp_path, name, content, error, message):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(error) as caught:
        read_panel(path)
    assert message in str(caught.value)


def test_folder_missing_file_and_other_objects(tmp_path):
    with pytest.raises(InputError, match="is a folder"):
        read_panel(tmp_path)
    with pytest.raises(InputError, match=r'there is no file ".*absent\.csv"'):
        read_panel(tmp_path / "absent.csv")
    with pytest.raises(InputError, match="not list"):
        read_panel([1, 2])
    with pytest.raises(
        InputError, match=r'"~nosuchuser/x\.csv" begins with the home folder of a user who is not known'
    ):
        read_panel("~nosuchuser/x.csv")
    with pytest.raises(InputError, match="the columns given are not a table"):
        read_panel({"variable": ["tfp"], "value": [1.0, 2.0]})
    with pytest.raises(InputError, match="not Series"):
        read_panel(Frame(pd.Series([1.0])))


class Frame:
    """A frame of another library, as far as it is known here."""

    def __init__(self, table):
        self.table = table

    def to_pandas(self):
        if self.table is None:
            raise ModuleNotFoundError("no module named pyarrow", name="pyarrow")
        return self.table


class FilePath:
    """A path that is neither text nor pathlib's."""

    def __init__(self, path):
        self.path = path

    def __fspath__(self):
        return str(self.path)


def test_any_path_any_frame_and_columns_give_the_same_panel(csv):
    plain = read_panel(csv)
    columns = {name: column.tolist() for name, column in template_frame().items()}
    for table in (FilePath(csv), Frame(template_frame()), columns):
        assert_same(read_panel(table), plain)
    assert read_panel(FilePath(csv)).name == "my-panel"
    assert (read_panel(columns).name, read_panel(columns, name="mine.v2").name) == ("table", "mine.v2")


def test_a_frame_that_cannot_become_pandas_names_what_it_needs():
    with pytest.raises(MissingDependencyError, match="Frame into pandas needs pyarrow"):
        read_panel(Frame(None))


def test_parquet_without_duckdb_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1")
    with pytest.raises(MissingDependencyError, match=r'pip install "tradewinds\[big\]"'):
        read_panel(path)


def test_row_numbers_are_those_of_the_file(csv):
    lines = csv.read_text(encoding="utf-8").splitlines()
    lines[6] = lines[6].rsplit(",", 1)[0] + ",much"
    lines.insert(2, "")
    csv.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(DataError, match=r'my-panel.csv: 1 problem found\n  - value is not a number: "much" \(row 8\)'):
        read_panel(csv)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(order):
    frame = full_panel(by_year=True).to_frame()
    rows = list(range(len(frame)))
    order.shuffle(rows)
    expected, shuffled = read_panel(frame), read_panel(frame.iloc[rows])
    assert_same(shuffled, expected)
    assert shuffled.notes == expected.notes
    assert shuffled.warnings == expected.warnings


def test_the_unit_of_flows_does_not_matter_for_shares():
    frame = template_frame()
    larger = frame.assign(value=frame["value"].where(frame["variable"] != "bilateral_imports", frame["value"] * 1024))
    np.testing.assert_array_equal(read_panel(larger).weights.values, read_panel(frame).weights.values)


def test_chosen_countries_share_out_anew():
    panel = full_panel(by_year=True)
    chosen = read_panel(panel.to_frame(), countries=["USA", "Canada", "GER"])
    assert chosen.countries == ("USA", "CAN", "DEU")
    keep = [3, 0, 1]
    np.testing.assert_array_equal(chosen.tfp, panel.tfp[keep])
    kept = panel.weights.values[np.ix_(keep, keep)]
    np.testing.assert_allclose(chosen.weights.values, kept / kept.sum(axis=1, keepdims=True), rtol=1e-14)
    assert "Left out on request: JPN. Import shares are among the rest." in chosen.notes


def test_national_trade_serves_every_industry():
    frame = template_frame()
    national = frame["variable"].isin(["bilateral_imports", "import_share"])
    frame = pd.concat([frame[~national], frame[national & (frame.industry == "31")].assign(industry="")])
    panel = read_panel(frame)
    np.testing.assert_array_equal(panel.weights.values[..., 0], panel.weights.values[..., 1])
    assert panel.import_share is not None
    np.testing.assert_array_equal(panel.import_share[:, 0], panel.import_share[:, 1])
    assert "import_share is given without industry: every industry of a country has the same." in panel.notes


def test_stocks_that_look_like_index_numbers_are_warned_of():
    panel = full_panel(by_year=False)
    frame = panel.to_frame()
    stock = frame["variable"] == "rnd_stock"
    assert not read_panel(frame).warnings
    frame.loc[stock & (frame["year"] == 1992), "value"] = 1.0
    (warning,) = read_panel(frame).warnings
    assert "the same in every country in 1992" in warning
    assert "indexation bias" in warning


def test_gaps_are_filled_only_on_request_and_said():
    from tradewinds.data.measurement import Measurement

    frame = template_frame()
    whole = read_panel(frame)
    inside = (frame["variable"] == "tfp") & (frame["country"] == "JPN") & frame["year"].isin([1994, 1995])
    with pytest.raises(DataError, match="tfp has gaps, 4 values in 2 series: JPN without 1994, 1995"):
        read_panel(frame[~inside])
    filled = read_panel(frame[~inside], measurement=Measurement(interpolate="linear"))
    before, after = whole.tfp[2, :, 3], whole.tfp[2, :, 6]
    np.testing.assert_allclose(filled.tfp[2, :, 4], before + (after - before) / 3, rtol=1e-14)
    np.testing.assert_array_equal(filled.tfp[:2], whole.tfp[:2])
    said = "tfp: 4 of 104 values (3.8%) were interpolated linearly between observed years."
    assert said in filled.notes
    assert any(text.startswith(said) and "serially correlated" in text for text in filled.warnings)


def test_filled_flows_leave_trade_with_oneself_out_of_the_count():
    from tradewinds.data.measurement import Measurement

    frame = full_panel(by_year=True).to_frame()
    frame = frame[frame["variable"] != "bilateral_import_share"]
    gap = (frame["variable"] == "bilateral_imports") & (frame["country"] == "CAN") & (frame["year"] == 1992)
    panel = read_panel(frame[~gap], measurement=Measurement(interpolate="geometric"))
    assert panel.bilateral_imports is not None
    flows = panel.bilateral_imports
    np.testing.assert_allclose(flows[0, 1, :, 2], np.sqrt(flows[0, 1, :, 1] * flows[0, 1, :, 3]), rtol=1e-13)
    assert any("bilateral_imports: 6 of 144 values" in note for note in panel.notes)


def test_filled_shares_still_sum_to_one():
    from tradewinds.data.measurement import Measurement

    frame = full_panel(by_year=True).to_frame()
    frame = frame[frame["variable"] != "bilateral_imports"]
    gap = (frame["variable"] == "bilateral_import_share") & (frame["country"] == "CAN") & (frame["year"] == 1992)
    panel = read_panel(frame[~gap], measurement=Measurement(interpolate="geometric"))
    np.testing.assert_allclose(panel.weights.values.sum(axis=1), 1.0, rtol=1e-14)
    assert any("Shares are filled linearly, so that they still sum to one." in note for note in panel.notes)


def test_a_series_that_cannot_be_filled_is_named():
    from tradewinds.data.measurement import Measurement

    frame = full_panel(by_year=True).to_frame()
    frame = frame[frame["variable"] != "bilateral_import_share"]
    flow = (frame["variable"] == "bilateral_imports") & (frame["country"] == "CAN") & (frame["partner"] == "USA")
    frame.loc[flow & (frame["year"] == 1991), "value"] = 0.0
    frame = frame[~(flow & (frame["year"] == 1993))]
    with pytest.raises(
        DataError, match="bilateral_imports: series at CAN from USA, industry 31, year 1991 is 0; it must"
    ):
        read_panel(frame, measurement=Measurement(interpolate="geometric"))


def test_gdp_and_flows_of_another_shape_are_refused():
    panel = full_panel(by_year=True)
    parts = {name: getattr(panel, name) for name in ("name", "countries", "industries", "years", "tfp", "rnd_stock")}
    with pytest.raises(InputError, match=r"gdp has shape \(4, 5\), expected \(4, 6\)"):
        SpilloverPanel(**parts, weights=panel.weights, gdp=panel.gdp[:, 1:])
    with pytest.raises(InputError, match=r"bilateral_imports has shape \(4, 4, 2, 5\), expected \(4, 4, 2\) or"):
        SpilloverPanel(**parts, weights=panel.weights, bilateral_imports=panel.bilateral_imports[..., 1:])
