"""Every problem of a table is reported, all at once, with the row numbers of a spreadsheet."""

import re

import numpy as np
import pandas as pd
import pytest

from tradewinds.data.layout import VARIABLES, format_table
from tradewinds.data.measurement import Measurement
from tradewinds.data.template import template_frame
from tradewinds.data.validate import validate_frame
from tradewinds.errors import DataError, InputError

# The template: rows 2-105 tfp (8 series of 13 years), 106-209 rnd_expenditure, 210-233 bilateral_imports (CAN from DEU
# industry 31 first), 234-241 import_share.
TFP, RND, FLOW, SHARE = 2, 106, 210, 234


@pytest.fixture
def frame():
    return template_frame().astype({"value": object, "year": object})


def put(frame, row, **cells):
    for column, value in cells.items():
        frame.loc[row - 2, column] = value
    return frame


def drop(frame, *rows):
    return frame.drop(index=[row - 2 for row in rows])


def append(frame, **cells):
    row = dict.fromkeys(frame.columns, "") | cells
    return pd.concat([frame, pd.DataFrame([row])], ignore_index=True)


def problems(frame, **options):
    with pytest.raises(DataError) as caught:
        validate_frame(frame, "mine.csv", **options)
    assert str(caught.value).startswith("mine.csv: ")
    return caught.value.problems


def test_template_layout_is_as_these_tests_assume(frame):
    first = frame.drop_duplicates("variable")
    assert dict(zip(first["variable"], first.index + 2, strict=True)) == {
        "tfp": TFP,
        "rnd_expenditure": RND,
        "bilateral_imports": FLOW,
        "import_share": SHARE,
    }
    assert len(frame) == 240


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: put(f, 5, variable="ftp"), r'unknown variable "ftp"\. Did you mean "tfp"\?.*\(row 5\)'),
        (lambda f: put(f, 7, country="Frnace"), r"unknown country 'Frnace'\. Did you mean \"FRANCE\"\?.*\(row 7\)"),
        (lambda f: put(f, 7, country=""), r"country is empty \(row 7\)"),
        (lambda f: put(f, FLOW, partner="GERM"), r"unknown country 'GERM'.*\(row 210\)"),
        (lambda f: put(f, 9, year="1990.5"), r'year is "1990\.5"; it must be a whole number.*\(row 9\)'),
        (lambda f: put(f, 9, year="late"), r'year is "late"; it must be a whole number.*\(row 9\)'),
        (lambda f: put(f, 9, year=np.nan), r"tfp needs a year \(row 9\)"),
        (lambda f: put(f, 3, value="12,5"), r'value is not a number: "12,5" \(row 3\); write a point'),
        (lambda f: put(f, 3, value="1_000"), r'value is not a number: "1_000" \(row 3\)'),
        (lambda f: put(f, 3, value="high"), r'value is not a number: "high" \(row 3\)'),
        (lambda f: put(f, 3, value=np.inf), r'value is infinite: "inf" \(row 3\)'),
        (lambda f: put(f, 3, value="-inf"), r'value is infinite: "-inf" \(row 3\)'),
        (lambda f: put(f, 3, value=None), r"value of tfp is empty for CAN: 31 \(row 3\); .*interpolate"),
        (lambda f: put(f, FLOW, value=".."), r"value of bilateral_imports is empty.*\(row 210\).*not a zero flow"),
        (lambda f: put(f, 3, value=0), r"1 value of tfp is 0, but must be positive \(row 3\); its logarithm is taken"),
        (lambda f: put(f, RND, value=-2), r"1 value of rnd_expenditure is -2, but must be zero or positive \(row 106\)"),
        (lambda f: put(f, SHARE, value=25), r"1 value of import_share is 25, but must be a fraction.*\(row 234\).*per cent"),
        (lambda f: put(f, SHARE, value=-0.1), r"1 value of import_share is -0\.1, but must be a fraction.*\(row 234\)"),
        (lambda f: put(f, 4, partner="USA"), r"partner must be empty for tfp \(row 4\)"),
        (lambda f: put(f, FLOW + 1, partner=""), r"bilateral_imports needs a partner \(the exporter\) \(row 211\)"),
        (lambda f: put(f, 6, industry=""), r"tfp needs an industry where other rows have one \(row 6\)"),
        (
            lambda f: append(f, variable="bilateral_imports", country="CAN", partner="CAN", industry="31", value=3),
            r"bilateral_imports of a country from itself must be zero or left out \(row 242\)",
        ),
        (
            lambda f: append(f, variable="tfp", country="canada", industry="31", year=1992, value=3),
            r"tfp is given more than once: CAN, industry 31, 1992 in rows 4, 242",
        ),
        (lambda f: drop(f, 4, 5, 7), r"tfp has gaps, 3 values in 1 series: CAN: 31 without 1992, 1993, 1995; find"),
        (lambda f: put(f, 9, year=1890), r"CAN: 31 1890-2002; the others 1990-2002, years beyond in row 9"),
        (lambda f: drop(f, 2, 3), r"series of tfp cover different years: CAN: 31 1992-2002; the others 1990-2002"),
        (
            lambda f: f[(f.variable != "rnd_expenditure") | (f.year != 2002)],
            "rnd_expenditure covers 1990-2001, but tfp covers 1990-2002",
        ),
        (lambda f: f[~f.year.isin([1995, 1996])], "no variable has the year 1995, 1996, between 1990 and 2002"),
        (lambda f: drop(f, *range(2, 15)), r"tfp has no rows for 1 of 8 series: CAN: 31"),
        (lambda f: drop(f, *range(2, 28)), r"tfp has no rows for CAN, which other rows name"),
        (lambda f: f[(f.variable != "tfp") | (f.industry != "32")], "tfp has no rows for industry 32"),
        (lambda f: drop(f, FLOW), r"bilateral_imports has no rows for 1 of 24 series: CAN: from DEU \(industry 31\)"),
        (lambda f: drop(f, SHARE), r"import_share has no rows for 1 of 8 series: CAN: 31"),
        (
            lambda f: f[(f.variable != "bilateral_imports") | (f.partner != "USA")],
            "bilateral_imports has no rows with partner USA",
        ),
        (lambda f: put(f, FLOW, year=1990), r"year of bilateral_imports must be given in all its rows.*given in row 210"),
        (lambda f: put(f, RND, industry=""), r"industry of rnd_expenditure must be given in all.*empty in row 106"),
        (
            lambda f: f.assign(value=f.value.where((f.variable != "bilateral_imports") | (f.country != "JPN"), 0)),
            r"bilateral_imports are zero from every partner.*importer JPN, industry 31: 0; importer JPN, industry 32: 0",
        ),
        (lambda f: f[f.variable != "rnd_expenditure"], "R&D is absent: give rnd_stock, or rnd_expenditure"),
        (lambda f: f[f.variable != "bilateral_imports"], "trade is absent: give bilateral_import_share, or"),
        (lambda f: f[f.variable != "tfp"], "productivity is absent: give tfp, or the raw series output, labour"),
        (
            lambda f: pd.concat([f, f[f.variable == "tfp"].assign(variable="output")]),
            r"both tfp and raw series \(output\) are given",
        ),
        (
            lambda f: pd.concat([f, f[f.variable == "rnd_expenditure"].assign(variable="rnd_stock")]),
            "both rnd_stock and rnd_expenditure are given",
        ),
        (
            lambda f: append(f, variable="gdp", country="CAN", industry="31", year=1990, value=1),
            r"industry must be empty for gdp \(row 242\)",
        ),
        (
            lambda f: append(f, variable="rnd_industry_share", country="CAN", industry="31", year=1990, value=0.1),
            r"year must be empty for rnd_industry_share: it is constant \(row 242\)",
        ),
        (
            lambda f: append(f, variable="rnd_industry_share", country="CAN", industry="31", value=0.1),
            "rnd_industry_share splits national R&D, but rnd_expenditure is given by industry",
        ),
        (
            lambda f: f.assign(country=f.country.replace("JPN", "USA")),
            r"tfp is given more than once: USA, industry 31, 1990 in rows 54, 80",
        ),
        (
            lambda f: f[f.country.isin(["CAN", "USA"]) & f.partner.isin(["", "CAN", "USA"])],
            r"there are 2 countries \(CAN, USA\); at least three",
        ),
    ],
)  # fmt: skip
def test_each_problem_has_its_message(frame, change, message):
    found = problems(change(frame))
    assert any(re.search(message, problem) for problem in found), found


@pytest.mark.parametrize(
    "change",
    [
        lambda f: put(f, 3, value="high"),
        lambda f: put(f, RND, value=-2),
        lambda f: put(f, 4, partner="USA"),
        lambda f: drop(f, 4, 5),
        lambda f: drop(f, FLOW),
        lambda f: put(f, 3, value=""),
        lambda f: f[f.variable != "rnd_expenditure"],
        lambda f: append(f, variable="tfp", country="CAN", industry="31", year=1992, value=3),
    ],
)
def test_one_mistake_is_one_problem(frame, change):
    assert len(problems(change(frame))) == 1


def share_frame():
    frame = template_frame()
    flows = frame[frame["variable"] == "bilateral_imports"].assign(variable="bilateral_import_share")
    flows["value"] /= flows.groupby(["country", "industry"])["value"].transform("sum")
    return pd.concat([frame[frame["variable"] != "bilateral_imports"], flows], ignore_index=True)


def test_shares_that_do_not_sum_to_one_name_importer_industry_and_sum():
    frame = share_frame()
    assert len(validate_frame(frame, "mine.csv")) == 240
    row = frame.index[
        (frame.variable == "bilateral_import_share") & (frame.country == "JPN") & (frame.industry == "32")
    ]
    frame.loc[row, "value"] *= 0.9
    (problem,) = problems(frame)
    assert "must sum to one over partners; importer JPN, industry 32: 0.9." in problem


def test_shares_in_per_cent_are_recognised():
    frame = share_frame()
    frame.loc[frame["variable"] == "bilateral_import_share", "value"] *= 100
    found = problems(frame)
    assert any("They look like per cent: divide by 100" in problem for problem in found)
    assert any("must be a fraction between 0 and 1" in problem for problem in found)


def test_shares_by_year_name_the_years():
    frame = share_frame()
    share = frame["variable"] == "bilateral_import_share"
    by_year = [frame[share].assign(year=year) for year in range(1990, 2003)]
    frame = pd.concat([frame[~share], *by_year], ignore_index=True)
    assert len(validate_frame(frame, "mine.csv")) == len(frame)
    bad = (frame.variable == "bilateral_import_share") & (frame.country == "USA") & frame.year.isin([1991, 1995])
    frame.loc[bad & (frame.industry == "31"), "value"] *= 1.01
    (problem,) = problems(frame)
    assert "importer USA, industry 31, 1991, 1995: 1.01" in problem


def test_all_problems_come_at_once(frame):
    put(frame, 3, value="high")
    put(frame, 20, value=-1)
    put(frame, RND + 4, year=1990.5)
    put(frame, SHARE, value=30)
    frame = append(drop(frame, FLOW, 30), variable="gdp", country="Narnia", year=1990, value=1)
    found = "\n".join(problems(frame))
    for part in (
        '"high" (row 3)',
        "tfp is -1, but must be positive (row 20)",
        'year is "1990.5"',
        "import_share is 30",
        "bilateral_imports has no rows for 1 of 24 series",
        "unknown country 'Narnia'",
        "tfp has gaps",
        "rnd_expenditure has gaps",
    ):
        assert part in found


def test_ten_thousand_bad_rows_make_a_short_message(frame):
    frame = pd.concat([frame] * 60, ignore_index=True).assign(value=-1, country="Narnia")
    with pytest.raises(DataError) as caught:
        validate_frame(frame, "mine.csv")
    assert len(frame) > 10_000
    assert len(str(caught.value)) < 3_000
    assert "rows 2, 3, 4, 5, 6 and 14395 more" in str(caught.value)


def test_many_unknown_labels_share_a_sentence(frame):
    for row in range(2, 42):
        put(frame, row, country=f"Land {row:02}", year=f"year {row:02}")
    found = problems(frame)
    countries = [problem for problem in found if "country" in problem and "Land" in problem]
    assert len(countries) == 6
    assert countries[0].startswith("unknown country 'Land 02'") and countries[0].endswith("(row 2)")
    assert countries[5].startswith('35 more entries of column country cannot be read: "Land 07", "Land 08"')
    assert countries[5].endswith("and 10 more (rows 7, 8, 9, 10, 11 and 30 more)")
    assert sum("column year" in problem for problem in found) == 1


def test_columns_are_checked_first(frame):
    found = problems(frame.rename(columns={"partner": "partners"}).assign(extra=1))
    assert any('unknown column "partners". Did you mean "partner"?' in problem for problem in found)
    assert any('unknown column "extra"' in problem for problem in found)
    assert any("column is missing: partner" in problem for problem in found)
    twice = pd.concat([frame, frame[["year"]]], axis=1)
    assert 'column "year" occurs twice' in problems(twice)


def test_documented_extra_columns_and_any_case_are_read(frame):
    plain = validate_frame(frame, "mine.csv")
    dressed = frame.assign(unit="index", note="mine").rename(columns=str.upper)
    pd.testing.assert_frame_equal(validate_frame(dressed, "mine.csv"), plain)


def test_no_rows(frame):
    assert problems(frame.iloc[:0]) == ("there are no rows below the header",)


def test_blank_rows_are_skipped_and_counted(frame):
    blank = pd.DataFrame([dict.fromkeys(frame.columns, "")])
    shifted = pd.concat([blank, put(frame, 3, value="high")], ignore_index=True)
    assert '"high" (row 4)' in problems(shifted)[0]


RAW = ("output", "labour", "labour_cost", "capital", "user_cost")


def raw_frame(*names):
    frame = template_frame()
    tfp = frame[frame["variable"] == "tfp"]
    parts = [frame[frame["variable"] != "tfp"], *(tfp.assign(variable=name) for name in names)]
    return pd.concat(parts, ignore_index=True)


@pytest.mark.parametrize(
    ("names", "options", "message"),
    [
        (
            RAW[:1],
            {},
            "absent: labour; labour_cost; capital, or investment and capital_depreciation; real_interest, inflati",
        ),
        ((*RAW[:3], "investment", "user_cost"), {}, r"absent: capital_depreciation \(with investment\)"),
        ((*RAW, "investment"), {}, "both capital and investment are given"),
        (RAW[:4], {}, r"or user_cost, or value_added and labour_share = \"revenue\""),
        (RAW, {"labour_share": "revenue"}, "absent: value_added"),
        (RAW, {"add_depreciation": True}, "add_depreciation = true adds to the user cost inferred"),
    ],
)
def test_raw_inputs_that_are_absent_or_in_conflict(names, options, message):
    found = problems(raw_frame(*names), measurement=Measurement(**options))
    assert any(re.search(message, problem) for problem in found), found


def test_gaps_are_allowed_where_they_are_to_be_filled(frame):
    gappy = drop(put(frame, 8, value=""), 4, 5)
    result = validate_frame(gappy, "mine.csv", measurement=Measurement(interpolate="linear"))
    assert len(result) == 237
    ends = drop(frame, 2)
    assert "series of tfp cover different years" in problems(ends, measurement=Measurement(interpolate="linear"))[0]


def test_shares_of_some_partners_cannot_be_filled():
    frame = share_frame()
    share = frame["variable"] == "bilateral_import_share"
    frame = pd.concat([frame[~share], *(frame[share].assign(year=y) for y in range(1990, 2003))], ignore_index=True)
    fill = Measurement(interpolate="linear")
    whole = frame[~((frame.variable == "bilateral_import_share") & (frame.year == 1995) & (frame.country == "CAN"))]
    assert len(validate_frame(whole, "mine.csv", measurement=fill)) == len(frame) - 6
    one = (frame.variable == "bilateral_import_share") & (frame.year == 1995) & (frame.country == "CAN")
    found = problems(frame[~(one & (frame.partner == "USA"))], measurement=fill)
    assert any("give all partners of an importer or none in a year" in problem for problem in found)


def test_industry_shares_above_one_are_refused():
    frame = template_frame()
    national = frame[(frame.variable == "rnd_expenditure") & (frame.industry == "31")].assign(industry="")
    split = frame[frame.variable == "import_share"].assign(variable="rnd_industry_share", value=0.6)
    frame = pd.concat([frame[frame.variable != "rnd_expenditure"], national, split], ignore_index=True)
    (problem,) = problems(frame)
    assert "at most one over industries; CAN 1.2, DEU 1.2, JPN 1.2, USA 1.2" in problem


def test_chosen_countries_must_be_there(frame):
    assert problems(frame, countries=["CAN", "JPN", "USA", "SWE"])[0].startswith("countries asks for SWE")
    with pytest.raises(InputError, match="occur twice: CAN"):
        validate_frame(frame, "mine.csv", countries=["CAN", "Canada", "USA"])


def test_only_chosen_countries_need_to_be_complete(frame):
    broken = drop(frame, *range(28, 54))  # tfp of Germany
    assert any("DEU" in problem for problem in problems(broken))
    result = validate_frame(broken, "mine.csv", countries=["USA", "CAN", "JPN"])
    assert set(result["country"]) == {"CAN", "JPN", "USA"}
    assert "DEU" not in set(result["partner"])
    assert result.attrs["left_out"] == ("DEU",)


def test_format_table_is_what_is_checked():
    table = format_table().set_index("variable")
    assert list(table.index) == list(VARIABLES)
    assert table.loc["gdp", "industry"] == "empty"
    assert table.loc["bilateral_imports", "partner"] == "yes"
    assert table.loc["tax_rate", "value"] == "a fraction below 1"
    assert table.notna().all(axis=None)
