"""One thread for linear algebra: these matrices are small, and more threads only wait for each other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from threadpoolctl import threadpool_limits

__all__ = ["one_blas_thread"]

_held = Lock()


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Run the body, or as a decorator the function, with one BLAS thread.

    Finding the libraries takes a millisecond, so only the outermost of nested calls does it. The limit is one for the whole
    process: who set it restores it, and whoever comes meanwhile, from another thread too, leaves it alone.
    """
    if not _held.acquire(blocking=False):
        yield
        return
    try:
        with threadpool_limits(limits=1, user_api="blas"):
            yield
    finally:
        _held.release()
