"""Plants on disk give the numbers and the errors of plants in memory."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from plants_twin import draw

from tradewinds.errors import DataError, InputError
from tradewinds.firms.measurement import (
    METHODS,
    decompose,
    decompose_years,
    olley_pakes,
    open_plants,
    pair_moments,
    read_plants,
)

duckdb = pytest.importorskip("duckdb")


def big(plants: int = 300) -> pd.DataFrame:
    """A panel with everything in it: returns, gaps, plants that stop, export status."""
    frame = draw(1, plants=plants, years=5)
    random = np.random.default_rng(0)
    frame.loc[random.random(len(frame)) < 0.03, "productivity"] = np.nan
    idle = random.random(len(frame)) < 0.03
    frame.loc[idle, "exporter"] = -1
    frame.loc[random.random(len(frame)) < 0.02, "industry"] = ""
    return frame


def write(frame: pd.DataFrame, path) -> None:
    if path.suffix == ".csv":
        frame.to_csv(path, index=False)
    else:
        with duckdb.connect() as connection:
            connection.register("frame", frame)
            connection.execute(f"COPY frame TO '{path}' (FORMAT parquet)")


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
@pytest.mark.parametrize("missing", ["drop-row", "drop-plant"])
@pytest.mark.parametrize("exporter", ["exporter", None])
def test_numbers_are_those_in_memory(tmp_path, ending, missing, exporter):
    frame = big()
    if exporter is None:
        frame = frame[frame["exporter"] >= 0]
    path = tmp_path / f"plants{ending}"
    write(frame, path)
    options = {"exporter": exporter, "missing": missing, "inactive": "absent"}
    panel = read_plants(frame, **options)
    with open_plants(path, threads=2, **options) as store:
        assert store.years == panel.years
        assert store.notes == panel.notes
        for first, last in ((1990, 1994), (1991, 1993)):
            for reentry in ("count", "leave-out"):
                here, there = (pair_moments(plants, first, last, reentry=reentry) for plants in (panel, store))
                pd.testing.assert_frame_equal(here.cells, there.cells, rtol=0, atol=1e-11, check_dtype=False)
                assert here.counts == there.counts and here.notes == there.notes
        for method in METHODS:
            here, there = (decompose(plants, 1991, 1993, method=method) for plants in (panel, store))
            assert there.components == pytest.approx(dict(here.components), abs=1e-12)
            assert there.from_industries == pytest.approx(dict(here.from_industries), abs=1e-12)
        for name in ("years", "industries", "exporting", "groups"):
            here, there = getattr(olley_pakes(panel), name), getattr(olley_pakes(store), name)
            pd.testing.assert_frame_equal(here, there, rtol=0, atol=1e-12, check_dtype=False)
        if exporter is None:
            pd.testing.assert_frame_equal(decompose_years(panel), decompose_years(store), atol=1e-12)


def test_text_codes_other_names_and_several_files(tmp_path):
    frame = draw(2).rename(columns={"plant": "the plant", "weight": "Workers"})
    frame["the plant"] = "p" + frame["the plant"].astype(str)
    halves = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for half, path in zip((frame[:50], frame[50:]), halves, strict=True):
        half.to_csv(path, index=False)
    names = {"plant": "the plant", "weight": "Workers"}
    with open_plants(halves, **names) as store:
        assert store.source == "a.csv and 1 more"
        there = decompose(store, 1990, 1992).components
    here = decompose(read_plants(frame, **names), 1990, 1992).components
    assert there == pytest.approx(here, abs=1e-12)


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weight": [1.0, -2.0, 1.0, 1.0]}, r"1 rows have a negative weight: rows 2"),
        ({"plant": [1, 1, 1, 2]}, r"plant 1 has 2 rows in 1: rows 1, 2; a plant has one row a year"),
        ({"productivity": [1.0, None, 1.0, 1.0]}, r"1 rows lack productivity.*: rows 2"),
        ({"productivity": [1.0, np.inf, 1.0, 1.0]}, r"1 rows have an infinite weight or productivity: rows 2"),
        ({"industry": ["a", " ", "a", "a"]}, r"1 rows lack .*industry.*: rows 2"),
        ({"exporter": [1, 0, 2, 0]}, r"1 rows have an export status that is not 0, 1 or -1: rows 3"),
        ({"exporter": [1, -1, 1, 0]}, r"did not operate .*: rows 2"),
    ],
)
def test_bad_rows_are_named(tmp_path, ending, change, message):
    frame = {
        "plant": [1, 2, 1, 2],
        "year": [1, 1, 2, 2],
        "industry": ["a"] * 4,
        "productivity": [1.0, 2.0, 1.0, 2.0],
        "weight": [1.0, 1.0, 1.0, 1.0],
        "exporter": [0, 0, 0, 0],
    }
    path = tmp_path / f"plants{ending}"
    write(pd.DataFrame(frame | change), path)
    with pytest.raises(DataError, match=message):
        open_plants(path, exporter="exporter")


def test_panels_of_more_years_than_bits(tmp_path):
    late = draw(3)
    frame = pd.concat([draw(3), late.assign(year=late["year"] + 100)])
    path = tmp_path / "plants.csv"
    frame.to_csv(path, index=False)
    with open_plants(path) as store:
        for first, last in ((1990, 2092), (1991, 1992), (2091, 2093)):
            here, there = (pair_moments(plants, first, last) for plants in (read_plants(frame), store))
            pd.testing.assert_frame_equal(here.cells, there.cells, rtol=0, atol=1e-11, check_dtype=False)
            assert here.counts == there.counts
    pd.concat([frame, frame[:1]]).to_csv(path, index=False)
    with pytest.raises(DataError, match=f"has 2 rows in {frame['year'].iloc[0]}: rows 1, {len(frame) + 1};"):
        open_plants(path)


def test_files_that_cannot_be_used(tmp_path):
    with pytest.raises(InputError, match="there is no file"):
        open_plants(tmp_path / "none.csv")
    other = tmp_path / "plants.xlsx"
    other.write_text("x")
    with pytest.raises(InputError, match=r"must all be CSV .* got \['plants.xlsx'\]"):
        open_plants(other)
    path = tmp_path / "plants.csv"
    draw(1).to_csv(path, index=False)
    with pytest.raises(InputError, match="no column 'wieght'\\. Did you mean \"weight\""):
        open_plants(path, weight="wieght")
    with pytest.raises(InputError, match="memory_limit is 'much'"):
        open_plants(path, memory_limit="much")
    with pytest.raises(InputError, match="threads is 0"):
        open_plants(path, threads=0)
    path.write_text("plant,year,industry,productivity,weight\n1,1990,31,high,10\n")
    with pytest.raises(DataError, match=r"a cell cannot be read as what its column holds: .*high"):
        open_plants(path)


@pytest.mark.parametrize("small", [0, 2**20])
def test_tables_in_memory_and_on_disk_are_the_same(tmp_path, monkeypatch, small):
    monkeypatch.setattr("tradewinds.firms.measurement.store.SMALL_FILES", small)
    path, folder = tmp_path / "plants.csv", tmp_path / "spill"
    folder.mkdir()
    draw(1).to_csv(path, index=False)
    with open_plants(path, temporary=folder) as store:
        found = decompose(store, 1990, 1992).components
        assert any(folder.rglob("plants.duckdb")) == (small == 0)
    assert found == pytest.approx(dict(decompose(read_plants(draw(1)), 1990, 1992).components), abs=1e-12)


def test_closing_removes_the_temporary_folder(tmp_path):
    path, folder = tmp_path / "plants.csv", tmp_path / "spill"
    folder.mkdir()
    draw(1).to_csv(path, index=False)
    with open_plants(path, temporary=folder):
        assert any(folder.iterdir())
    assert not any(folder.iterdir())
    path.write_text("plant,year,industry,productivity,weight\n1,1990,31,1.0,-10\n")
    with pytest.raises(DataError):
        open_plants(path, temporary=folder)
    assert not any(folder.iterdir())
