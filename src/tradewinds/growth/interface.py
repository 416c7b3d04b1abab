"""The one interface of all mechanisms: solve, transition, counterfactual, sweep, claims, plot.

A mechanism states its economics in a few methods (``balanced_growth`` proposes, ``residual`` and ``conditions`` check) and gets
the rest from here, so that what one mechanism can do, all can.
"""

from __future__ import annotations

import abc
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

import numpy as np

from tradewinds.errors import InputError, require_option
from tradewinds.growth.claims import Claim
from tradewinds.growth.facts import ADVICE, Condition, Facts, takes_facts
from tradewinds.growth.impact import gain_at_once
from tradewinds.growth.parameters import Definition, GrowthParameters, definitions
from tradewinds.growth.results import BalancedGrowth, Counterfactual, Sweep, Transition
from tradewinds.growth.welfare import consumption_equivalent
from tradewinds.solvers import Solution, judge

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["REGIMES", "TOLERANCE", "Mechanism"]

P = TypeVar("P", bound=GrowthParameters)

#: Largest residual that counts as solved; residuals are free of units.
TOLERANCE = 1e-12

REGIMES = ("baseline", "counterfactual", "autarky")


class Mechanism(abc.ABC, Generic[P]):
    """A mechanism that links globalisation and growth.

    Every mechanism has a parameter ``discount_rate``, and among its values ``growth, home_share, import_share, consumption,
    interest_rate, lifetime_utility``. A module holds one instance of it in ``MECHANISM``, and its documentation the equations.

    Attributes
    ----------
    name, title : str
        Public name, and a heading.
    variants : tuple of str
        The default first.
    Parameters : type
        Frozen dataclass of parameters.
    citation_keys : tuple of str
    provenance : str
        Which equations were derived here and which are from memory of a paper that was not at hand.
    discipline : tuple of str
        Data that would discipline the parameters, a sentence each.
    units : mapping
        Unit of each variable that is not in ``results.UNITS``.
    autarky : mapping
        Change of parameters that closes the economy to trade in goods; see :meth:`closing` where variants differ.
    tastes : tuple of str
        Parameters of preferences, not of technology: welfare cannot compare regimes in which they differ.
    closed_form : bool
        Whether a balanced growth path is explicit, or a few equations that are; then ``balanced_growth`` takes arrays of parameters
        (batch axes first), so that a sweep is one call. Others may take arrays too: see ``vectorises``.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    variants: ClassVar[tuple[str, ...]]
    Parameters: ClassVar[type[GrowthParameters]]
    citation_keys: ClassVar[tuple[str, ...]]
    provenance: ClassVar[str]
    discipline: ClassVar[tuple[str, ...]]
    units: ClassVar[Mapping[str, str]] = {}
    autarky: ClassVar[Mapping[str, Any]]
    tastes: ClassVar[tuple[str, ...]] = ("discount_rate",)
    closed_form: ClassVar[bool] = True

    def __init_subclass__(cls) -> None:
        """Let each mechanism's calibration refuse what is not Facts."""
        if "calibrate" in cls.__dict__:
            cls.calibrate = takes_facts(cls.calibrate)  # type: ignore[method-assign]

    # ------------------------------------------------------------------ what a mechanism writes

    @abc.abstractmethod
    def balanced_growth(self, p: P, variant: str) -> dict[str, Any]:
        """Propose every variable of the balanced growth path; arrays over countries put home first."""

    @abc.abstractmethod
    def residual(self, values: Mapping[str, Any], p: P, variant: str) -> Mapping[str, Any]:
        """Return the residual of each equilibrium condition by name, from primitives and not from the closed form; no units."""

    @abc.abstractmethod
    def static_consumption(self, baseline: BalancedGrowth, changed: P) -> Any:
        """Return home's consumption at time 0 if knowledge, and what is spent on making it, stay as in the baseline."""

    @abc.abstractmethod
    def explain(self, baseline: BalancedGrowth, counterfactual: BalancedGrowth) -> str:
        """Say in one line why growth moved, or did not."""

    @abc.abstractmethod
    def exports(self, values: Mapping[str, Any], p: P, variant: str) -> str:
        """Say what home sells abroad."""

    @abc.abstractmethod
    def claims(self) -> tuple[Claim, ...]:
        """Solve what the survey's statements need and return each with its verdict."""

    @abc.abstractmethod
    def plot(self, parameters: P | None = None, *, variant: str | None = None) -> Figure:
        """Return one figure that shows the mechanism at a glance."""

    @abc.abstractmethod
    def calibrate(self, facts: Facts | None = None, *, variant: str | None = None) -> P:
        """Return parameters at which the mechanism reproduces the facts."""

    def conditions(self, values: Mapping[str, Any], p: P, variant: str) -> tuple[Condition, ...]:
        """Return what a solution must meet; the first that fails is raised."""
        return ()

    def corner(self, values: Mapping[str, Any], p: P, variant: str) -> str:
        """Name the corner the economy is in, or nothing in the interior."""
        return ""

    def closing(self, variant: str) -> Mapping[str, Any]:
        """Return the change of parameters that closes the economy to trade in goods, in a variant."""
        return self.autarky

    def countries(self, p: P) -> tuple[str, ...]:
        """Return names of the countries, home first."""
        return ("home", "foreign")

    def defaults(self, variant: str) -> P:
        """Return the standard calibration of a variant."""
        return self.Parameters()  # type: ignore[return-value]

    def transition(
        self, baseline: P | None = None, changed: Any = None, *, variant: str | None = None, throw: bool = True
    ) -> Solution:
        """Return the path from the baseline to the changed regime, as a Solution around a Transition.

        Raises
        ------
        InputError
            Where the mechanism has no transition, because the economy jumps to its new balanced growth path.
        """
        raise InputError(
            f"{self.name} has no transition: the economy jumps to its new balanced growth path on the day of a change"
        )

    @property
    def has_transition(self) -> bool:
        """Whether the economy takes time to reach a new balanced growth path."""
        return type(self).transition is not Mechanism.transition

    def vectorises(self, variant: str) -> bool:
        """Whether ``balanced_growth`` of a variant takes arrays of parameters."""
        return self.closed_form

    # ------------------------------------------------------------------ what every mechanism has

    @property
    def definitions(self) -> Mapping[str, Definition]:
        """What each parameter is."""
        return definitions(self.Parameters)

    def parameters(self, variant: str | None = None, **changes: Any) -> P:
        """Return the standard calibration of a variant, with changes."""
        return self.defaults(self.variant(variant)).replace(**changes)

    def variant(self, name: str | None) -> str:
        """Return the name of a variant, the first where none is given; unknown names raise InputError."""
        if name is None:
            return self.variants[0]
        require_option(f"variant of {self.name}", name, self.variants)
        return name

    def solve(
        self, parameters: P | None = None, *, variant: str | None = None, regime: str = "baseline", throw: bool = True
    ) -> Solution:
        """Solve the balanced growth path.

        Parameters
        ----------
        parameters : optional
            The standard calibration where none are given.
        variant : str, optional
        regime : {"baseline", "counterfactual", "autarky"}
            A label, but for ``autarky``, which closes the economy to trade in goods.
        throw : bool
            Raise if the equations do not hold at the point found.

        Returns
        -------
        Solution
            Its value is a :class:`BalancedGrowth`.

        Raises
        ------
        InputError
            If parameters are not of this mechanism, or admit no balanced growth path; the message says which condition fails.
        ConvergenceError
        """
        variant = self.variant(variant)
        require_option("regime", regime, REGIMES)
        p = self.admit(parameters, variant)
        if regime == "autarky":
            p = p.replace(**self.closing(variant))
        with np.errstate(all="ignore"):  # what is not admissible may not be a number; the conditions say why
            values = self.balanced_growth(p, variant)
        for condition in self.conditions(values, p, variant):
            if not np.all(condition.holds):
                raise InputError(f"{self.name} ({variant}), {condition.name}: {condition.message}")
        point = BalancedGrowth(
            mechanism=self.name,
            variant=variant,
            regime=regime,
            parameters=p,
            values=values,
            exports=self.exports(values, p, variant),
            countries=self.countries(p),
            corner=self.corner(values, p, variant),
            units=self.units,
            citation_keys=self.citation_keys,
        )
        names, _ = _stack(self.residual(values, p, variant))
        return judge(
            point,
            lambda b: _stack(self.residual(b.values, p, variant))[1],
            tolerance=TOLERANCE,
            iterations=0,
            names=names,
            what=f"balanced growth of {self.name} ({variant})",
            advice=ADVICE,
            throw=throw,
        )

    def admit(self, parameters: P | None, variant: str) -> P:
        """Return the parameters, or the standard calibration; raise InputError if they belong to another mechanism."""
        if parameters is None:
            return self.defaults(variant)
        if not isinstance(parameters, self.Parameters):
            raise InputError(
                f"{self.name} takes {self.Parameters.__name__}, got {type(parameters).__name__}; "
                f"make one with mechanisms[{self.name!r}].parameters(...)"
            )
        return parameters

    def changed(self, baseline: P, changed: Any) -> P:
        """Return the parameters of the other regime, given as parameters or as a mapping of what changes."""
        p: P = (
            baseline.replace(**{str(name): value for name, value in changed.items()})
            if isinstance(changed, Mapping)
            else changed
        )
        if not isinstance(p, self.Parameters):
            raise InputError(
                f"{self.name}: give the changed regime as {self.Parameters.__name__} or as a mapping of parameters, "
                f"got {type(changed).__name__}"
            )
        for name in self.tastes:
            if not np.array_equal(getattr(p, name), getattr(baseline, name)):
                raise InputError(
                    f"{self.name}: {name} is {getattr(baseline, name)} in one regime and {getattr(p, name)} in the other; "
                    "welfare cannot compare two tastes. Change it in both."
                )
        return p

    def counterfactual(
        self, baseline: P | None = None, changed: Any = None, *, variant: str | None = None
    ) -> Counterfactual:
        """Compare two regimes: growth, and consumption equivalents with and without transition.

        Parameters
        ----------
        baseline : optional
            The standard calibration where none is given.
        changed : parameters or mapping
            The other regime, or what changes; autarky where nothing is given.

        Raises
        ------
        InputError
            If tastes differ between regimes, or a regime has no balanced growth path.
        """
        variant = self.variant(variant)
        p = self.admit(baseline, variant)
        q = self.changed(p, self.closing(variant) if changed is None else changed)
        before: BalancedGrowth = self.solve(p, variant=variant).value
        regime = "autarky" if changed is None else "counterfactual"
        after: BalancedGrowth = self.solve(q, variant=variant, regime=regime).value
        steady = self.equivalent(after.values["lifetime_utility"], before.values["lifetime_utility"], p)
        whole, path = self.with_transition(before, after)
        extra, units = self._others(steady, whole, before.countries)
        return Counterfactual(
            mechanism=self.name,
            variant=variant,
            baseline=before,
            counterfactual=after,
            static_gain=gain_at_once(self, before, q),
            welfare_steady_state=_home(steady),
            welfare_transition=_home(whole),
            why=self.explain(before, after),
            path=path,
            extra=extra,
            units=units,
            citation_keys=self.citation_keys,
        )

    def static_gain(self, baseline: BalancedGrowth, changed: P) -> float:
        """Return what home gains if knowledge and research stay as they were, in per cent of consumption."""
        return 100 * (_home(self.static_consumption(baseline, changed)) / baseline.consumption - 1)

    def with_transition(self, before: BalancedGrowth, after: BalancedGrowth) -> tuple[Any, Transition | None]:
        """Return the consumption equivalent of the other regime with the path to it, and the path.

        The baseline is on its balanced growth path when the change comes; a mechanism whose baseline is itself on the way somewhere
        overrides this and :meth:`static_gain`.
        """
        p: Any = before.parameters
        utility = before.values["lifetime_utility"]
        if not self.has_transition:
            return self.equivalent(after.values["lifetime_utility"], utility, p), None
        path: Transition = self.transition(p, after.parameters, variant=before.variant).value
        return self.equivalent(path.lifetime_utility, utility, p), path

    def equivalent(self, utility: Any, baseline: Any, p: P) -> Any:
        """Return the consumption equivalent, in per cent; a mechanism without logarithmic utility overrides it."""
        return consumption_equivalent(utility, baseline, getattr(p, "discount_rate"))  # noqa: B009

    def _others(self, steady: Any, whole: Any, countries: tuple[str, ...]) -> tuple[dict[str, float], dict[str, str]]:
        """Return the welfare of countries other than home, by name, with units."""
        if np.ndim(steady) == 0:
            return {}, {}
        named = {"welfare_steady_state": steady, "welfare_transition": whole}
        extra = {f"{n}_{c}": float(v[i]) for n, v in named.items() for i, c in enumerate(countries) if i > 0}
        return extra, dict.fromkeys(extra, "per cent of consumption")

    def sweep(self, parameters: P | None = None, *, variant: str | None = None, **over: Any) -> Sweep:
        """Solve many balanced growth paths at once.

        Parameters
        ----------
        **over : array_like
            Parameters that vary, broadcast against each other; a parameter with axes of its own has those last.

        Returns
        -------
        Sweep
            NaN, and ``admissible`` false, where a condition fails.

        Raises
        ------
        InputError
            If nothing varies, a name is unknown or a value out of bounds.
        """
        from tradewinds.growth.sweeps import sweep

        chosen = self.variant(variant)
        return sweep(self, self.admit(parameters, chosen), chosen, over)

    def liberalise(self, parameters: P, home_share: float, *, variant: str | None = None) -> P:
        """Return parameters with the trade cost at which home spends a given share on its own goods.

        Raises
        ------
        InputError
            If the mechanism has no trade cost (it knows autarky and free trade), or no trade cost gives that share.
        """
        from tradewinds.growth.calibration import trade_cost_of

        chosen = self.variant(variant)
        return trade_cost_of(self, self.admit(parameters, chosen), home_share, chosen)

    def calibration(self, variant: str | None = None) -> pd.DataFrame:
        """Return the standard calibration as a table: parameter, symbol, meaning, value, unit, bounds, source."""
        from tradewinds.growth.calibration import table

        return table(self.defaults(self.variant(variant)))


def _home(value: Any) -> float:
    array = np.asarray(value, dtype=float)
    return float(array if array.ndim == 0 else array[0])


def _stack(residual: Mapping[str, Any]) -> tuple[list[str], Any]:
    """Return names and values of a residual by name; one name an element."""
    names: list[str] = []
    parts = []
    for name, value in residual.items():
        flat = np.ravel(np.asarray(value, dtype=float))
        names += [name] if flat.size == 1 else [f"{name} {i + 1}" for i in range(flat.size)]
        parts.append(flat)
    return names, np.concatenate(parts)
