"""One look at a model: structure, redundant equations and determinacy, as text, table and figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from numpy.typing import ArrayLike

from tradewinds.errors import InputError
from tradewinds.solvers.perfect_foresight.diagnostics.blocks import Structure, structure_of
from tradewinds.solvers.perfect_foresight.diagnostics.counting import determinacy_of
from tradewinds.solvers.perfect_foresight.diagnostics.determinacy import Determinacy
from tradewinds.solvers.perfect_foresight.diagnostics.redundancy import Redundancy, redundancy_of
from tradewinds.solvers.perfect_foresight.diagnostics.terminal import linearise, require_finite
from tradewinds.solvers.perfect_foresight.model import Model, require_model
from tradewinds.solvers.perfect_foresight.simulate import TerminalKind, prepare

if TYPE_CHECKING:
    import pandas as pd
    import xarray
    from matplotlib.figure import Figure

__all__ = ["Inspection", "inspect"]


@dataclass(frozen=True, eq=False)
class Inspection:
    """What a model is like.

    Attributes
    ----------
    model : Model
    structure : Structure
        States and jumps, and blocks within a period and over time.
    redundancy : Redundancy or None
        Equations that follow from others; None without a databank.
    determinacy : Determinacy or None
        Roots at the terminal state; None without a databank.
    """

    model: Model
    structure: Structure
    redundancy: Redundancy | None = None
    determinacy: Determinacy | None = None

    @property
    def ok(self) -> bool:
        """True if nothing is redundant and there is one bounded path, as far as that was looked at."""
        return all(part is None or part.ok for part in (self.redundancy, self.determinacy))

    @property
    def citation_keys(self) -> tuple[str, ...]:
        """Sources of the method, where roots were counted."""
        return () if self.determinacy is None else self.determinacy.citation_keys

    def summary(self) -> str:
        """Return all of it as text."""
        parts = [part.summary() for part in (self.structure, self.redundancy, self.determinacy) if part is not None]
        if self.determinacy is None:
            parts.append("Redundant equations and determinacy: give a databank to look at them")
        return "\n".join([f"Model {self.model.name}", *parts])

    def tidy(self) -> pd.DataFrame:
        """Return one row an unknown, a term of a redundant combination and a root, told apart by ``about``.

        Columns that concern one kind of row are empty in the others.
        """
        import pandas as pd

        parts = {"structure": self.structure, "redundancy": self.redundancy, "determinacy": self.determinacy}
        frames = [part.tidy().assign(about=about) for about, part in parts.items() if part is not None]
        whole = pd.concat([frame for frame in frames if len(frame)], ignore_index=True)
        front = ["about", "variable", "value", "unit"]
        return whole[front + [column for column in whole if column not in front]]

    def plot(self, title: str = "") -> Figure:
        """Return a figure of the equations by block, and of the roots against the unit circle where they are known."""
        from tradewinds.solvers.perfect_foresight.diagnostics.figures import plot_inspection

        return plot_inspection(self, title)

    def require_determinate(self) -> Inspection:
        """Return this, or raise if there is not exactly one bounded path.

        Raises
        ------
        InputError
            With the verdict and what to try, or with the redundant equations; also if no databank was looked at.
        """
        if self.determinacy is None or self.redundancy is None:
            raise InputError(f"model {self.model.name} was inspected without a databank: give one to count its roots")
        if not self.redundancy.ok:
            raise InputError(f"model {self.model.name} is singular.\n{self.redundancy.summary()}")
        self.determinacy.require()
        return self


def inspect(
    model: Model,
    databank: xarray.Dataset | None = None,
    parameters: Mapping[str, ArrayLike] | None = None,
    *,
    terminal: TerminalKind | Mapping[str, ArrayLike] = "fixed",
) -> Inspection:
    """Look at a model before it is solved: how it hangs together, whether equations are redundant, how many paths it has.

    Parameters
    ----------
    model : Model
    databank : Dataset, optional
        A path, such as a baseline; its last three years are the terminal state, at rest or on a balanced path. Without one only
        the structure is looked at.
    parameters : mapping, optional
        Values that differ from the defaults.
    terminal : {"fixed", "growth"} or mapping
        As in :func:`~tradewinds.solvers.perfect_foresight.simulate`.

    Returns
    -------
    Inspection

    Raises
    ------
    InputError, DataError
        If the databank or a parameter cannot be used, or a derivative is not finite.

    Examples
    --------
    >>> from tradewinds.solvers.perfect_foresight import Model, Variable, make_databank
    >>> def block(now, lag, lead, exogenous, parameters):
    ...     return {"price": 1.5 * now.price - lead.price - now.supply, "supply": now.supply - 0.8 * lag.supply}
    >>> declared = [Variable("price", "price", dimension="global"), Variable("supply", "supply", dimension="global")]
    >>> model = Model("market", countries=("home",), variables=declared, blocks=[block])
    >>> found = inspect(model, make_databank(model, range(5), {"price": 0.0, "supply": 0.0}))
    >>> found.determinacy.sentence
    'determinate: 1 root outside the unit circle for 1 jump'
    """
    require_model(model)
    structure = structure_of(model)
    if databank is None:
        return Inspection(model, structure)
    case = prepare(model, databank, parameters, None, terminal)
    paths = case.paths
    _, values = case.stacked.derivatives(paths.unknowns, paths.exogenous, paths.add, case.constants)
    require_finite(model, structure.pattern, values, paths.horizon)
    linear = linearise(structure.pattern, paths.unknowns, values)
    redundancy = redundancy_of(structure, linear, values, case.terminal.slope, paths.horizon)
    return Inspection(model, structure, redundancy, determinacy_of(model, linear, paths.horizon[-1]))
