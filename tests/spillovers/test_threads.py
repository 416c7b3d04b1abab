"""Linear algebra of this room runs on one thread, and leaves the number of threads as it found it."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from tradewinds.errors import InputError
from tradewinds.spillovers import Specification, analyse, estimate, moments, regression, size_and_power
from tradewinds.spillovers.threads import one_blas_thread


def threads() -> set[int]:
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


@pytest.fixture
def before() -> set[int]:
    found = threads()
    if found == {1}:
        pytest.skip("linear algebra has one thread here anyway")
    return found


def test_nested_use_restores_what_the_outermost_found(before):
    with one_blas_thread():
        assert threads() == {1}
        with one_blas_thread():
            assert threads() == {1}
        assert threads() == {1}
    assert threads() == before


def test_an_error_inside_restores_too(before, random_panel):
    with pytest.raises(InputError):
        estimate(random_panel, weights="random")
    assert threads() == before


@pytest.mark.parametrize("worker_leaves_first", [True, False])
def test_threads_come_and_go_in_any_order(before, worker_leaves_first):
    entered, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with one_blas_thread():
            entered.set()
            leave.wait(10)

    worker = threading.Thread(target=hold)
    worker.start()
    assert entered.wait(10)
    with one_blas_thread():
        assert threads() == {1}
        if worker_leaves_first:
            leave.set()
            worker.join(10)
    leave.set()
    worker.join(10)
    assert threads() == before


def test_entry_points_hold_the_limit_around_all_their_work(before, random_panel, monkeypatch):
    """Every factorisation below them sees one thread, those outside the batched fits too."""
    seen: list[set[int]] = []
    plain = np.linalg.qr

    def watched(array):
        seen.append(threads())
        return plain(array)

    monkeypatch.setattr(regression.np.linalg, "qr", watched)
    monkeypatch.setattr(moments.np.linalg, "qr", watched)
    analyse(random_panel, draws=3)
    analyse(random_panel, Specification(foreign_rnd="coe-helpman"), draws=3)
    size_and_power(random_panel, trade_multiples=(0.0,), simulations=2, draws=19)
    assert len(seen) > 10 and all(count == {1} for count in seen)
    assert threads() == before
