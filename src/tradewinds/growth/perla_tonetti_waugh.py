r"""Technology adoption with exporters: who adopts is the least productive, who gains from trade the most productive.

Perla, Tonetti and Waugh. ``N`` symmetric countries with labour one each. A firm with productivity :math:`Z` sells at home, and in
each foreign market at an iceberg cost :math:`d` and a fixed cost of :math:`\kappa` workers. :math:`Z` follows a geometric Brownian
motion with drift :math:`\mu` and standard deviation :math:`\upsilon`; firms die at rate :math:`\delta`. A firm may pay
:math:`\zeta` workers for a draw from the productivities at home; entry with such a draw costs :math:`\zeta / \chi`. The least
productive firms adopt, so that the lowest productivity :math:`M` grows, at rate :math:`g`. With :math:`z = Z / M \ge 1`,
:math:`p = \sigma - 1`, and everything in units of the wage:

.. math::
    \pi(z) &= \pi_{min} z^{p} + (N-1) \max(\pi_{min} d^{-p} z^{p} - \kappa,\ 0), \qquad \hat z = d\,(\kappa / \pi_{min})^{1/p} \\
    R\,v &= \pi + (\mu - g)\, z v' + \tfrac{\upsilon^2}{2} (z v' + z^2 v''), \qquad R = \rho + (\gamma - 1) g + \delta \\
    v'(1) &= 0, \qquad v(1) = E v - \zeta, \qquad E v = \zeta / \chi \\
    1 &= \tilde L + p\, \pi_{min} \bar z^{p} \\
    \tilde L &= \Omega\,[(N-1) \kappa (1 - F(\hat z)) + \zeta (S + \delta / \chi)] \\
    \bar z^{p} &= \Omega\, [E z^{p} + (N-1) d^{-p} E(z^{p}; z > \hat z)], \qquad c = (1 - \tilde L)\, \bar z

with adopters :math:`S = \theta (g - \mu - \theta \upsilon^2 / 2)` a year, per firm.

**Corrected** (the default). Firms at the threshold adopt at once: it absorbs, and the density vanishes there,

.. math::
    f(z) = \frac{\theta \xi}{\xi - \theta} \left(z^{-\theta-1} - z^{-\xi-1}\right), \qquad
    \xi = \frac{2 (g - \mu)}{\upsilon^2} - \theta > \theta ,

and the value of a firm pastes smoothly at :math:`\hat z` (:mod:`tradewinds.growth.perla_tonetti_waugh_value`). Integrating the
Bellman equation against :math:`f` gives a check that knows nothing of the value function: :math:`E \pi / \zeta = R / \chi + S`.

**Published** (2021). The density is Pareto, also with shocks, and the value of a firm has a kink at :math:`\hat z`: a firm below it
ignores that it may come to export. That check then fails, by the kink. It is here to reproduce the published numbers. Its path, and
what its printed gain of 10.8 per cent is made of, are in :mod:`tradewinds.growth.perla_tonetti_waugh_published`.

**No shocks** (:math:`\upsilon = 0`, :math:`\gamma = 1`). The two agree, the density is Pareto, and

.. math::
    g = \mu + \frac{\rho + \delta}{\chi \theta}
    \left[(1 - \chi)\, \frac{\theta + p (1 - \lambda) / \lambda}{\theta - p} - 1\right], \qquad
    \pi_{min} = (\rho + \delta)\, \zeta\, \frac{1 - \chi}{\chi} ,

:math:`\lambda` being the home share. If exporting is so cheap that everybody does, growth does not depend on :math:`d`.

**Fixed mass of firms** (no shocks, no entry and exit): adoption costs :math:`x = \zeta` workers, or :math:`\zeta` goods per unit of
best practice, :math:`x = \zeta / w`. Then

.. math:: \rho + \theta (g - \mu) = \frac{(E \pi - \pi(1))}{x} = \frac{1 - \tilde L}{\theta\, \Omega\, x} .

Cheaper trade draws workers into exporting. Where adoption takes workers that slows it; where it takes goods, wages that rise make
goods cheap, which speeds it up.

Derived here from these primitives. Only the survey was at hand: the algebra and calibration of the published variant, and the
calibrations of ``corrected`` and ``no-shocks``, are from notes on the authors' public code. The mass of firms and their
distribution move slowly: paths are solved for ``no-shocks`` (:mod:`tradewinds.growth.perla_tonetti_waugh_path`), ``corrected``
(:mod:`tradewinds.growth.perla_tonetti_waugh_shocks`) and ``published``; with a fixed mass the economy jumps. After a large
liberalisation nobody enters for a while, for firms leave no faster than they die: that corner is part of the path.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from tradewinds.errors import InputError
from tradewinds.growth.claims import Claim
from tradewinds.growth.facts import Condition, Facts
from tradewinds.growth.figures import panels
from tradewinds.growth.interface import Mechanism
from tradewinds.growth.perla_tonetti_waugh_closed import closed_form, fit
from tradewinds.growth.perla_tonetti_waugh_corners import corner, finite_welfare, no_adoption, welfare_bound
from tradewinds.growth.perla_tonetti_waugh_grids import GRIDS, GridConvergence, grid_convergence
from tradewinds.growth.perla_tonetti_waugh_parameters import (
    FIXED_MASS,
    VARIANTS,
    PerlaTonettiWaughParameters,
    standard,
)
from tradewinds.growth.perla_tonetti_waugh_residual import residual
from tradewinds.growth.perla_tonetti_waugh_static import static
from tradewinds.growth.perla_tonetti_waugh_transition import has_path
from tradewinds.growth.perla_tonetti_waugh_value import Firm, with_shocks
from tradewinds.growth.perla_tonetti_waugh_variables import variables
from tradewinds.growth.results import BalancedGrowth, Counterfactual, Transition
from tradewinds.growth.welfare import consumption_equivalent
from tradewinds.plotting import COLOURS, DASHES, style
from tradewinds.solvers import Solution

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["MECHANISM", "PerlaTonettiWaugh", "PerlaTonettiWaughParameters"]

SHOCKS = VARIANTS[:2]


class PerlaTonettiWaugh(Mechanism[PerlaTonettiWaughParameters]):
    """Technology adoption by the least productive firms, exports by the most productive.

    Examples
    --------
    The published experiment, a cut of the trade cost by 10 per cent:

    >>> from tradewinds.growth import mechanisms
    >>> adoption = mechanisms["perla-tonetti-waugh"]
    >>> before = adoption.parameters("published")
    >>> result = adoption.counterfactual(before, {"trade_cost": 2.82024354291634}, variant="published")
    >>> [round(100 * x.growth, 2) for x in (result.baseline, result.counterfactual)]
    [0.79, 1.03]
    >>> round(result.welfare_steady_state, 1)
    11.2
    """

    name = "perla-tonetti-waugh"
    title = "Technology adoption and exporters"
    variants = VARIANTS
    Parameters = PerlaTonettiWaughParameters
    citation_keys = ("perla-tonetti-waugh2021", "grossman-helpman2015")
    provenance = (
        "Derived here; the published algebra and the calibrations are from notes on the authors' public code, the statements of "
        "the 2014 draft from the survey. Neither version of the article was at hand."
    )
    discipline = (
        "Home share of spending, share of exporters among firms and their relative size at home.",
        "Transition of firms between size quartiles over five years, which pins drift and volatility.",
        "Entry rate, growth and the real interest rate.",
    )
    autarky: ClassVar[Mapping[str, Any]] = {"trade_cost": np.inf}
    tastes = ("discount_rate", "inverse_ies")
    units: ClassVar[Mapping[str, str]] = {
        "real_wage": "goods per unit of best practice",
        "profit_minimum": "wage = 1",
        "adoption_rate": "share of firms a year",
        "exporter_share": "share of firms",
        "relative_size": "sales at home of exporters, of others = 1; limits where either is nobody",
        "export_labour_share": "share of labour",
        "entry_rate": "share of firms a year",
        "entry_loss": "share of the cost of entry",
        "best_practice": "logarithm, 0 at the change",
        "adoption_goods": "goods per unit of best practice",
    }

    def defaults(self, variant: str) -> PerlaTonettiWaughParameters:
        """Return the standard calibration of a variant."""
        return standard(variant)

    def balanced_growth(self, p: PerlaTonettiWaughParameters, variant: str) -> dict[str, Any]:
        """Return the balanced growth path; growth is a root of one equation where there are shocks."""
        found = with_shocks(p, variant == "corrected") if variant in SHOCKS else closed_form(p, variant)
        return variables(p, variant, *found)

    def residual(self, values: Mapping[str, Any], p: PerlaTonettiWaughParameters, variant: str) -> Mapping[str, Any]:
        """Return the conditions of the module at a point."""
        return residual(values, p, variant)

    def conditions(
        self, values: Mapping[str, Any], p: PerlaTonettiWaughParameters, variant: str
    ) -> tuple[Condition, ...]:
        """Require the parameters that a variant knows, adoption, workers and goods left for consumption, and finite welfare."""
        shocks, growth = np.asarray(p.volatility) > 0, np.asarray(values["growth"])
        fixed, plain = variant in FIXED_MASS, variant not in SHOCKS
        everywhere = np.ones(shocks.shape, dtype=bool)
        with np.errstate(invalid="ignore", over="ignore"):  # behind a border that is as good as closed nobody asks
            reach = np.asarray(p.trade_cost, dtype=float) ** (np.asarray(p.elasticity_of_substitution) - 1)
            needed = np.asarray(p.export_fixed_cost) * reach  # profit at home of whom exporting just pays
        return (
            Condition(
                "volatility",
                ~shocks if plain else shocks,
                f"volatility must be 0 in {variant}; use corrected with shocks"
                if plain
                else f"volatility must be above 0 in {variant}; use no-shocks without shocks",
            ),
            Condition(
                "inverse_ies",
                np.asarray(p.inverse_ies) == 1 if plain else everywhere,
                f"inverse_ies must be 1: utility is logarithmic in {variant}",
            ),
            Condition(
                "exit_rate",
                np.asarray(p.exit_rate) == 0 if fixed else everywhere,
                f"exit_rate must be 0: the mass of firms is fixed in {variant}",
            ),
            Condition("finite welfare", finite_welfare(growth, p, variant), welfare_bound(growth, p, variant)),
            Condition(
                "adoption",
                np.isfinite(growth) & (np.asarray(values["adoption_rate"]) >= 0),
                f"nobody adopts: best practice grows at the drift of {p.drift} at most, the corner without adoption. Adoption "
                "must be cheap against entry, or against the gain of the better firm: lower adoption_entry_ratio, or adoption_cost "
                "where firms are fixed"
                if plain
                else no_adoption(p, variant),
            ),
            Condition(
                "resources",
                (np.asarray(values["consumption"]) > 0) & (np.asarray(values["profit_minimum"]) > 0),
                "fixed costs of exporting and adoption take more than there is; lower export_fixed_cost or varieties",
            ),
            Condition(
                "export cutoff",
                (np.asarray(values["export_cutoff"]) > 1)
                | (np.asarray(values["profit_minimum"]) >= (1 - 1e-12) * needed),
                f"there is no export cutoff: the least productive firm, with a profit of {values['profit_minimum']}, would have "
                f"to export, which pays from {needed} on; if it did not it would have that much. "
                "The published value of firms has a kink there; use corrected",
            ),
        )

    def corner(self, values: Mapping[str, Any], p: PerlaTonettiWaughParameters, variant: str) -> str:
        """Name the corners: every firm exports; best practice falls, with its growth."""
        return corner(values, p)

    def exports(self, values: Mapping[str, Any], p: PerlaTonettiWaughParameters, variant: str) -> str:
        """Say what home sells abroad."""
        share = float(values["exporter_share"])
        return f"varieties of the most productive {100 * share:.3g} per cent of firms" if share > 0 else "nothing"

    def static_consumption(self, baseline: BalancedGrowth, changed: PerlaTonettiWaughParameters) -> Any:
        """Return consumption at time 0 with the firms, their productivity and the adoption of the baseline."""
        p: Any = baseline.parameters
        xi = Firm(p, baseline.growth, True).second_tail if baseline.variant == "corrected" else np.inf
        workers = 1 - baseline.home("rnd_labour_share")
        settled = static(changed, baseline.home("varieties"), workers, xi)
        return settled["output"] - baseline.home("adoption_goods")

    def equivalent(self, utility: Any, baseline: Any, p: PerlaTonettiWaughParameters) -> Any:
        """Return the consumption equivalent, in per cent."""
        return consumption_equivalent(utility, baseline, p.discount_rate, p.inverse_ies)

    def with_transition(self, before: BalancedGrowth, after: BalancedGrowth) -> tuple[Any, Transition | None]:
        """Return welfare with the path where one is solved; elsewhere that of the balanced growth paths."""
        p: Any = before.parameters
        if not has_path(p, before.variant):
            return self.equivalent(after.welfare, before.welfare, p), None
        if before.variant == "published":
            from tradewinds.growth.perla_tonetti_waugh_published import resting

            before = resting(before)
        return super().with_transition(before, after)

    def transition(
        self, baseline: Any = None, changed: Any = None, *, variant: str | None = None, throw: bool = True
    ) -> Solution:
        """Return the path from the firms of the baseline to the changed regime.

        Raises
        ------
        InputError
            With a fixed mass of firms, where the economy jumps, and with utility that is not logarithmic.
        """
        from tradewinds.growth.perla_tonetti_waugh_transition import transition

        chosen = self.variant(variant)
        p = self.admit(baseline, chosen)
        return transition(self, p, self.changed(p, self.autarky if changed is None else changed), chosen, throw=throw)

    def grid_convergence(
        self,
        baseline: PerlaTonettiWaughParameters | None = None,
        changed: Any = None,
        *,
        variant: str | None = None,
        grids: Sequence[tuple[int, int]] = GRIDS,
    ) -> GridConvergence:
        """Return welfare with transition on finer and finer grids of productivity and time, where there are shocks.

        Parameters
        ----------
        baseline, changed : optional
            As of :meth:`transition`; a cut of the trade cost by 10 per cent where no change is given.
        variant : {"corrected", "published"}, optional
        grids : sequence of pairs of int
            Nodes and dates, each pair twice the pair before.

        Raises
        ------
        InputError
            If the variant has no grid, or the grids do not double.

        Examples
        --------
        >>> found = MECHANISM.grid_convergence(grids=((100, 12), (200, 24)))
        >>> [round(float(welfare), 2) for welfare in found.welfare]
        [6.94, 6.95]
        """
        chosen = self.variant(variant)
        p = self.admit(baseline, chosen)
        if chosen not in SHOCKS or not has_path(p, chosen):
            raise InputError(f"{self.name} ({chosen}) has no path on a grid; variants with one: {', '.join(SHOCKS)}")
        cut = {"trade_cost": 1 + 0.9 * (p.trade_cost - 1)}
        q = self.changed(p, cut if changed is None else changed)
        start, end = (self.solve(x, variant=chosen).value for x in (p, q))
        return grid_convergence(start, end, grids)

    def counterfactual(
        self, baseline: Any = None, changed: Any = None, *, variant: str | None = None
    ) -> Counterfactual:
        """Compare two regimes; ``why`` says for how long nobody enters, if so.

        See :meth:`Mechanism.counterfactual`.
        """
        result = super().counterfactual(baseline, changed, variant=variant)
        if result.path is None or not np.any(idle := result.path.paths["entry_rate"] == 0):
            return result
        years = float(np.max(result.path.time[idle]))
        why = f"{result.why}; there are too many firms at first, so nobody enters for {max(years, 1):.0f} years"
        return dataclasses.replace(result, why=why)

    def explain(self, baseline: BalancedGrowth, counterfactual: BalancedGrowth) -> str:
        """Say in one line why growth moved, or did not."""
        change = counterfactual.growth - baseline.growth
        if abs(change) < 1e-12:
            why = "the profit of good firms relative to that of the least productive stays, so adoption does"
        elif baseline.variant == "fixed-mass-labour-cost":
            if change > 0:
                why = "fewer workers sell abroad, which leaves more to adoption"
            else:
                why = "more workers sell abroad, which leaves fewer to adoption"
        else:
            why = (
                f"profits of good firms {'rise' if change > 0 else 'fall'} relative to the cost of adoption, "
                f"so the least productive adopt {'sooner' if change > 0 else 'later'}"
            )
        p: Any = baseline.parameters
        if baseline.variant not in FIXED_MASS and not has_path(p, baseline.variant):
            why += "; no path is solved here: welfare with transition is that of the balanced growth paths"
        return why

    def calibrate(self, facts: Facts | None = None, *, variant: str | None = None) -> PerlaTonettiWaughParameters:
        """Return parameters with the facts' growth, home share, trade elasticity and interest rate.

        With shocks the drift gives growth; without, the cost of adoption relative to entry, or that of adoption.

        Raises
        ------
        InputError
            If no parameters give the facts.
        """
        from tradewinds.growth.perla_tonetti_waugh_fit import fit_shocks

        facts, chosen = facts or Facts(), self.variant(variant)
        base = self.defaults(chosen)
        rho = facts.interest_rate - base.inverse_ies * facts.growth
        if rho <= 0 or not 0 < facts.home_share < 1 or facts.countries < 2:
            raise InputError(
                f"{self.name}: the interest rate must exceed growth, the home share be between 0 and 1, and countries two or more"
            )
        p = base.replace(discount_rate=rho, pareto_shape=facts.trade_elasticity, countries=facts.countries)
        if chosen in SHOCKS:
            return fit_shocks(p, facts.growth, facts.home_share, chosen == "corrected")
        changes = fit(p, facts.growth, facts.home_share, chosen)
        if not changes.pop("export_cutoff") >= 1 or not changes["trade_cost"] >= 1:
            raise InputError(
                f"{self.name}: a home share of {facts.home_share} with {facts.countries} countries needs every firm to export, "
                "or a trade cost below 1; raise the home share or the number of countries"
            )
        return p.replace(**changes)

    def claims(self) -> tuple[Claim, ...]:
        """Solve the statements of the survey and the published gains."""
        from tradewinds.growth.perla_tonetti_waugh_claims import claims

        return claims(self)

    def plot(self, parameters: PerlaTonettiWaughParameters | None = None, *, variant: str | None = None) -> Figure:
        """Return growth and the share of exporters against the trade cost, with and without the fixed cost of exporting."""
        chosen = self.variant(variant)
        p = self.admit(parameters, chosen)
        top = p.trade_cost if np.isfinite(p.trade_cost) else 3.0
        costs = np.linspace(max(1.0, 0.6 * top), 1.5 * top, 31)
        with style():
            figure, (left, right) = panels(2, f"Cheaper trade and adoption ({chosen})", self.citation_keys)
            figure.set_size_inches(9, 4.2)
            for i, (label, kappa) in enumerate((("fixed cost of exporting", p.export_fixed_cost), ("none", 0.0))):
                swept = self.sweep(p.replace(export_fixed_cost=kappa), variant=chosen, trade_cost=costs)
                look: dict[str, Any] = {"color": COLOURS[i + 1], "linestyle": DASHES[i], "label": label}
                left.plot(costs, 100 * swept["growth"], **look)
                right.plot(costs, 100 * swept["exporter_share"], **look)
            left.set(title="Growth of consumption", xlabel="trade cost", ylabel="per cent a year")
            right.set(title="Exporters", xlabel="trade cost", ylabel="per cent of firms")
            left.legend()
            right.legend()
        return figure


MECHANISM = PerlaTonettiWaugh()
