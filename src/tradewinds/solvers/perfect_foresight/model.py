"""A model as its author writes it: variables with meanings and blocks of equations in ``now, lag, lead``.

A block is a plain function. It reads variables of this period, the one before and the one after by name, exogenous variables and
parameters likewise, and returns ``{equation name: residual}``, zero at a solution::

    def accumulation(now, lag, lead, exogenous, parameters):
        return {"capital": now.capital - (1 - parameters.depreciation) * lag.capital - now.investment}

Country variables are arrays over countries, global ones are numbers, so one line is an equation of every country. Derivatives are
exact and come from JAX: who changes an equation changes one line and no Jacobian. Every equation has an add factor, a term that
is added to its residual; with it any databank is reproduced exactly.
"""

from __future__ import annotations

import functools
import keyword
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewinds.errors import InputError, did_you_mean, require_option
from tradewinds.labels import require_unique
from tradewinds.solvers.perfect_foresight.inputs import (
    by_country,
    call_block,
    numbers,
    require_kind,
    require_mapping,
    several,
)
from tradewinds.solvers.perfect_foresight.namespaces import Exogenous, Namespace

__all__ = ["Block", "Model", "Parameter", "Variable", "longer", "require_model"]

Dimension = Literal["country", "global"]
Block = Callable[..., Mapping[str, Any]]

#: Names that mean something else where variables are read.
RESERVED = {
    "lag": "values of last period",
    "lead": "values of next period",
    "year": "the years of a databank",
    "country": "the countries of a databank",
}


@dataclass(frozen=True)
class Variable:
    """A variable that the model determines, or that is given to it.

    Attributes
    ----------
    name : str
        As blocks read it.
    meaning : str
        A sentence for tables and messages.
    unit : str
    dimension : {"country", "global"}
        One value a country, or one for the world.
    """

    name: str
    meaning: str
    unit: str = ""
    dimension: Dimension = "country"


@dataclass(frozen=True)
class Parameter:
    """A constant of the model.

    Attributes
    ----------
    name, meaning, unit, source : str
    default : float or sequence of float
        One number, one a country, or a matrix over pairs of countries.
    bounds : tuple of float
        Smallest and largest value that makes sense; both are refused themselves.
    pairs : bool
        A matrix, one row and one column a country, such as trade shares.
    """

    name: str
    default: float | tuple[float, ...] | tuple[tuple[float, ...], ...]
    meaning: str
    bounds: tuple[float, float] = (-float("inf"), float("inf"))
    unit: str = ""
    source: str = ""
    pairs: bool = False

    def read(self, value: ArrayLike, countries: Sequence[str]) -> NDArray[np.float64]:
        """Return a value as an array of shape () or (V,), (V, V) if over pairs, or raise naming what is wrong with it."""
        array = by_country(value, countries, f"parameter {self.name}")
        count = len(countries)
        if array.shape not in (((count, count),) if self.pairs else ((), (count,))):
            wanted = f"a {count} x {count} matrix over" if self.pairs else "one number, or one for each of"
            raise InputError(f"parameter {self.name} has shape {array.shape}; give {wanted} {', '.join(countries)}")
        low, high = self._limits()
        bad = np.argwhere(~(np.isfinite(array) & (array > low) & (array < high)))
        if len(bad):
            where = f"[{', '.join(countries[k] for k in bad[0])}]" if array.ndim else ""
            found, allowed = array[tuple(bad[0])], f"between {low:g} and {high:g}, ends excluded"
            raise InputError(f"parameter {self.name}{where} is {found:g}; it must lie {allowed} ({self.meaning})")
        return array

    def _limits(self) -> tuple[float, float]:
        limits = numbers(self.bounds, f"bounds of parameter {self.name}")
        if limits.shape != (2,) or not limits[0] < limits[1]:
            raise InputError(f"bounds of parameter {self.name} are {self.bounds!r}; give (smallest, largest)")
        return float(limits[0]), float(limits[1])


def _sizes(variables: Iterable[Variable], countries: int) -> dict[str, int]:
    return {variable.name: countries if variable.dimension == "country" else 1 for variable in variables}


def unpack(vector: Any, variables: Sequence[Variable], countries: int) -> dict[str, Any]:
    """Return a flat vector as values by name: shape (V,) for country variables, () for global ones."""
    values, start = {}, 0
    for variable in variables:
        if variable.dimension == "country":
            values[variable.name] = vector[start : start + countries]
            start += countries
        else:
            values[variable.name] = vector[start]
            start += 1
    return values


class Model:
    """Variables, parameters and blocks of equations, checked when put together.

    Parameters
    ----------
    name : str
    countries : sequence of str
        Labels; one for a closed economy.
    variables, exogenous : sequence of Variable
        What the model determines, and what is given to it.
    parameters : sequence of Parameter
    blocks : sequence of callable
        Functions of ``(now, lag, lead, exogenous, parameters)`` that return residuals by equation name.

    Raises
    ------
    InputError
        If names clash, an equation reads what is not declared, a residual has a wrong shape, a variable or exogenous variable is
        never used, or equations and unknowns do not match one to one; the message names which.
    """

    def __init__(
        self,
        name: str,
        *,
        countries: Sequence[str],
        variables: Sequence[Variable],
        blocks: Sequence[Block],
        exogenous: Sequence[Variable] = (),
        parameters: Sequence[Parameter] = (),
    ) -> None:
        from tradewinds.solvers.perfect_foresight.structure import check_structure

        self.name = name
        if isinstance(countries, str):
            raise InputError(f"countries of model {name} are one text; write [{countries!r}]")
        if callable(blocks):
            raise InputError(f"blocks of model {name} are one function; write [{_name_of(blocks)}]")
        self.countries = several(countries, f"countries of model {name}")
        self.variables: tuple[Variable, ...] = require_kind(variables, Variable, f"variables of model {name}")
        self.exogenous: tuple[Variable, ...] = require_kind(exogenous, Variable, f"variables of model {name}")
        self.parameters: tuple[Parameter, ...] = require_kind(parameters, Parameter, f"parameters of model {name}")
        self.blocks = tuple(blocks)
        self._check_names()
        self.equations = self._trace()
        self._check_add_factors()
        self._check_exogenous()
        check_structure(self)  # that each equation can be matched with an unknown of its own

    @property
    def size(self) -> int:
        """Number of unknowns a period."""
        return sum(_sizes(self.variables, len(self.countries)).values())

    @property
    def exogenous_size(self) -> int:
        """Number of exogenous values a period."""
        return sum(_sizes(self.exogenous, len(self.countries)).values())

    @functools.cached_property
    def unknown_labels(self) -> tuple[str, ...]:
        """Names of the unknowns of a period, such as ``capital[home]``."""
        return self.labels(self.variables)

    @functools.cached_property
    def equation_labels(self) -> tuple[str, ...]:
        """Names of the equations of a period."""
        return self.labels(self.equations)

    def reads(self, name: str, slot: int) -> bool:
        """Return whether an equation reads a variable with a lag (-1), in its period (0) or with a lead (1)."""
        where = {-1: ("lag", "exogenous.lag"), 0: ("now", "exogenous"), 1: ("lead", "exogenous.lead")}[slot]
        return any((what, name) in self._seen for what in where)

    def labels(self, items: Iterable[Variable]) -> tuple[str, ...]:
        """Return names with countries, such as ``tfp[home]``, in the order of a period's flat vector."""
        return tuple(
            f"{item.name}[{country}]" if country else item.name
            for item in items
            for country in (self.countries if item.dimension == "country" else ("",))
        )

    def read_parameters(self, given: Mapping[str, ArrayLike] | None = None) -> dict[str, NDArray[np.float64]]:
        """Return every parameter's value: those given, defaults elsewhere."""
        known = {parameter.name: parameter for parameter in self.parameters}
        given = require_mapping(given, "parameters")
        for name in given:
            if name not in known:
                raise InputError(f"model {self.name} has no parameter {name!r}.{did_you_mean(name, known)}")
        chosen = {name: parameter.default for name, parameter in known.items()} | dict(given)
        return {name: known[name].read(value, self.countries) for name, value in chosen.items()}

    def residuals(self, lag: Any, now: Any, lead: Any, exogenous: Any, parameters: Mapping[str, Any]) -> Any:
        """Return the residuals of one period as a flat vector, in the order of :attr:`equation_labels`.

        ``lag, now, lead`` are flat vectors of unknowns; ``exogenous`` holds the given values of the three periods, shape (3, m).
        """
        import jax.numpy as jnp

        found = self._call_blocks(lag, now, lead, exogenous, parameters)
        return jnp.concatenate([jnp.atleast_1d(self._shaped(equation, found)) for equation in self.equations])

    def _shaped(self, equation: Variable, found: Mapping[str, Any]) -> Any:
        """Return an equation's residual, or raise if parameters have given it another shape than it had with the defaults."""
        residual = found[equation.name]
        expected = (len(self.countries),) if equation.dimension == "country" else ()
        if np.shape(residual) != expected:
            raise InputError(
                f"equation {equation.name!r} has a residual of shape {np.shape(residual)} with these parameters; expected "
                f"{expected or 'a number'}: one of them is given by country in an equation of the world"
            )
        return residual

    def _call_blocks(
        self,
        lag: Any,
        now: Any,
        lead: Any,
        exogenous: Any,
        parameters: Mapping[str, Any],
        seen: set[tuple[str, str]] | None = None,
    ) -> dict[str, Any]:
        count = len(self.countries)
        past, present, future = (
            Namespace(unpack(x, self.variables, count), what, seen) for x, what in self._periods(lag, now, lead)
        )
        before, today, after = (unpack(exogenous[k], self.exogenous, count) for k in range(3))
        given = Exogenous(today, before, after, seen)
        constants = Namespace(parameters, "parameters")
        found: dict[str, Any] = {}
        for block in self.blocks:
            residuals = call_block(block, present, past, future, given, constants)
            twice = [name for name in residuals if name in found]
            if twice:
                raise InputError(f"equation {twice[0]!r} is written twice, the second time in block {_name_of(block)}")
            found.update(residuals)
        return found

    @staticmethod
    def _periods(lag: Any, now: Any, lead: Any) -> tuple[tuple[Any, str], ...]:
        return (lag, "lag"), (now, "now"), (lead, "lead")

    def _check_names(self) -> None:
        if not self.variables or not self.blocks or not self.countries:
            raise InputError(f"model {self.name} needs at least one country, one variable and one block of equations")
        declared: list[Variable | Parameter] = [*self.variables, *self.exogenous, *self.parameters]
        names = [item.name for item in declared]
        require_unique(names, what=f"names of model {self.name}")
        require_unique(self.countries, what=f"countries of model {self.name}")
        for variable in (*self.variables, *self.exogenous):
            require_option(f"dimension of {variable.name}", variable.dimension, ("country", "global"))
        for name in names:
            if not isinstance(name, str) or not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_"):
                raise InputError(f"{name!r} cannot be the name of a variable: use letters, digits and underscores")
            if name in RESERVED:
                raise InputError(
                    f"{name!r} cannot be the name of a variable: it has a meaning of its own, {RESERVED[name]}"
                )

    def _check_add_factors(self) -> None:
        """Refuse a variable whose name is that of an equation's add factor: a databank could not tell the two apart."""
        taken = {equation.name + "_add" for equation in self.equations}
        lost = [equation.name for equation in self.equations if equation.name in ("year", "country")]
        if lost:
            raise InputError(f"{lost[0]!r} cannot be the name of an equation: it means {RESERVED[lost[0]]}")
        clash = [item.name for item in (*self.variables, *self.exogenous) if item.name in taken]
        if clash:
            raise InputError(
                f"{clash[0]!r} is the name of an equation's add factor in model {self.name}; name the variable otherwise"
            )

    def _check_exogenous(self) -> None:
        """Refuse an exogenous variable that no equation reads: a shock to it would do nothing, and say so nowhere."""
        unread = [item.name for item in self.exogenous if not any(self.reads(item.name, slot) for slot in (-1, 0, 1))]
        if unread:
            raise InputError(
                f"model {self.name}: no equation reads exogenous {', '.join(unread)}; leave it out, or read it"
            )

    def _trace(self) -> tuple[Variable, ...]:
        """Return the equations with their dimension, found by following the blocks without numbers."""
        import jax

        count = len(self.countries)
        written: list[str] = []
        seen: set[tuple[str, str]] = set()

        def follow(lag: Any, now: Any, lead: Any, exogenous: Any, parameters: Any) -> dict[str, Any]:
            found = self._call_blocks(lag, now, lead, exogenous, parameters, seen)
            written.extend(found)  # JAX sorts dictionaries; tables follow the author's order
            return found

        vector = np.zeros(self.size)
        shapes = jax.eval_shape(
            follow, vector, vector, vector, np.zeros((3, self.exogenous_size)), self.read_parameters()
        )
        self._seen = frozenset(seen)
        equations = []
        for name, shape in ((name, shapes[name]) for name in written):
            if shape.shape not in ((), (count,)):
                raise InputError(
                    f"equation {name!r} has a residual of shape {shape.shape}; expected one a country, ({count},), or a number"
                )
            if not np.issubdtype(shape.dtype, np.number) or np.issubdtype(shape.dtype, np.complexfloating):
                raise InputError(f"equation {name!r} has a residual of {shape.dtype}; expected real numbers")
            equations.append(Variable(name, "", dimension="country" if shape.shape else "global"))
        return tuple(equations)


def _name_of(block: Block) -> str:
    return str(getattr(block, "__name__", block))


def require_model(model: Any) -> None:
    """Raise unless it is a model."""
    if not isinstance(model, Model):
        raise InputError(
            f"the model is a {type(model).__name__}; write it as Model(name, countries=..., variables=..., ...)"
        )


def longer(variable: Variable, *, lag: int = 1, lead: int = 1) -> tuple[tuple[Variable, ...], Block]:
    """Return auxiliary variables and their block, for lags or leads of more than one period.

    ``x_lag2`` is ``x`` two periods ago and so on: in equations read ``lag.x_lag2`` for ``x`` three periods ago.

    Parameters
    ----------
    variable : Variable
    lag, lead : int
        Longest lag and lead that equations read, 1 or more.

    Returns
    -------
    tuple of Variable
        In the unit of ``variable``: to be added to the model's variables. A databank needs them too.
    callable
        To be added to the model's blocks.

    Raises
    ------
    InputError
        If a lag or lead is no whole number of 1 or more.

    Examples
    --------
    >>> added, block = longer(Variable("orders", "orders placed"), lag=3)
    >>> [item.name for item in added]
    ['orders_lag1', 'orders_lag2']
    """
    require_kind([variable], Variable, "what longer() shifts")
    if not (isinstance(lag, int) and isinstance(lead, int)) or lag < 1 or lead < 1:
        raise InputError(f"longest lag and lead of {variable.name} are {lag} and {lead}; both must be 1, 2, 3 or more")
    name = variable.name
    behind = [f"{name}_lag{k}" for k in range(1, lag)]
    ahead = [f"{name}_lead{k}" for k in range(1, lead)]
    added = tuple(
        Variable(auxiliary, f"{variable.meaning}, shifted", variable.unit, variable.dimension)
        for auxiliary in (*behind, *ahead)
    )

    def shifts(now: Any, lag: Any, lead: Any, exogenous: Any, parameters: Any) -> dict[str, Any]:
        before = {new: getattr(now, new) - getattr(lag, old) for new, old in zip(behind, [name, *behind], strict=False)}
        after = {new: getattr(now, new) - getattr(lead, old) for new, old in zip(ahead, [name, *ahead], strict=False)}
        return before | after

    return added, shifts
