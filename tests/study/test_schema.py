"""The JSON schema says the same as the reader: it takes good studies and refuses bad ones at the same key."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from math import inf
from pathlib import Path
from typing import Any

import pytest

from tradewinds.errors import StudyError
from tradewinds.study import KINDS, json_schema, list_studies, parse_study, study_text
from tradewinds.study.starter import starter_text

HEAD = 'schema = 1\n[spillovers]\npanel = "keller1997-calibrated"\n'
WORLD = 'schema = 1\n[[world.shocks]]\nvariable = "tariff"\nsize = 0.1\n'
FIRMS = "schema = 1\n[firms]\n"
GROWTH = "schema = 1\n[growth]\nmechanism = 'sampson'\n"
PARTIAL = "schema = 1\n[growth]\nmechanism = 'partial-spillovers'\n[growth.parameters]\n"
PLANTS = 'schema = 1\n[plants]\npanel = "p.csv"\n[plants.columns]\noutput = "y"\nemployment = "l"\nexporter = "x"\n'
CLUSTERS = "schema = 1\n[clusters]\ntechnology = { home = [1, 2], foreign = [2, 1] }\nspillovers = [[0, 0], [0, 0]]\n"
EXAMPLES = Path(__file__).parents[2] / "examples"
TYPES = {"string": str, "boolean": bool, "integer": int, "number": (int, float), "array": list, "object": dict}
KEYWORDS = {
    "$schema", "$ref", "$defs", "title", "description", "default", "type", "const", "enum", "anyOf", "oneOf", "properties",
    "additionalProperties", "required", "items", "minItems", "minLength", "minimum", "maximum", "exclusiveMinimum",
    "exclusiveMaximum",
}  # fmt: skip


def broken(value: Any, rule: dict[str, Any], root: dict[str, Any], at: str = "") -> Iterator[str]:
    """Yield the keys at which a value breaks a schema; only the keywords that ours has."""
    assert set(rule) <= KEYWORDS, set(rule) - KEYWORDS
    if "$ref" in rule:
        yield from broken(value, root["$defs"][rule["$ref"].rpartition("/")[2]], root, at)
    if "anyOf" in rule:
        ways = [list(broken(value, way, root, at)) for way in rule["anyOf"] if way != {"type": "null"}]
        if all(ways):
            yield from min(ways, key=len)
    if "oneOf" in rule and sum(not list(broken(value, way, root, at)) for way in rule["oneOf"]) != 1:
        yield at
    kind = TYPES.get(rule.get("type", ""), object)
    if not isinstance(value, kind) or (isinstance(value, bool) and rule.get("type") not in ("boolean", None)):
        yield at
        return
    if "const" in rule and value != rule["const"]:
        yield at
    if "enum" in rule and value not in rule["enum"]:
        yield at
    if isinstance(value, str | list) and len(value) < rule.get("minLength", rule.get("minItems", 0)):
        yield at
    if isinstance(value, int | float) and not isinstance(value, bool):
        above = value >= rule.get("minimum", value) and value > rule.get("exclusiveMinimum", -inf)
        below = value <= rule.get("maximum", value) and (
            value < rule["exclusiveMaximum"] if "exclusiveMaximum" in rule else True
        )
        if not (above and below):
            yield at
    if isinstance(value, list) and "items" in rule:
        for item in value:
            yield from broken(item, rule["items"], root, at)
    if isinstance(value, dict):
        known = rule.get("properties", {})
        for name in rule.get("required", ()):
            if name not in value:
                yield f"{at}.{name}".lstrip(".")
        for name, item in value.items():
            where = f"{at}.{name}".lstrip(".")
            if name in known:
                yield from broken(item, known[name], root, where)
            elif isinstance(rule.get("additionalProperties"), dict):
                yield from broken(item, rule["additionalProperties"], root, where)
            elif rule.get("additionalProperties") is False:
                yield where


def problems(text: str) -> set[str]:
    schema = json.loads(json.dumps(json_schema()))
    return set(broken(tomllib.loads(text), schema, schema))


@pytest.mark.parametrize(
    "text",
    [
        HEAD,
        HEAD + "periods = [1970, 1980]\neffects = []\nsparsity = 3\npower = { trade_multiples = [1] }\n",
        WORLD,
        WORLD + "countries = 'US'\nstart = 2000\n[world]\nshow = ['US', 'developing']\n",
        WORLD + "[world.parameters]\ngrowth = 0.02\nrnd_ratio = { US = 0.02 }\nimport_elasticity_share = 0.5\n",
        CLUSTERS + "policy = 'schedule'\nopen_at = [0, 2.5]\ncompare = ['autarky']\n",
        CLUSTERS.replace(
            "[[0, 0], [0, 0]]", "{ file = 'c.csv', kind = 'citations', normalise = 'row' }\nindustries = ['a', 'b']"
        ),
        WORLD + "[[world.scenarios]]\nname = 'x'\nshocks = [{ variable = 'labour', size = [0.1, 0.2] }]\n",
        *(starter_text(kind) for kind in KINDS),
        *(study_text(name) for name in list_studies()),
        *(path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.rglob("*.toml"))),
    ],
)
def test_good_studies_are_good(text):
    parse_study(text)
    assert problems(text) == set()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("schema = 2\n[spillovers]\npanel = 'x'\n", "schema"),
        ("schema = '1'\n[spillovers]\npanel = 'x'\n", "schema"),
        ("[spillovers]\npanel = 'x'\n", "schema"),
        ("schema = 1\nspillovers = 3\n", "spillovers"),
        ("schema = 1\n[spillovers]\n", "spillovers.panel"),
        ("schema = 1\n[spillovers]\npanel = ''\n", "spillovers.panel"),
        (HEAD + "foo = 1", "spillovers.foo"),
        (HEAD + "draws = '9'", "spillovers.draws"),
        (HEAD + "draws = 1", "spillovers.draws"),
        (HEAD + "draws = 2.5", "spillovers.draws"),
        (HEAD + "draws = true", "spillovers.draws"),
        (HEAD + "import_share = 1", "spillovers.import_share"),
        (HEAD + "sparsity = 0", "spillovers.sparsity"),
        (HEAD + "sparsity = 101", "spillovers.sparsity"),
        (HEAD + "experiment = 'swap'", "spillovers.experiment"),
        (HEAD + "effects = ['year']", "spillovers.effects"),
        (HEAD + "effects = 'cell'", "spillovers.effects"),
        (HEAD + "periods = [1970.5]", "spillovers.periods"),
        (HEAD + "[spillovers.power]\nlevel = 1.0", "spillovers.power.level"),
        (HEAD + "[spillovers.power]\ntrade_multiples = []", "spillovers.power.trade_multiples"),
        (HEAD + "[spillovers.calibrated]\nnoise = 'white'", "spillovers.calibrated.noise"),
        (HEAD + "[harbours]\nx = 1", "harbours"),
        (CLUSTERS + "sigma = 1", "clusters.sigma"),
        (CLUSTERS + "policy = 'open'", "clusters.policy"),
        (CLUSTERS + "compare = ['open']", "clusters.compare"),
        (CLUSTERS + "labour = { home = 1 }", "clusters.labour.foreign"),
        (CLUSTERS.replace("[1, 2]", "[1, 0]"), "clusters.technology.home"),
        (CLUSTERS.replace("[[0, 0], [0, 0]]", "3"), "clusters.spillovers"),
        (CLUSTERS.replace("[[0, 0], [0, 0]]", "[[0, -1], [0, 0]]"), "clusters.spillovers"),
        ("schema = 1\n[clusters]\nspillovers = [[0]]\n", "clusters.technology"),
        (FIRMS + "trade_cost = [-1]", "firms.trade_cost"),
        (FIRMS + "trade_cost = []", "firms.trade_cost"),
        (FIRMS + "trade_cost = 1", "firms.trade_cost"),
        (FIRMS + "market_size = [0]", "firms.market_size"),
        (FIRMS + "trade_cost = [1]\nmodel = 'caliendo'", "firms.model"),
        (FIRMS + "[[firms.scenarios]]\ntrade_cost = 1", "firms.scenarios.name"),
        (FIRMS + "[[firms.scenarios]]\nname = 'a'\ntrade_cost = 'b'", "firms.scenarios.trade_cost"),
        (FIRMS + "[[firms.scenarios]]\nname = 'a'\ntrade_cost = [[1, 'b'], [2, 1]]", "firms.scenarios.trade_cost"),
        (FIRMS + "[[firms.scenarios]]\nname = 'a'\nchanges = [{ tariff = -1 }]", "firms.scenarios.changes.tariff"),
        (FIRMS + "trade_cost = [1]\n[firms.parameters]\nentry_cots = 1", "firms.parameters.entry_cots"),
        (FIRMS + "trade_cost = [1]\n[firms.parameters]\nentry_cost = ['a']", "firms.parameters.entry_cost"),
        (FIRMS + "trade_cost = [1]\n[firms.parameters]\ncountries = []", "firms.parameters.countries"),
        (PLANTS.replace('panel = "p.csv"\n', ""), "plants.panel"),
        (PLANTS.replace("employment", "employmnt") + 'weight = "l"', "plants.columns.employmnt"),
        (PLANTS + "industry_digits = 0", "plants.columns.industry_digits"),
        (PLANTS + "[plants.rules]\ninactive = 'gone'", "plants.rules.inactive"),
        (PLANTS + "[plants.rules]\nmissing_codes = [-99]", "plants.rules.missing_codes"),
        (PLANTS + "[plants.productivity]\nmeasure = 'tfp'", "plants.productivity.measure"),
        (PLANTS + "[plants.decompositions]\nmethods = []", "plants.decompositions.methods"),
        (PLANTS + "[plants.distribution]\nentrants = [[1990]]", "plants.distribution.entrants"),
        (PLANTS + "[plants.distribution]\nwidth = 0", "plants.distribution.width"),
        (PLANTS + "[plants.premia]\neffects = ['county']", "plants.premia.effects"),
        (PLANTS + "[plants.exit]\nhorizon = 0", "plants.exit.horizon"),
        (PLANTS + "[plants.instrument]\nabsorb = 'nothing'", "plants.instrument.instruments"),
        (PLANTS + "[plants.trade]\nfile = 't.csv'\nlevels = [4]", "plants.trade.levels"),
        (PLANTS + "[plants.trade]\nfile = 't.csv'\nlevels = [4, 0]", "plants.trade.levels"),
        ("schema = 1\n[growth]\n", "growth.mechanism"),
        ("schema = 1\n[growth]\nmechanism = 'samson'\n", "growth.mechanism"),
        (GROWTH + "variant = 1", "growth.variant"),
        (GROWTH + "times = []", "growth.times"),
        (GROWTH + "autarky = 1", "growth.autarky"),
        (GROWTH + "parameters = 1", "growth.parameters"),
        (GROWTH + "[growth.parameters]\ntrade_cots = 2", "growth.parameters.trade_cots"),
        (GROWTH + "[growth.parameters]\ntrade_cost = 'a'", "growth.parameters.trade_cost"),
        (GROWTH + "[growth.parameters]\nhome_share = 0.8", "growth.parameters.home_share"),
        (GROWTH + "[growth.counterfactual]\nhome_share = 'a'", "growth.counterfactual.home_share"),
        (GROWTH + "[growth.calibrate]\nhome_share = 1", "growth.calibrate.home_share"),
        (GROWTH + "[growth.sweep]\nvalues = [1, 2]", "growth.sweep.parameter"),
        (GROWTH + "[growth.sweep]\nparameter = 'labour'\nvalues = [1]", "growth.sweep.values"),
        (PARTIAL + "spillovers = [1, 2]", "growth.parameters.spillovers"),
        (PARTIAL + "rnd_cost = ['a', 1, 2]", "growth.parameters.rnd_cost"),
        (WORLD.replace("tariff", "tarif"), "world.shocks.variable"),
        (WORLD.replace("0.1", "'a'"), "world.shocks.size"),
        (WORLD.replace("0.1", "[]"), "world.shocks.size"),
        (WORLD.replace("0.1", "true"), "world.shocks.size"),
        (WORLD + "countries = ['']", "world.shocks.countries"),
        (WORLD + "stat = 2000", "world.shocks.stat"),
        ("schema = 1\n[world.shocks]\nsize = 1", "world.shocks"),
        (WORLD + "[world]\nbeyond = 0", "world.beyond"),
        (WORLD + "[world]\nshow_years = []", "world.show_years"),
        (WORLD + "[world.parameters]\ngrowth = 2", "world.parameters.growth"),
        (WORLD + "[world.parameters]\ngrowth = { US = 0.1 }", "world.parameters.growth"),
        (WORLD + "[world.parameters]\nrnd_ration = 0.1", "world.parameters.rnd_ration"),
        (WORLD + "[[world.scenarios]]\nshocks = []", "world.scenarios.name"),
    ],
)
def test_bad_studies_are_bad_at_the_same_key(text, key):
    assert problems(text) == {key}
    with pytest.raises(StudyError, match=f'key "{key}"'):
        parse_study(text)


def test_a_file_without_a_study_is_bad():
    assert problems("schema = 1") == {""}
    with pytest.raises(StudyError, match="no study in the file"):
        parse_study("schema = 1")


def test_every_key_says_what_it_is():
    schema = json_schema()
    tables = [schema, *schema["$defs"].values()]
    keys = {name: key for table in tables for name, key in table["properties"].items()}
    assert len(keys) > 30
    silent = [name for name, key in keys.items() if "description" not in key and "$ref" not in json.dumps(key)]
    assert silent == []
