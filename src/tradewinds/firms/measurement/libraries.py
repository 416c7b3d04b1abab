"""Estimation by kept libraries: loaded when used, and their warnings about their own future kept from the user."""

from __future__ import annotations

import contextlib
import importlib
import warnings
from collections.abc import Iterator
from typing import Any

from tradewinds.errors import MissingDependencyError

__all__ = ["need", "quietly"]


def need(library: str) -> Any:
    """Return a library, or raise :class:`MissingDependencyError` naming the extra that brings it."""
    try:
        with quietly():
            return importlib.import_module(library)
    except ImportError:
        name = library.split(".")[0]
        raise MissingDependencyError(f'this estimate needs {name}: pip install "tradewinds[plants]"') from None


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Leave out warnings of deprecated calls inside a library, and of singletons dropped, which results count."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", FutureWarning)
        warnings.filterwarnings("ignore", message=".*singleton.*", category=UserWarning)
        yield
