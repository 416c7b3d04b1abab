"""What a parameter of a mechanism is, and the frozen dataclass that every mechanism's parameters derive from.

A mechanism declares each parameter once, with its default, symbol, meaning, unit, bounds and source; checks, documentation and
sweeps all read that one declaration.
"""

from __future__ import annotations

import copy
import dataclasses
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from tradewinds.errors import InputError, did_you_mean

__all__ = ["Definition", "GrowthParameters", "definitions", "parameter"]

Array = NDArray[np.float64]

_INTERVAL = re.compile(r"^([\[(])\s*(-?[\d.e+-]+|-inf)\s*,\s*(-?[\d.e+-]+|inf)\s*([\])])$")


@dataclass(frozen=True)
class Definition:
    """What a parameter is.

    Attributes
    ----------
    symbol, meaning, unit : str
        Symbol as in the equations of the mechanism.
    bounds : str
        An interval such as ``(1, inf)`` or ``[0, 1]``: square brackets include the end.
    default : float or tuple
        Value of the standard calibration.
    source : str
        Where the default comes from.
    axes : tuple of str
        Empty for a number; ``("country",)`` for one number a country, ``("source", "receiver")`` for a matrix of two countries.
    whole : bool
        Whether only whole numbers make sense.
    """

    symbol: str
    meaning: str
    unit: str
    bounds: str
    default: Any
    source: str
    axes: tuple[str, ...] = ()
    whole: bool = False

    def inside(self, values: Any) -> NDArray[np.bool_]:
        """Return where values lie within the bounds, element by element."""
        match = _INTERVAL.match(self.bounds)
        if match is None:
            raise InputError(f"bounds {self.bounds!r} are not an interval such as '(1, inf)' or '[0, 1]'")
        left, low, high, right = match.groups()
        array = np.asarray(values, dtype=float)
        above = array >= float(low) if left == "[" else array > float(low)
        below = array <= float(high) if right == "]" else array < float(high)
        return np.asarray(above & below & ((array == np.round(array)) | (not self.whole)))


def parameter(
    default: Any,
    *,
    symbol: str,
    meaning: str,
    unit: str,
    bounds: str,
    source: str,
    axes: tuple[str, ...] = (),
    whole: bool = False,
) -> Any:
    """Declare a field of a parameter class; see :class:`Definition`.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True, kw_only=True, eq=False)
    ... class Example(GrowthParameters):
    ...     discount_rate: float = parameter(
    ...         0.02, symbol="rho", meaning="discount rate", unit="a year", bounds="(0, inf)", source="an example"
    ...     )
    >>> Example(discount_rate=-1)
    Traceback (most recent call last):
        ...
    tradewinds.errors.InputError: discount_rate is -1.0; it must lie in (0, inf) (discount rate, a year). The default is 0.02.
    """
    definition = Definition(symbol, meaning, unit, bounds, default, source, axes, whole)
    return dataclasses.field(default=default, metadata={"definition": definition})


def definitions(parameters: type[GrowthParameters]) -> Mapping[str, Definition]:
    """Return the definition of every parameter of a class, by public name."""
    return {field.name: field.metadata["definition"] for field in dataclasses.fields(parameters)}


@dataclass(frozen=True, kw_only=True, eq=False)
class GrowthParameters:
    """Base of the parameters of a mechanism: frozen, checked when made, every field declared by :func:`parameter`."""

    def __post_init__(self) -> None:
        for name, definition in definitions(type(self)).items():
            object.__setattr__(self, name, _checked(name, getattr(self, name), definition))
        self.check()

    def check(self) -> None:
        """Check what concerns several parameters at once (shapes, tail indices); a mechanism overrides it."""

    def replace(self, **changes: Any) -> Self:
        """Return a copy with some parameters changed.

        Raises
        ------
        InputError
            If a name is unknown or a value out of bounds.
        """
        known = definitions(type(self))
        for name in changes:
            require_parameter(name, known)
        return dataclasses.replace(self, **changes)

    def spread(self, over: Mapping[str, Any]) -> tuple[Self, tuple[int, ...]]:
        """Return a copy whose fields hold arrays, one value a solve, and the shape of the batch.

        Parameters
        ----------
        over : mapping
            Parameter name -> array; axes of the batch first, then the axes of the parameter.

        Raises
        ------
        InputError
            If a name is unknown, a value out of bounds, or the batches do not broadcast.
        """
        known = definitions(type(self))
        arrays: dict[str, Array] = {}
        batches: list[tuple[int, ...]] = []
        for name, value in over.items():
            require_parameter(name, known)
            array = _numbers(name, value)
            if array.size == 0:
                raise InputError(f"{name} is empty; a sweep needs at least one value")
            own = len(known[name].axes)
            if array.ndim < own:
                raise InputError(
                    f"{name} has shape {array.shape}; a sweep needs the axes of the batch first, then {', '.join(known[name].axes)}"
                )
            _check_bounds(name, array, known[name])
            arrays[name] = array
            batches.append(array.shape[: array.ndim - own])
        try:
            shape = np.broadcast_shapes(*batches)
        except ValueError:
            raise InputError(
                f"the arrays of the sweep do not broadcast: {', '.join(f'{n} {b}' for n, b in zip(over, batches, strict=True))}"
            ) from None
        result = copy.copy(self)
        for (name, array), batch in zip(arrays.items(), batches, strict=True):
            object.__setattr__(result, name, np.broadcast_to(array, shape + array.shape[len(batch) :]))
        return result, shape

    def items(self) -> Mapping[str, Any]:
        """Return the parameters by public name."""
        return {name: getattr(self, name) for name in definitions(type(self))}


def require_parameter(name: str, known: Mapping[str, Definition]) -> None:
    """Raise InputError unless the mechanism has a parameter of this name."""
    if name not in known:
        raise InputError(f"there is no parameter {name!r}.{did_you_mean(name, known)} Parameters: {', '.join(known)}.")


def _numbers(name: str, value: Any) -> Array:
    if isinstance(value, bool | str):
        raise InputError(f"{name} is {value!r}; it must be a number")
    try:
        return np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise InputError(f"{name} is {value!r}; it must be a number, or a rectangle of numbers") from None
    except OverflowError:
        raise InputError(f"{name} is larger than any number that can be computed with") from None


def _check_bounds(name: str, array: Array, definition: Definition) -> None:
    bad = np.argwhere(~definition.inside(array))
    if len(bad):
        index = tuple(int(i) for i in bad[0])
        place = f"{name}[{', '.join(str(i) for i in index)}]" if index else name
        whole = " and be whole" if definition.whole else ""
        raise InputError(
            f"{place} is {array[index]}; it must lie in {definition.bounds}{whole} ({definition.meaning}, {definition.unit}). "
            f"The default is {definition.default}."
        )


def _checked(name: str, value: Any, definition: Definition) -> Any:
    """Return a float, or a read-only array with the axes of the definition."""
    array = _numbers(name, value)
    if array.ndim != len(definition.axes):
        wanted = f"an array over {', '.join(definition.axes)}" if definition.axes else "one number"
        raise InputError(f"{name} has shape {array.shape}; it must be {wanted} ({definition.meaning})")
    if array.size == 0:
        raise InputError(f"{name} is empty; it needs at least one {definition.axes[0]} ({definition.meaning})")
    _check_bounds(name, array, definition)
    if not definition.axes:
        number = float(array)
        return int(number) if definition.whole and math.isfinite(number) else number
    frozen = array.copy()
    frozen.setflags(write=False)
    return frozen
