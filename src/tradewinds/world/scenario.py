"""Shocks to the world, and their simulation."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewinds.errors import InputError, SizeWarning, did_you_mean
from tradewinds.solvers.perfect_foresight import Shock, simulate, simulate_many
from tradewinds.solvers.perfect_foresight.newton import LinearSolver
from tradewinds.solvers.perfect_foresight.scenarios import INTERACTION, NO_SHOCK
from tradewinds.world.calibration import Calibration
from tradewinds.world.model import baseline_databank, world_model
from tradewinds.world.results import WorldResult
from tradewinds.world.variables import EXOGENOUS

if TYPE_CHECKING:
    import xarray

__all__ = ["RESERVED", "SHOCKS", "WorldShock", "require_shocks", "simulate_many_worlds", "simulate_world"]

#: What can be shocked: exogenous variables but the index of foreign R&D, which is part of the baseline, and the preference for
#: one partner's goods.
SHOCKS: Mapping[str, str] = {
    item.name: item.meaning for item in EXOGENOUS if item.name != "log_foreign_stock_index"
} | {"import_preference": "log of the preference of importers for the goods of a partner"}

#: Names that contributions of shocks have for what is no shock.
RESERVED = (INTERACTION, NO_SHOCK)

#: Shares of output beyond which a size is more likely to be meant in per cent: of a change a country could make and remain itself.
DOUBTFUL = {"rnd_spending": 0.1, "government": 0.25, "extra_trade": 0.5, "external_finance": 0.25}

#: Years beyond those reported, so that the end of the world does not show in them: the slowest root is about .997.
BEYOND = 120


@dataclass(frozen=True)
class WorldShock:
    """A change of something that the model does not determine.

    Attributes
    ----------
    variable : str
        One of :data:`SHOCKS`.
    size : float or tuple of float
        In the unit of the variable; one number, or one a year, whose last one holds on.
    countries : tuple of str
        Codes or names of groups; empty is all. One may stand alone.
    start : int
    end : int, optional
        Last year; without it the shock is permanent.
    announced : int, optional
        Year in which it becomes known; default: before the simulation begins.
    partner : str
        Of ``import_preference``: whose goods.
    name : str
        In contributions, where shocks of one name go together; default: :attr:`label`.
    """

    variable: str
    size: float | tuple[float, ...]
    countries: tuple[str, ...] = ()
    start: int = 1996
    end: int | None = None
    announced: int | None = None
    partner: str = ""
    name: str = ""

    def __post_init__(self) -> None:
        given: Any = self.countries
        object.__setattr__(self, "countries", (given,) if isinstance(given, str) else tuple(given))
        if not isinstance(self.name, str) or not self.name.isprintable():
            raise InputError(f"name of a shock is {self.name!r}; give a text of one line")
        if self.name in RESERVED:
            raise InputError(f"a shock cannot be called {self.name!r}: contributions have a row of that name")

    @property
    def label(self) -> str:
        """Its name, or what it says by itself, such as ``tariff[US] from 1996``."""
        if self.name:
            return self.name
        what = f"{self.variable} {self.partner}".rstrip()
        where = f"[{', '.join(self.countries)}]" if self.countries else ""
        when = f"from {self.start}" if self.end is None else f"{self.start}-{self.end}"
        news = "" if self.announced is None else f", announced {self.announced}"
        return f"{what}{where} {when}{news}"

    @property
    def doubt(self) -> str:
        """What is to be said where its size looks like per cent of output instead of a share; else empty."""
        sizes = np.asarray(self.size)
        if self.variable not in DOUBTFUL or sizes.dtype.kind not in "if" or not sizes.size:
            return ""
        largest = float(sizes.flat[np.argmax(np.abs(sizes))])
        if not abs(largest) >= DOUBTFUL[self.variable]:
            return ""
        return (
            f"a shock to {self.variable} of {largest:g} is {100 * largest:g} per cent of output, because sizes are shares of it; "
            f"if {largest:g} per cent is meant, give {largest / 100:g}"
        )

    def read(self, calibration: Calibration, last_year: int | None = None) -> Shock:
        """Return the shock in the engine's terms.

        Parameters
        ----------
        calibration : Calibration
        last_year : int, optional
            Last year solved, up to which the last of several sizes holds on.

        Raises
        ------
        InputError
            If the variable, a country or the partner is not one of this world, if the shock has nothing to act on, or if its
            size is one that cannot be.
        """
        if self.variable not in SHOCKS:
            raise InputError(
                f"nothing called {self.variable!r} can be shocked.{did_you_mean(self.variable, SHOCKS)} "
                f"Choose from {', '.join(SHOCKS)}"
            )
        name = self.variable
        if name == "import_preference":
            if self.partner not in calibration.codes:
                raise InputError(f"a shock to import_preference needs a partner: one of {', '.join(calibration.codes)}")
            name = f"import_preference_{self.partner}"
        elif self.partner:
            raise InputError(f"a shock to {self.variable} takes no partner; only import_preference does")
        chosen = [code for scope in self.countries for code in calibration.find_scope(scope, what="country")]
        if self.variable == "real_oil_price" and chosen:
            raise InputError("a shock to real_oil_price holds for the world; leave countries out")
        codes = tuple(dict.fromkeys(chosen))
        self._check_size(calibration, codes or calibration.codes)
        return Shock(name, self._sizes(last_year), self.start, self.end, codes, announced=self.announced)

    def _sizes(self, last_year: int | None) -> float | tuple[float, ...]:
        """Return one number, or one a year, the last of which is repeated up to the end of the shock or of the years solved."""
        last = last_year if self.end is None else self.end
        if not isinstance(self.size, tuple) or last is None:
            return self.size
        lacking = last - self.start + 1 - len(self.size)
        return (*self.size, *(self.size[-1:] * lacking)) if lacking > 0 else self.size

    def _check_size(self, calibration: Calibration, codes: Sequence[str]) -> None:
        """Raise where the shock would do nothing without a word, or leave less than nothing of what it changes."""
        a, places = calibration.arrays, [calibration.codes.index(code) for code in codes]
        if self.variable == "external_finance" and not calibration.is_in("finance_constrained")[places].any():
            able = ", ".join(calibration.groups.get("finance_constrained", ())) or "none in this world"
            raise InputError(
                "external_finance does nothing in a country that borrows freely; it is for finance-constrained ones: "
                f"{able}"
            )
        sizes = np.asarray(self.size)
        if sizes.dtype.kind not in "if" or not sizes.size:
            return  # the engine says what is wrong with a size that is no number
        lowest = float(np.min(sizes))
        if self.variable in ("tariff", "labour") and lowest <= -1.0:
            raise InputError(f"a shock to {self.variable} of {lowest:g} leaves nothing; give more than -1")
        if self.variable == "rnd_spending":
            place = min(places, key=lambda at: float(a["rnd_ratio"][at]))
            ratio, code = float(a["rnd_ratio"][place]), calibration.codes[place]
            if lowest < -ratio:
                raise InputError(
                    f"R&D of {code} is {ratio:.4g} of output on the baseline; a shock of {lowest:g} would take away more"
                )


def simulate_world(
    calibration: Calibration,
    shocks: WorldShock | Sequence[WorldShock],
    *,
    first_year: int = 1996,
    last_year: int = 2075,
    beyond: int = BEYOND,
    name: str = "simulation",
    baseline: xarray.Dataset | None = None,
    solver: LinearSolver | str | None = None,
    tolerance: float = 1e-10,
    throw: bool = True,
) -> WorldResult:
    """Return what shocks do to the world, as deviations from the balanced baseline.

    Parameters
    ----------
    calibration : Calibration
    shocks : WorldShock or sequence of WorldShock
    first_year, last_year : int
        Years reported; everything before the first is as on the baseline.
    beyond : int
        Years solved after the last one reported; in the year after those, everything grows as on the baseline again.
    name : str
        Of the scenario.
    baseline : Dataset, optional
        Of this calibration and horizon, where it has been made before.
    solver, tolerance, throw
        As in :func:`~tradewinds.solvers.perfect_foresight.simulate`.

    Warns
    -----
    SizeWarning
        If a size in shares of output looks like per cent.

    Returns
    -------
    WorldResult

    Raises
    ------
    InputError
        If a shock or the years cannot be used.
    ConvergenceError
        If ``throw`` and the model does not solve.
    """
    _require_years(first_year, last_year, beyond)
    shocks = require_shocks(shocks)
    start = baseline_databank(calibration, first_year, last_year + beyond) if baseline is None else baseline
    found = simulate(
        world_model(calibration),
        start,
        [shock.read(calibration, last_year + beyond) for shock in shocks],
        parameters=calibration.model_parameters,
        terminal="growth",
        solver=solver,
        tolerance=tolerance,
        name=name,
        throw=throw,
    )
    return WorldResult(name, calibration, shocks, found, first_year, last_year)


def require_shocks(shocks: object) -> tuple[WorldShock, ...]:
    """Return one shock or several as a tuple, with a warning of those whose size looks like per cent.

    Raises
    ------
    InputError
        If something is no shock.
    """
    if isinstance(shocks, WorldShock):
        shocks = (shocks,)
    if isinstance(shocks, str | Mapping) or not isinstance(shocks, Iterable):
        raise InputError(f"shocks are {shocks!r}; give a WorldShock, or a list of them")
    found = tuple(shocks)
    for shock in found:
        if not isinstance(shock, WorldShock):
            raise InputError(f"{shock!r} is no shock; give WorldShock(variable, size, countries)")
        if shock.doubt:
            warnings.warn(shock.doubt, SizeWarning, stacklevel=3)
    return found


def _require_years(first_year: int, last_year: int, beyond: int) -> None:
    if last_year < first_year or beyond < 1:
        raise InputError(
            f"years {first_year} to {last_year} with {beyond} beyond: the last must not come before the first, "
            "and at least one year must follow"
        )


def simulate_many_worlds(
    calibration: Calibration,
    scenarios: Mapping[str, WorldShock | Sequence[WorldShock]],
    *,
    first_year: int = 1996,
    last_year: int = 2075,
    beyond: int = BEYOND,
    solver: LinearSolver | str | None = None,
    tolerance: float = 1e-10,
    throw: bool = True,
) -> dict[str, WorldResult]:
    """Return several scenarios of one calibration, solved side by side; arguments as in :func:`simulate_world`.

    Raises
    ------
    InputError
        If a shock or the years cannot be used.
    ConvergenceError
        If ``throw`` and a scenario does not solve, naming it.
    """
    _require_years(first_year, last_year, beyond)
    if not isinstance(scenarios, Mapping):
        raise InputError("scenarios are given by name: {name: [shocks]}; for one of them there is simulate_world")
    if not scenarios:
        return {}
    plan = {name: require_shocks(shocks) for name, shocks in scenarios.items()}
    found = simulate_many(
        world_model(calibration),
        baseline_databank(calibration, first_year, last_year + beyond),
        {name: [shock.read(calibration, last_year + beyond) for shock in shocks] for name, shocks in plan.items()},
        parameters=calibration.model_parameters,
        terminal="growth",
        solver=solver,
        tolerance=tolerance,
        throw=throw,
    )
    return {
        name: WorldResult(name, calibration, shocks, found[name], first_year, last_year)
        for name, shocks in plan.items()
    }
