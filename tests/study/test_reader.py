"""Study files: every slip is met with the key, its line, what was found and what is allowed."""

from __future__ import annotations

import datetime
import inspect
import json
import re
import tomllib
import typing

import pytest
from pydantic import ValidationError

from tradewinds.errors import StudyError
from tradewinds.spillovers import Specification
from tradewinds.study import KINDS, SpilloversStudy, WorldStudy, parse_study, read_study, study_text
from tradewinds.study.messages import show
from tradewinds.study.starter import starter_text

PANEL = 'panel = "keller1997-calibrated"\n'
HEAD = f"schema = 1\n[spillovers]\n{PANEL}"  # the next line is the fourth
KNOWN = "Known keys in [spillovers]: panel, specification, "


def said(text: str) -> list[str]:
    with pytest.raises(StudyError) as error:
        parse_study(text, source="s.toml")
    return str(error.value).splitlines()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        # not known
        (
            'specfication = "level"',
            'key "spillovers.specfication" (line 4) is not known. Did you mean "specification"?',
        ),
        ("zzz = 1", 'key "spillovers.zzz" (line 4) is not known.'),
        ("int = 1", 'key "spillovers.int" (line 4) is not known.'),
        ('title = "x"', 'key "spillovers.title" (line 4) is not known. It belongs at the top, above every [table].'),
        ("simulations = 9", 'key "spillovers.simulations" (line 4) is not known. It belongs in [spillovers.power].'),
        (
            "[spillovers.measurement]\ntimming = 3",
            'key "spillovers.measurement.timming" (line 5) is not known. Did you mean "timing"?',
        ),
        # of the wrong type
        ("draws = true", 'key "spillovers.draws" (line 4) is true; it must be a whole number, without quotes or point'),
        ('draws = "20"', 'key "spillovers.draws" (line 4) is "20"; it must be a whole number, without quotes or point'),
        (
            "draws = 1e3",
            'key "spillovers.draws" (line 4) is 1000.0; it must be a whole number, without quotes or point',
        ),
        ("import_share = 1", 'key "spillovers.import_share" (line 4) is 1; it must be true or false, without quotes'),
        (
            'import_share = "false"',
            'key "spillovers.import_share" (line 4) is "false"; it must be true or false, without quotes',
        ),
        ('sparsity = "8"', 'key "spillovers.sparsity" (line 4) is "8"; it must be a number, without quotes'),
        ("sparsity = true", 'key "spillovers.sparsity" (line 4) is true; it must be a number, without quotes'),
        ('effects = "cell"', 'key "spillovers.effects" (line 4) is "cell"; it must be a list in square brackets'),
        ("periods = [1970, 1980.5]", 'key "spillovers.periods" (line 4), item 2, is 1980.5; it must be a whole number'),
        (
            "power = 3",
            'key "spillovers.power" (line 4) is 3; it must be a table: write [spillovers.power] above its keys.',
        ),
        ("[[spillovers.power]]\nlevel = 0.1", 'key "spillovers.power" (line 4) is [a table]; it must be a table'),
        # out of range
        ("draws = 1", 'key "spillovers.draws" (line 4) is 1; it must be at least 2 and at most 10,000,000'),
        ("seed = -1", 'key "spillovers.seed" (line 4) is -1; it must be at least 0'),
        ("sparsity = 0", 'key "spillovers.sparsity" (line 4) is 0; it must be above 0 and at most 100'),
        ("sparsity = nan", 'key "spillovers.sparsity" (line 4) is nan; it must be a finite number'),
        ("[spillovers.power]\nlevel = 1", 'key "spillovers.power.level" (line 5) is 1; it must be above 0 and below 1'),
        (
            "[spillovers.power]\ntrade_multiples = []",
            'key "spillovers.power.trade_multiples" (line 5) is []; it must have at least 1 value',
        ),
        (
            "[spillovers.power]\ntrade_multiples = [0, inf]",
            'key "spillovers.power.trade_multiples" (line 5), item 2, is inf; it must be a finite number',
        ),
        # not among those allowed
        (
            'experiment = "exchange_partner"',
            'key "spillovers.experiment" (line 4) is "exchange_partner". Did you mean "exchange_partners"? '
            'Allowed: "observed", "exchange_all", "exchange_partners", "drawn", "equal".',
        ),
        ("growth = 3", 'key "spillovers.growth" (line 4) is 3. Allowed: "log", "arithmetic".'),
        (
            'effects = [\n  "country",\n  "year",\n]',
            'key "spillovers.effects" (line 4), item 2, is "year". Allowed: "country", "industry", "cell", "period".',
        ),
        # not with the rest
        (
            "share_main_effects = true",
            'key "spillovers.share_main_effects" (line 4): share_main_effects belongs to level',
        ),
        ("periods = [1980, 1970]", 'key "spillovers.periods" (line 4): periods must be two or more increasing years'),
        ("periods = [1980]", 'key "spillovers.periods" (line 4): periods must be two or more increasing years'),
        (
            "[spillovers.measurement]\nrnd_depreciation = 0.1",
            'key "spillovers.measurement" (line 4): these options are for a user\'s raw data',
        ),
        (
            'foreign_rnd = "coe-helpman"\nexperiment = "exchange_all"',
            'key "spillovers.experiment" (line 5): "exchange_all" exchanges own and foreign weights, which needs',
        ),
        (
            'foreign_rnd = "coe-helpman"\npower = {}',
            'key "spillovers.power" (line 5): size and power need foreign_rnd = "by_partner"',
        ),
    ],
)
def test_a_slip_in_the_study_of_spillovers(text, problem):
    head, first, *rest = said(HEAD + text)
    assert head == "s.toml: 1 problem found"
    assert first.startswith(f"  - {problem}")
    assert [line for line in rest if not line.startswith("  Known keys in [")] == []


def test_options_of_the_calibrated_panel_need_that_panel():
    text = 'schema = 1\n[spillovers]\npanel = "mine.csv"\ncalibrated = { seed = 3 }'
    assert said(text)[1] == (
        '  - key "spillovers.calibrated" (line 4): these options are for panel = "keller1997-calibrated" only.'
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "s.toml: there is nothing in the file. Start one with: tradewinds new spillovers"),
        ("# only a comment", "s.toml: there is nothing in the file. Start one with: tradewinds new spillovers"),
        (
            "[spillovers]\nschema = 1",
            's.toml: key "schema" is missing. Write schema = 1 in the first line, above every',
        ),
        ("schema_version = 1\n", 's.toml: key "schema" is missing.'),
        ("schema = 0", 's.toml: key "schema" is 0. Allowed: 1.'),
        ("schema = 2", 's.toml: key "schema" is 2. Allowed: 1. The file was written for a newer version of tradewinds'),
        ('schema = "1"', 's.toml: key "schema" is "1". Allowed: 1.'),
        ("schema = 1.0", 's.toml: key "schema" is 1.0. Allowed: 1.'),
        ("schema = true", 's.toml: key "schema" is true. Allowed: 1.'),
        (
            "schema = 1",
            "s.toml: 1 problem found\n  - no study in the file; add a table [spillovers] or [world] or "
            "[clusters] or [firms] or [growth] or [plants] or [compare], "
            "or start from",
        ),
        (
            "schema = 1\nspillovers = 3",
            's.toml: 1 problem found\n  - key "spillovers" (line 2) is 3; it must be a table',
        ),
        (f'{HEAD}[harbours]\nmodel = "x"', 's.toml: 1 problem found\n  - key "harbours" (line 4) is not known.'),
        (f"{HEAD}[spillovers]\n", "s.toml, line 4: not valid TOML: cannot declare"),
        ("schema = 1\n[spilovers]", 's.toml: 1 problem found\n  - key "spilovers" (line 2) is not known. Did you mean'),
        (
            "schema = 1\n\n[spillovers]\ndraws = 9",
            's.toml: 1 problem found\n  - key "spillovers.panel" is missing from table [spillovers] (line 3); it says: '
            '"keller1997-calibrated", or the path of a CSV or Parquet file.',
        ),
        (
            'schema = 1\n[spillovers]\npanel = ""',
            's.toml: 1 problem found\n  - key "spillovers.panel" (line 3) is ""; it ',
        ),
        (
            "schema = 1\n[spillovers]\npanel = 1979-05-27",
            's.toml: 1 problem found\n  - key "spillovers.panel" (line 3) is 1979-05-27; it must be text in quotes',
        ),
        (
            "schema = 1\nspillovers.panel = 3",
            's.toml: 1 problem found\n  - key "spillovers.panel" (line 2) is 3; it must be text',
        ),
        (
            "schema = 1\npanel = mine.csv",
            "s.toml, line 2: not valid TOML: invalid value. Text needs quotes; true and false",
        ),
        ("schema = 1\n[a", "s.toml, line 2: not valid TOML: expected ']' at the end of a table declaration.\n  [a"),
        ("schema = 1\nschema = 1", "s.toml, line 2: not valid TOML: cannot overwrite a value.\n  schema = 1"),
        ('schema = 1\ntitle = "', 's.toml, line 2: not valid TOML: unterminated string.\n  title = "'),
    ],
)
def test_a_file_that_is_no_study(text, message):
    assert "\n".join(said(text)).startswith(message)


def test_all_problems_are_told_at_once_in_the_order_of_the_file():
    text = HEAD + 'seed = -1\nfoo = 1\nexperiment = "swap"\ndraws = "9"\n[spillovers.power]\nlevel = 2\nlevl = 1\n'
    head, *problems = said(text)
    assert head == "s.toml: 6 problems found"
    lines = [int(match.group(1)) for problem in problems if (match := re.search(r"\(line (\d+)\)", problem))]
    assert lines == [4, 5, 6, 7, 9, 10]
    assert problems[6].startswith(f"  {KNOWN}")
    assert problems[7] == "  Known keys in [spillovers.power]: trade_multiples, simulations, draws, level, noise."


def test_of_many_problems_each_kind_is_shown_and_the_rest_counted():
    many = "".join(f"k{number} = 1\n" for number in range(100))
    effects = ", ".join(['"year"'] * 50)
    text = f"{HEAD}{many}effects = [{effects}]\nperiods = [{', '.join(['true'] * 50)}]\nseed = -1\n"
    head, *problems = said(text)
    assert head == "s.toml: 201 problems found"
    assert len(problems) <= 22
    assert problems[-2] == (
        "  - and 185 more: 95 keys not known, 45 values that are not among those allowed, 45 values of the wrong type"
    )
    assert any('"spillovers.seed"' in problem for problem in problems)


def test_long_values_are_cut():
    assert len(said(f'{HEAD}growth = "{"x" * 10_000}"')[1]) < 200
    assert len(said(f"{HEAD}{'k' * 10_000} = 1")[1]) < 200


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (True, "true"),
        (1e-9, "1e-09"),
        ("é\n", '"é\\n"'),
        ([1, "a", False], '[1, "a", false]'),
        ({"a": 1}, "a table"),
        (datetime.time(12, 30), "12:30:00"),
        ([datetime.date(2020, 1, 2)], "[2020-01-02]"),
    ],
)
def test_values_are_shown_as_a_study_has_them(value, shown):
    assert show(value) == shown


def test_every_default_written_out_means_the_same():
    short = parse_study(HEAD)
    assert short.kind == "spillovers"
    given = short.spillovers.model_dump(exclude_none=True)
    text = "schema = 1\n[spillovers]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in given.items())
    for table in ("calibrated", "power"):
        options = SpilloversStudy.model_fields[table].annotation.__args__[0]()
        text += f"[spillovers.{table}]\n"
        text += "".join(
            f"{key} = {json.dumps(value)}\n" for key, value in options.model_dump(exclude_none=True).items()
        )
    long = parse_study(text)
    assert long.spillovers.model_dump(exclude={"calibrated", "power"}) == short.spillovers.model_dump(
        exclude={"calibrated", "power"}
    )
    for table in ("calibrated", "power"):
        options = getattr(long.spillovers, table)
        assert options == type(options)()
    assert tomllib.loads(text)["spillovers"].keys() >= given.keys()


def test_defaults_are_those_of_the_functions_they_go_to():
    from tradewinds.data import Measurement, keller1997_calibrated
    from tradewinds.spillovers import analyse, size_and_power

    settings = parse_study(HEAD).spillovers
    assert settings.to_specification() == Specification()
    tables = {
        name: typing.get_args(field.annotation)[0]
        for name, field in SpilloversStudy.model_fields.items()
        if name in ("calibrated", "measurement", "power")
    }
    for function, given in [
        (analyse, settings),
        (keller1997_calibrated, tables["calibrated"]()),
        (size_and_power, tables["power"]()),
        (Measurement, tables["measurement"]()),
    ]:
        defaults = {name: part.default for name, part in inspect.signature(function).parameters.items()}
        for name, value in given.model_dump(exclude={"panel", "specification"}).items():
            if name in defaults:
                expected = defaults[name]
                assert value == (list(expected) if isinstance(expected, tuple) else expected), name


def test_commented_keys_of_the_starter_show_their_defaults():
    text = starter_text("spillovers")
    shown = commented(text.split("[spillovers.measurement]")[0])
    assert set(shown) == {
        "foreign_rnd",
        "effects",
        "share_main_effects",
        "growth",
        "periods",
        "covariance",
        "keep_draws",
    }
    for key, value in shown.items():
        default = SpilloversStudy.model_fields[key].default
        assert value == default or default is None, key
    whole = uncommented(text).replace("# [spillovers.power]", "[spillovers.power]")
    assert parse_study(whole).spillovers.power is not None


def test_commented_keys_of_the_world_starter_show_their_defaults_and_can_be_used():
    text = starter_text("world")
    head, rest = text.split("# [world.parameters]")
    shown = commented(head)
    assert set(shown) == {"name", "beyond", "show", "show_years"}
    for key, value in shown.items():
        default = WorldStudy.model_fields[key].default
        assert value == default or default is None, key
    shocks, scenarios = rest.split("# Several scenarios")
    usable = uncommented(shocks).replace("\npartner =", "\n# partner =")  # which only import_preference takes
    whole = parse_study(f"{uncommented(head)}[world.parameters]{usable}").world
    assert whole.parameters.rnd_depreciation == 0.15
    assert whole.shocks[0].end == 2034
    several = text + "\n".join(line[2:] for line in scenarios.splitlines()[1:])
    assert [item.name for item in parse_study(several).world.scenarios] == ["with spillovers", "without"]


def commented(text: str) -> dict[str, object]:
    """Return the commented keys of a starter with the values shown."""
    found = re.finditer(r"^# (\w+) = ([^#\n]+)", text, re.MULTILINE)
    return {match.group(1): tomllib.loads(f"v = {match.group(2)}")["v"] for match in found}


def uncommented(text: str) -> str:
    return re.sub(r"^# (\w+ = )", r"\1", text, flags=re.MULTILINE)


@pytest.mark.parametrize("kind", KINDS)
def test_a_starter_is_a_study_of_its_kind(kind):
    assert parse_study(starter_text(kind)).kind == kind


def test_a_study_cannot_be_changed_after_it_is_read():
    study = parse_study(HEAD)
    with pytest.raises(ValidationError, match="frozen"):
        study.spillovers.draws = 5


def test_files_of_other_editors_are_read(tmp_path):
    path = tmp_path / "s.toml"
    path.write_bytes(b"\xef\xbb\xbf" + HEAD.replace("\n", "\r\n").encode())
    assert read_study(path).spillovers.panel == "keller1997-calibrated"
    path.write_bytes(HEAD.replace("\n", "\r\n").encode() + b"draws = 1\r\n")
    with pytest.raises(StudyError, match=r"\(line 4\) is 1;"):
        read_study(str(path))


def test_a_shipped_study_is_read_by_name_and_a_file_of_that_name_goes_before_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert read_study("us-rnd") == parse_study(study_text("us-rnd"))
    (tmp_path / "us-rnd").mkdir()  # as results may be called
    assert read_study("us-rnd") == parse_study(study_text("us-rnd"))
    (tmp_path / "us-rnd").rmdir()
    (tmp_path / "us-rnd").write_text(HEAD, encoding="utf-8")
    assert read_study("us-rnd").kind == "spillovers"
    with pytest.raises(StudyError, match=r'us-rn: no such file\. Did you mean "us-rnd"\?'):
        read_study("us-rn")
