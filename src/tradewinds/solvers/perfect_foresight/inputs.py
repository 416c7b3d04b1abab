"""What users hand in, read at the door: numbers, years, labelled values, and what a block of equations does."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import AlignmentError, InputError

__all__ = [
    "by_country",
    "call_block",
    "labelled",
    "numbers",
    "require_kind",
    "require_mapping",
    "require_settings",
    "several",
    "whole_years",
]

#: How a block is written.
BLOCK = "def block(now, lag, lead, exogenous, parameters), which returns {equation name: residual}"


def numbers(value: Any, what: str) -> NDArray[np.float64]:
    """Return a value as an array of real numbers.

    Raises
    ------
    InputError
        If it is text, complex or no number.
    """
    try:
        array = np.asarray(value)
        if np.iscomplexobj(array):
            raise TypeError
        return array.astype(float)
    except (TypeError, ValueError):
        raise InputError(f"{what} is {_short(value)}; expected numbers") from None


def labelled(value: Any, years: Sequence[int], countries: Sequence[str], what: str) -> Any:
    """Return values with labels as a DataArray in the order of years and countries; others as they are.

    Parameters
    ----------
    value : object
        An xarray DataArray over year, country or both, a pandas Series by year or country, a DataFrame of years by countries, or
        a mapping from countries.
    years, countries : sequence
    what : str
        For messages.

    Raises
    ------
    AlignmentError
        If a label is missing or named twice.
    """
    import pandas as pd
    import xarray

    if isinstance(value, pd.Series) and countries and {str(label) for label in value.index} == set(countries):
        value = value.to_dict() if value.index.is_unique else value
    if isinstance(value, pd.Series):
        value = xarray.DataArray(value.to_numpy(), {"year": value.index}, ("year",))
    elif isinstance(value, pd.DataFrame):
        value = xarray.DataArray(value.to_numpy(), {"year": value.index, "country": value.columns}, ("year", "country"))
    elif isinstance(value, Mapping):
        _same(value, countries, what)
        named = {str(country): number for country, number in value.items()}
        value = xarray.DataArray([named[country] for country in countries], {"country": list(countries)}, ("country",))
    if not isinstance(value, xarray.DataArray):
        return value
    foreign = [str(label) for label in value.dims if label not in ("year", "country")]
    if foreign:
        raise AlignmentError(f"{what} has the dimension {foreign[0]}; expected year, country, or both")
    for label, wanted in (("year", years), ("country", countries)):
        if label in value.dims and label in value.coords:
            found = value[label].values.tolist()
            lacking = [str(item) for item in wanted if item not in found]
            if lacking or len(set(found)) != len(found):
                raise AlignmentError(
                    f"{what} " + (f"lacks {label} {lacking[0]}" if lacking else f"names a {label} twice")
                )
            value = value.sel({label: list(wanted)})
    return value.transpose(*(label for label in ("year", "country") if label in value.dims))


def by_country(value: Any, countries: Sequence[str], what: str) -> NDArray[np.float64]:
    """Return one number, one a country or one a pair of countries as an array, by labels where it has any.

    Raises
    ------
    AlignmentError
        If a label is missing, unknown or named twice.
    InputError
        If it holds no numbers.
    """
    import pandas as pd
    import xarray

    if isinstance(value, xarray.DataArray) and value.ndim == 2 and "year" not in value.dims:
        value = value.to_pandas()  # pairs of countries, whatever the dimensions are called
    if isinstance(value, pd.DataFrame):
        _same(value.index, countries, what)
        _same(value.columns, countries, what)
        value = value.rename(index=str, columns=str).loc[list(countries), list(countries)].to_numpy()
    elif isinstance(value, Mapping | pd.Series):
        _same(value.keys(), countries, what)
        named = {str(country): number for country, number in value.items()}
        value = [named[country] for country in countries]
    else:
        if "year" in getattr(value, "dims", ()):
            raise AlignmentError(f"{what} is given by year; give one number, or one a country")
        value = labelled(value, (), countries, what)
    return numbers(value, what)


def _same(found: Iterable[Any], countries: Sequence[str], what: str) -> None:
    """Raise unless labels are the countries, each once."""
    names = [str(country) for country in found]
    lacking, extra = sorted(set(countries) - set(names)), sorted(set(names) - set(countries))
    if lacking or extra or len(set(names)) != len(names):
        parts = [f"lacks {', '.join(lacking)}"] if lacking else []
        parts += [f"names {', '.join(extra)}, which the model lacks"] if extra else []
        raise AlignmentError(f"{what} {' and '.join(parts) or 'names a country twice'}")


def whole_years(years: Iterable[Any]) -> tuple[int, ...]:
    """Return years as whole numbers.

    Raises
    ------
    InputError
        If they are no sequence, or one is a date, text or a fraction.
    """
    if not isinstance(years, Iterable) or isinstance(years, str):
        raise InputError(f"years are {_short(years)}; give whole numbers in a row, such as range(2025, 2101)")
    found = []
    for year in years:
        try:
            whole = int(year)
            if whole != float(year) or isinstance(year, str | bool):
                raise ValueError
        except (TypeError, ValueError, OverflowError):
            raise InputError(f"year {_short(year)} is no whole number; label years by numbers such as 2025") from None
        found.append(whole)
    return tuple(found)


def require_kind(items: Any, kind: type | tuple[type, ...], what: str) -> tuple[Any, ...]:
    """Return the items of a sequence, or of a generator, that are all of a kind.

    Raises
    ------
    InputError
        If it is one item and no sequence, or one of them is of another kind.
    """
    kinds = kind if isinstance(kind, tuple) else (kind,)
    name = " or ".join(one.__name__ for one in kinds)
    if isinstance(items, (str, Mapping, *kinds)) or not isinstance(items, Iterable):
        raise InputError(f"{what} must be a sequence of {name}, such as [{name}(...)], got {_short(items)}")
    found = tuple(items)
    for item in found:
        if not isinstance(item, kinds):
            raise InputError(f"{what} must be a sequence of {name}; one of them is {_short(item)}")
    return found


def require_mapping(value: Any, what: str) -> Mapping[str, Any]:
    """Return values by name, none where nothing is given, or raise if they have no names."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise InputError(f"{what} is a {type(value).__name__}; give values by name: {{name: value}}")
    return value


def require_settings(tolerance: Any, max_iterations: Any) -> None:
    """Raise unless a tolerance and a limit of iterations can be used."""
    if not isinstance(tolerance, Real) or not 0 < float(tolerance) < 1:
        raise InputError(f"tolerance is {_short(tolerance)}; it must be a positive number such as 1e-10, and below one")
    if not isinstance(max_iterations, Integral) or max_iterations < 0:
        raise InputError(f"max_iterations is {_short(max_iterations)}; it must be a whole number such as 30")


def several(names: Any, what: str) -> tuple[str, ...]:
    """Return one name or several as a tuple.

    Raises
    ------
    InputError
        If it is neither a text nor a sequence of texts.
    """
    if isinstance(names, str):
        return (names,)
    if not isinstance(names, Iterable):
        raise InputError(f"{what}: {_short(names)} is no name; give one name, or several")
    return tuple(map(str, names))


def call_block(block: Callable[..., Any], *arguments: Any) -> Mapping[str, Any]:
    """Return the residuals of a block of equations, or raise saying what is wrong with how it is written."""
    from jax.errors import JAXTypeError

    name = str(getattr(block, "__name__", block))
    _check_signature(block, name, len(arguments))
    try:
        residuals = block(*arguments)
    except JAXTypeError as error:
        raise InputError(
            f"block {name} needs the number behind a variable, and equations are formulas: "
            "use jax.numpy instead of numpy or math (jnp.log, jnp.exp, jnp.sum), and jnp.where instead of if"
        ) from error
    if not isinstance(residuals, Mapping):
        raise InputError(f"block {name} returns {type(residuals).__name__}, expected a dict of residuals")
    for equation, residual in residuals.items():
        if not isinstance(equation, str) or not equation:
            raise InputError(f"block {name} names an equation {equation!r}; names are text")
        if not hasattr(residual, "shape") and not isinstance(residual, int | float):
            kind = type(residual).__name__
            raise InputError(
                f"equation {equation!r} in block {name} is a {kind}; expected a number or array, such as now.x - lag.x"
            )
    return residuals


def _check_signature(block: Any, name: str, count: int) -> None:
    if not callable(block):
        raise InputError(f"a block of equations is {_short(block)}; write it as {BLOCK}")
    try:
        inspect.signature(block).bind(*range(count))
    except TypeError:
        raise InputError(f"block {name} does not take the five arguments of a block; write it as {BLOCK}") from None
    except ValueError:
        pass  # some callables do not tell


def _short(value: Any, longest: int = 80) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype}"
    text = repr(value)
    return text if len(text) <= longest and "\n" not in text else f"a {type(value).__name__}"
