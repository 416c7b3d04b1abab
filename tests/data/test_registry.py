"""Bundled data are what was typed, carry their source, and agree with an independent typing of the same tables."""

from __future__ import annotations

import hashlib
import importlib.resources
from pathlib import Path

import pandas as pd
import pytest

from tradewinds.citations import cite
from tradewinds.data import checksum, dataset, datasets, keller_tables, load_frame, registry
from tradewinds.errors import DataError, InputError

SHARED = Path(__file__).parents[3] / "shared" / "data"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is not here")


@pytest.mark.parametrize("entry", datasets(), ids=lambda entry: entry.name)
def test_every_dataset_states_source_unit_licence_and_loads(entry):
    assert entry.source and entry.unit and entry.licence and entry.title
    assert cite(*entry.citation_keys)
    frame = load_frame(entry.name)
    assert len(frame) and not frame.columns.duplicated().any()
    labels = [label for label, _ in entry.describe()]
    assert labels[:4] == ["name", "kind", "title", "source"]
    assert ("sha256" in labels) == (entry.kind == "table")


def test_checksums_are_those_of_the_files():
    for entry in datasets():
        if entry.file:
            content = importlib.resources.files("tradewinds.data").joinpath("bundled", entry.file).read_bytes()
            assert hashlib.sha256(content).hexdigest() == checksum(entry.name)


def test_a_changed_file_is_refused(monkeypatch):
    wrong = {**registry._registry()}
    name = "keller1997-depreciation"
    wrong[name] = type(wrong[name])(**{**vars(wrong[name]), "sha256": "0" * 64})
    monkeypatch.setattr(registry, "_registry", lambda: wrong)
    with pytest.raises(DataError, match="checksum"):
        load_frame(name)


def test_unknown_dataset_names_the_nearest():
    with pytest.raises(InputError, match='Did you mean "keller1997-estimates"'):
        dataset("keller1997-estimate")


@needs_shared
@pytest.mark.realdata
def test_imports_agree_with_an_independent_typing():
    theirs = pd.read_csv(SHARED / "keller1997_tables_A1_A6.csv", dtype={"isic": str})
    ours = load_frame("keller1997-machinery-imports")
    both = theirs.merge(ours, on=["table", "exporter", "importer"], validate="one_to_one")
    assert len(both) == 336
    assert (both["imports_1000usd"] == both["imports"]).all()
    assert (both["isic_x"] == both["isic_y"]).all() and (both["sector_no_in_text"] == both["sector"]).all()
    weights = keller_tables.keller_import_weights()
    for row in theirs.itertuples():
        value = weights.values[
            weights.countries.index(row.importer),
            weights.countries.index(row.exporter),
            weights.industries.index(row.isic),
        ]
        assert value == pytest.approx(row.bilateral_share, abs=1e-7)


@needs_shared
@pytest.mark.realdata
def test_estimates_agree_with_an_independent_typing():
    theirs = pd.read_csv(SHARED / "keller1997_tables_1_5_A7_A8.csv")
    ours = load_frame("keller1997-estimates")
    compared = 0
    for row in theirs[theirs["table"].isin(["1", "2", "3"]) & (theirs["country"] != "ALL")].itertuples():
        equation = row.column.split()[0]
        cells = ours[(ours["table"] == row.table) & (ours["equation"] == equation) & (ours["term"] == row.country)]
        values = cells.set_index("variable")["value"]
        expected = ("mc_mean", "mc_sd") if "mc" in row.column else ("estimate", "std_error")
        assert tuple(values[name] for name in expected) == (row.value, row.se_or_sd)
        compared += 1
    assert compared == 8 * 10
    both = ours[(ours["table"] == "5") & (ours["equation"] == "5.2")]
    for part, name in (("general", "5.2 betaI"), ("trade", "5.2 betaII")):
        mine = both[(both["weights"] == part) & (both["variable"] == "estimate")].set_index("term")["value"]
        table = theirs[theirs["column"] == name].set_index("country")["value"]
        assert mine.to_dict() == table.to_dict()


@needs_shared
@pytest.mark.realdata
def test_moments_and_rates_agree_with_an_independent_typing():
    theirs = pd.read_csv(SHARED / "keller1997_tables_1_5_A7_A8.csv")
    for table, moments in (("A-7", keller_tables.rnd_stock_moments()), ("A-8", keller_tables.tfp_growth_moments())):
        rows = theirs[theirs["table"] == table]
        for row in rows.itertuples():
            industry = row.column.removeprefix("by industry ") if row.column.startswith("by industry") else None
            found = moments.industry[industry] if industry else moments.country[row.country]
            assert found == (row.value, row.se_or_sd)
    rates = theirs[theirs["table"] == "C.1"].set_index("country")["value"]
    assert keller_tables.keller_capital_depreciation() == pytest.approx(rates.to_dict())
