"""Compiled functions are kept between processes, never mistaken for one another, and never in the way."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path

import numpy as np
import pytest
from growth_model import growth_model, steady_baseline

from tradewinds.errors import CompilationCacheWarning
from tradewinds.solvers.perfect_foresight import Shock, cache, simulate
from tradewinds.solvers.perfect_foresight.cache import Kept, cache_folder
from tradewinds.solvers.perfect_foresight.stacked import PERIODS, Stacked

POINT = np.array([1.0, 2.0, 3.0])

RUN = """
import json, sys
from pathlib import Path
import jax
compilations = []
jax.monitoring.register_event_duration_secs_listener(
    lambda event, seconds, **rest: compilations.append(rest.get("fun_name", "")) if "backend_compile" in event else None
)
before = dict(jax.config.values)
from growth_model import growth_model, steady_baseline
from tradewinds.solvers.perfect_foresight import Shock, simulate
model = growth_model()
done = simulate(model, steady_baseline(model), [Shock("tfp", 0.1, 2002)])
changed = sorted(name for name, value in jax.config.values.items() if before.get(name) != value)
output = done.databank["output"].values.tolist()
print(json.dumps({"compilations": len(compilations), "changed": changed, "output": output}))
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("TRADEWINDS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "_warned", threading.Event())
    return tmp_path / "cache" / "compiled"


@pytest.fixture
def told(monkeypatch):
    """What the cache says it does: ``reused`` or ``compiled``, in order."""
    said = []
    monkeypatch.setattr(cache._log, "debug", lambda text, *rest: said.append((text % rest).split(": ")[-1].split()[0]))
    return said


def started(code, where, **environment):
    settings = os.environ | {"TRADEWINDS_CACHE": str(where), "PYTHONPATH": str(Path(__file__).parent)} | environment
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=settings,
    )


def ended(process):
    import json

    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    assert not err, err
    return json.loads(out)


def files(folder):
    return {file.name: file.stat().st_ino for file in folder.iterdir()} if folder.is_dir() else {}


def test_a_second_process_compiles_less_and_writes_nothing(tmp_path):
    first = ended(started(RUN, tmp_path))
    kept = files(tmp_path / "compiled")
    second = ended(started(RUN, tmp_path))
    assert sorted(name.split("-")[0] for name in kept) == ["derivatives", "residuals"]
    assert files(tmp_path / "compiled") == kept
    assert second["compilations"] == first["compilations"] - 2
    assert second["output"] == first["output"]


def test_jax_keeps_its_own_settings_but_for_64_bits(tmp_path):
    assert ended(started(RUN, tmp_path))["changed"] == ["jax_enable_x64"]


def test_two_processes_at_once(tmp_path):
    together = [ended(process) for process in [started(RUN, tmp_path), started(RUN, tmp_path)]]
    assert together[0]["output"] == together[1]["output"]
    assert sorted(name.split("-")[0] for name in files(tmp_path / "compiled")) == ["derivatives", "residuals"]


def test_switched_off_it_writes_nothing(folder, told, monkeypatch):
    monkeypatch.setenv("TRADEWINDS_CACHE", "off")
    assert cache_folder() is None
    assert np.asarray(Kept(lambda x: 2 * x, "double")(POINT)).tolist() == [2.0, 4.0, 6.0]
    assert not told
    assert not folder.exists()


def test_where_it_is(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    monkeypatch.setenv("TRADEWINDS_CACHE", "")
    assert cache_folder() == tmp_path / ".cache" / "tradewinds" / "compiled"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "shared"))
    assert cache_folder() == tmp_path / "shared" / "tradewinds" / "compiled"
    monkeypatch.setenv("TRADEWINDS_CACHE", "~/mine")
    assert cache_folder() == tmp_path / "mine" / "compiled"


def test_programs_that_differ_in_a_constant_or_an_option_are_not_mistaken(folder, told, monkeypatch):
    """The constant is a large array, which short forms of a program leave out."""
    matrix = np.random.default_rng(0).normal(size=(80, 80))
    other = matrix.copy()
    other[40, 40] += 1e-9
    vector = np.ones(80)
    for constant in (matrix, other):
        found = np.asarray(Kept(lambda x, constant=constant: constant @ x, "product")(vector))
        np.testing.assert_allclose(found, constant @ vector, rtol=1e-13)
    assert told == ["compiled", "compiled"]
    monkeypatch.setenv("XLA_FLAGS", "--xla_cpu_enable_fast_math=false")
    Kept(lambda x: matrix @ x, "product")(vector)
    assert told[2:] == ["compiled"]
    monkeypatch.delenv("XLA_FLAGS")
    Kept(lambda x: matrix @ x, "product")(vector)
    assert told[3:] == ["reused"]


def test_each_shape_is_compiled_once(folder, told):
    function = Kept(lambda x, given: x.sum() + given["b"], "sum")
    for size in (2, 3, 2, 3):
        assert float(function(np.ones(size), {"b": np.array(1.0)})) == size + 1
    assert told == ["compiled", "compiled"]


@pytest.mark.parametrize("damage", ["cut", "one byte", "empty", "other bytes", "valid checksum"])
def test_a_damaged_entry_is_compiled_again_and_replaced(folder, told, damage):
    import hashlib

    Kept(lambda x: 2 * x, "double")(POINT)
    [file] = folder.iterdir()
    whole = file.read_bytes()
    junk = b"not a program"
    file.write_bytes(
        {
            "cut": whole[: len(whole) // 2],
            "one byte": whole[:-1] + bytes([whole[-1] ^ 1]),
            "empty": b"",
            "other bytes": junk,
            "valid checksum": hashlib.sha256(junk).digest() + junk,
        }[damage]
    )
    assert np.asarray(Kept(lambda x: 2 * x, "double")(POINT)).tolist() == [2.0, 4.0, 6.0]
    assert told[-1] == "compiled"
    told.clear()
    Kept(lambda x: 2 * x, "double")(POINT)
    assert told == ["reused"]


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="files have no owner here")
def test_entries_of_another_user_are_not_loaded(folder, told, monkeypatch):
    Kept(lambda x: 2 * x, "double")(POINT)
    mine = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: mine + 1)
    Kept(lambda x: 2 * x, "double")(POINT)
    assert told == ["compiled", "compiled"]
    assert folder.stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_written_warns_once(folder):
    folder.parent.parent.mkdir(exist_ok=True)
    folder.parent.write_text("a file where a folder should be", encoding="utf-8")
    with pytest.warns(CompilationCacheWarning, match="Set TRADEWINDS_CACHE to a folder that can be written, or to off"):
        assert np.asarray(Kept(lambda x: 2 * x, "double")(POINT)).tolist() == [2.0, 4.0, 6.0]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.asarray(Kept(lambda x: 3 * x, "triple")(POINT)).tolist() == [3.0, 6.0, 9.0]


def test_a_full_disk_leaves_nothing_half_written(folder, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.warns(CompilationCacheWarning, match="No space left on device"):
        Kept(lambda x: 2 * x, "double")(POINT)
    assert files(folder) == {}


def test_it_is_bounded_and_forgets_what_is_not_used(folder, monkeypatch):
    functions = {name: Kept(lambda x, k=k: k * x, name) for k, name in enumerate(("first", "second", "third"), 2)}
    functions["first"](POINT)
    functions["second"](POINT)
    [first], [second] = folder.glob("first-*"), folder.glob("second-*")
    (folder / "writing-abandoned").write_bytes(b"")
    (folder / "writing-now").write_bytes(b"")
    (folder / "of-somebody-else").write_bytes(b"")
    long_ago = time.time() - 10 * cache.ABANDONED
    for file in (first, folder / "writing-abandoned", folder / "of-somebody-else"):
        os.utime(file, (long_ago, long_ago))
    os.utime(second, (long_ago - 1, long_ago - 1))
    Kept(lambda x: 3 * x, "second")(POINT)  # used again: the first is now the one not used for longest
    monkeypatch.setattr(cache, "LARGEST", int(2.5 * first.stat().st_size))
    functions["third"](POINT)
    assert sorted(name.split("-")[0] for name in files(folder)) == ["of", "second", "third", "writing"]
    assert not (folder / "writing-abandoned").exists()


def test_threads_share_one_compilation(folder, told):
    function, found = Kept(lambda x: 2 * x, "double"), []
    threads = [threading.Thread(target=lambda: found.append(np.asarray(function(POINT)).tolist())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[2.0, 4.0, 6.0]] * 4
    assert told == ["compiled"]


def test_every_horizon_and_date_of_news_uses_the_same_function(folder, told):
    model = growth_model()
    for last in (2010, 2032, 2033, 2090):
        baseline = steady_baseline(model, range(2000, last + 1))
        simulate(model, baseline, [Shock("tfp", 0.01, 2003), Shock("tfp", 0.02, 2006, announced=2005)])
    assert told == ["compiled", "compiled"]


@pytest.mark.parametrize("periods", [1, PERIODS - 1, PERIODS, PERIODS + 1, 2 * PERIODS + 5])
def test_periods_taken_in_blocks_are_those_of_each_period(periods):
    model, rng = growth_model(), np.random.default_rng(periods)
    stacked, constants = Stacked(model), model.read_parameters()
    path = rng.uniform(0.5, 2.0, (periods + 2, model.size))
    given = rng.uniform(0.5, 2.0, (periods + 2, model.exogenous_size))
    add = rng.normal(size=(periods, model.size))
    values, data = stacked.derivatives(path, given, add, constants)
    assert data.shape == (periods, stacked.pattern.rows.size)
    np.testing.assert_allclose(values, stacked.residuals(path, given, add, constants), rtol=1e-12, atol=1e-12)
    for t in range(periods):
        alone = model.residuals(path[t], path[t + 1], path[t + 2], given[t : t + 3], constants) + add[t]
        np.testing.assert_allclose(values[t], alone, rtol=1e-12, atol=1e-12)
