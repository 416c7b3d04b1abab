r"""Dynamic selection: entrants learn from the firms that survive, and trade selects better survivors (Sampson 2016).

``J + 1`` symmetric countries have :math:`L` workers each, a number that grows at :math:`n`. A family maximises
:math:`\int e^{-(\rho - n) t} c^{1 - 1/\gamma} / (1 - 1/\gamma)\,dt` with :math:`c` consumption a head, a CES index with elasticity
:math:`\sigma`. A firm of productivity :math:`\theta` makes one variety, needs :math:`f` workers to stay open and :math:`f_x` more
for each country it exports to at the iceberg cost :math:`\tau`. Firms below a cutoff :math:`\theta^*` close for good; the others
have :math:`\phi = \theta / \theta^* \ge 1` with the Pareto tail :math:`\phi^{-k}`, :math:`k > \sigma - 1`. To make a new product
takes :math:`f_e` workers. Its productivity is drawn from what home's firms can do, so that it rises with the mean of theirs: the
entrant's :math:`\phi` is Pareto with the same :math:`k` from :math:`\lambda \le 1` on, and it opens with the probability
:math:`\lambda^k`. Nothing is learnt from abroad.

**Equilibrium.** Profits over the wage are :math:`f (\phi^{\sigma-1} - 1)` at home and
:math:`f_x ((\phi/\phi_x)^{\sigma-1} - 1)` in each foreign country, with the export cutoff
:math:`\phi_x = \tau (f_x / f)^{1/(\sigma-1)}`. With the cutoff growing at :math:`g`, firms of given productivity fall back at
:math:`g` until they close. :math:`M` firms, :math:`R` entrants a year, the home share :math:`\lambda_{ii}` and
:math:`F = f + J f_x \phi_x^{-k}`, the workers in fixed costs a firm, meet

.. math::
    \lambda_{ii} &= \frac{1}{1 + J \tau^{1-\sigma} \phi_x^{\sigma - 1 - k}} = \frac{f}{F} && \text{home share} \\
    f_e &= \frac{\lambda^k}{r - q + g k}\,\frac{\sigma - 1}{k + 1 - \sigma}\,F && \text{free entry} \\
    q &= \gamma (r - \rho), \qquad q = g + \frac{n}{\sigma - 1} && \text{Euler; growth of real wages} \\
    \lambda^k R &= (n + g k) M && \text{firms} \\
    L &= M F \left[1 + \frac{(\sigma-1) k}{k+1-\sigma}\right] + f_e R && \text{labour}

A path of the profits falls in expectation at :math:`r - q + g k`, because the tail of those still open thins at :math:`g k`; that
is the denominator of free entry. Solving, with :math:`\Gamma` that denominator,

.. math::
    q = \frac{\gamma}{1 + \gamma (k - 1)} \left[\Gamma + \frac{k n}{\sigma - 1} - \rho\right], \qquad
    \Gamma = \frac{\lambda^k}{f_e}\,\frac{\sigma - 1}{k + 1 - \sigma}\,F = \frac{\Gamma_{A}}{\lambda_{ii}} .

Growth depends on trade only through the home share, and not at all on :math:`L`. With :math:`s = (n + g k) / \Gamma` the labour
market gives :math:`L = M F B / (k + 1 - \sigma)`, :math:`B = \sigma k - (\sigma - 1)(1 - s)`, and consumption is

.. math::
    c = \frac{\sigma k}{B}\,\frac{w}{P}, \qquad
    \frac{w}{P} = \frac{\sigma - 1}{\sigma}\,\theta^* \left[\frac{k M}{(k + 1 - \sigma)\,\lambda_{ii}}\right]^{1/(\sigma-1)} .

**The day of an opening.** :math:`K = M \theta^{*k}`, which counts the firms above any given productivity, moves only as firms
enter. When trade opens, :math:`M` falls and :math:`\theta^*` rises at once along it: the weak close, the tail stays Pareto, and
the economy jumps to its new growth path. Consumption changes by
:math:`\lambda_{ii}^{-1/k} (B_A / B)^{1 + 1/(\sigma-1) - 1/k}`: the static gain, which is the formula of Arkolakis, Costinot and
Rodriguez-Clare (2012), less what goes into more entry. When trade *closes*, firms that are gone do not come back, and the economy
cannot jump. What is reported for a closing compares the two growth paths from one :math:`K`: the gain from opening, undone.

**Corners.** Where :math:`\phi_x < 1` every firm exports: the weakest covers :math:`F = f + J f_x` with sales in all countries, and
:math:`\lambda_{ii} = 1 / (1 + J \tau^{1-\sigma})`. Selection, and with it growth, then depends on :math:`f_x` alone: a lower
:math:`\tau` leaves growth as it is, and a lower :math:`f_x` *reduces* it, down to that of autarky at :math:`f_x = 0`. Without
population growth and with :math:`\Gamma \le \rho` nobody enters and nothing grows. With population growth, a :math:`\Gamma` so low
that the cutoff would fall admits no growth path of this kind, and is refused with the bound.

All equations are derived here from these primitives. Sampson (2016) was not at hand: the calibration, and the published gains of
1.1 per cent (static), 3.6 (in all) and growth of 1.56 against 1.41 per cent in autarky, are from memory; his notation may differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from tradewinds.errors import InputError
from tradewinds.growth.claims import Claim
from tradewinds.growth.facts import Condition, Facts
from tradewinds.growth.figures import panels
from tradewinds.growth.interface import Mechanism
from tradewinds.growth.results import BalancedGrowth
from tradewinds.growth.sampson_parameters import SampsonParameters
from tradewinds.plotting import COLOURS, DASHES, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["MECHANISM", "Sampson", "SampsonParameters"]


class Sampson(Mechanism[SampsonParameters]):
    """Growth by selection of the firms that entrants learn from."""

    name = "sampson"
    title = "Dynamic selection"
    variants = ("dynamic-selection",)
    Parameters = SampsonParameters
    citation_keys = ("sampson2016", "grossman-helpman2015")
    provenance = "Derived here; the calibration of Sampson (2016) and its published gains are from memory."
    discipline = (
        "Trade elasticity and the tail index of sales of firms, which give k and sigma.",
        "Import shares, and exports by size of firm, for the costs of trade.",
        "Productivity of entrants against incumbents, and how both move after a liberalisation, for the link itself.",
    )
    tastes = ("discount_rate", "elasticity_of_substitution", "intertemporal_elasticity", "population_growth")
    autarky: ClassVar[Mapping[str, Any]] = {"trade_cost": np.inf}
    units: ClassVar[Mapping[str, str]] = {"exit_cutoff": "productivity index, at time 0"}

    def balanced_growth(self, p: SampsonParameters, variant: str) -> dict[str, Any]:
        """Return the closed form of the module, corners included."""
        k, sigma, n = p.pareto_shape, np.asarray(p.elasticity_of_substitution), np.asarray(p.population_growth)
        reward, gamma = _reward(p), p.intertemporal_elasticity
        interior = gamma / (1 + gamma * (k - 1)) * (reward + k * n / (sigma - 1) - p.discount_rate) - n / (sigma - 1)
        innovation = np.where(n == 0, np.maximum(interior, 0.0), interior)
        growth = innovation + n / (sigma - 1)
        home = home_share(p)
        share = (n + innovation * k) / reward
        firms = np.asarray(p.labour) * (k + 1 - sigma) / (_fixed(p) * _use(p, share))
        consumption, cutoff = _consumption(p, firms, sigma * k / _use(p, share))
        return {
            "growth": growth,
            "innovation": innovation,
            "home_share": home,
            "import_share": 1 - home,
            "consumption": consumption,
            "varieties": firms,
            "exit_cutoff": cutoff,
            "export_cutoff": export_cutoff(p),
            "interest_rate": p.discount_rate + growth * p.risk_aversion,
            "rnd_labour_share": share * (sigma - 1) / _use(p, share),
            "lifetime_utility": _utility(consumption, growth, p),
        }

    def residual(self, values: Mapping[str, Any], p: SampsonParameters, variant: str) -> Mapping[str, Any]:
        """Return the conditions of the module at a point; free entry is a complementarity with growth of the cutoff."""
        k, sigma, tau = p.pareto_shape, p.elasticity_of_substitution, np.asarray(p.trade_cost)
        q, g, firms, export = values["growth"], values["innovation"], values["varieties"], values["export_cutoff"]
        entrants = (p.population_growth + k * g) * firms / p.entry_scale**k
        fixed = p.fixed_cost + p.partners * p.export_cost * export**-k
        gross = k / (k + 1 - sigma)  # mean of phi^(sigma - 1)
        value = p.entry_scale**k * (gross - 1) * fixed / (values["interest_rate"] - q + g * k)
        entry = 1 - value / p.entry_cost
        foreign = p.partners * tau ** (1 - sigma) * export ** (sigma - 1 - k)
        real_wage = (sigma - 1) / sigma * values["exit_cutoff"] * (firms * gross * (1 + foreign)) ** (1 / (sigma - 1))
        research = p.entry_cost * entrants
        sales = sigma * firms * fixed * gross
        # a household earns its wage and what firms pay out after entrants are paid
        earned = p.labour + firms * fixed * (gross - 1) - research
        return {
            "free entry": np.minimum(g, entry) if p.population_growth == 0 else entry,
            "euler": q - p.intertemporal_elasticity * (values["interest_rate"] - p.discount_rate),
            "real wages": q - g - p.population_growth / (sigma - 1),
            "labour market": (firms * fixed * (1 + (sigma - 1) * gross) + research) / p.labour - 1,
            "entry labour": research / p.labour - values["rnd_labour_share"],
            "home share": values["home_share"] * (1 + foreign) - 1,
            "knowledge": firms * values["exit_cutoff"] ** k / p.knowledge - 1,
            "household budget": earned / sales - 1,
            "consumption": real_wage * earned / p.labour / values["consumption"] - 1,
        }

    def conditions(self, values: Mapping[str, Any], p: SampsonParameters, variant: str) -> tuple[Condition, ...]:
        """Require a thin enough tail, a cutoff that does not fall, and finite utility."""
        k, sigma = np.asarray(p.pareto_shape), np.asarray(p.elasticity_of_substitution)
        n, rho = np.asarray(p.population_growth), np.asarray(p.discount_rate)
        # growth is linear in the discount rate: the bound is where both meet
        slope = (1 - p.risk_aversion) * p.intertemporal_elasticity / (1 + p.intertemporal_elasticity * (k - 1))
        bound = (n + slope * (_reward(p) + k * n / (sigma - 1))) / (1 + slope)
        needed = rho + (p.risk_aversion - 1) * n / (sigma - 1)
        return (
            Condition(
                "tail index",
                k > sigma - 1,
                f"pareto_shape is {k}; it must exceed elasticity_of_substitution - 1 = {sigma - 1}, or sales are infinite",
            ),
            Condition(
                "growth of the cutoff",
                (values["innovation"] >= 0) & ((n == 0) | (values["innovation"] > 0)),
                f"the exit cutoff would fall, at {values['innovation']} a year: the reward of entry is {_reward(p)} a year and "
                f"must exceed {needed}. Lower entry_cost, or raise entry_scale",
            ),
            Condition(
                "finite welfare",
                rho > bound,
                f"lifetime utility is infinite: discount_rate must exceed {bound}, where it is population_growth + "
                "(1 - 1 / intertemporal_elasticity) * growth",
            ),
        )

    def corner(self, values: Mapping[str, Any], p: SampsonParameters, variant: str) -> str:
        """Name the corner without entry, or that in which every firm exports."""
        if values["innovation"] == 0:
            return f"no entry and no growth: the reward of entry, {_reward(p):.4g} a year, is below the discount rate"
        if p.partners > 0 and values["export_cutoff"] == 1:
            return "every firm exports: a lower trade cost no longer selects"
        return ""

    def exports(self, values: Mapping[str, Any], p: SampsonParameters, variant: str) -> str:
        """Say what home sells abroad."""
        if values["import_share"] == 0:
            return "nothing"
        part = values["export_cutoff"] ** -p.pareto_shape
        return f"varieties of the most productive {100 * part:.3g} per cent of its firms, in exchange for others"

    def static_consumption(self, baseline: BalancedGrowth, changed: SampsonParameters) -> Any:
        """Return consumption a head if as many workers as in the baseline make new products."""
        k, sigma = changed.pareto_shape, changed.elasticity_of_substitution
        left = 1 - baseline.values["rnd_labour_share"]
        firms = changed.labour * left * (k + 1 - sigma) / (_fixed(changed) * (sigma * k + 1 - sigma))
        spending = left * sigma * k / (sigma * k + 1 - sigma)
        return _consumption(changed, firms, spending)[0]

    def equivalent(self, utility: Any, baseline: Any, p: SampsonParameters) -> Any:
        """Return the consumption equivalent, in per cent."""
        power = 1 - p.risk_aversion
        if power == 0:
            return 100 * np.expm1((p.discount_rate - p.population_growth) * (utility - baseline))
        return 100 * np.expm1(np.log(utility / baseline) / power)

    def explain(self, baseline: BalancedGrowth, counterfactual: BalancedGrowth) -> str:
        """Say in one line why growth moved, or did not."""
        if np.isclose(counterfactual.growth, baseline.growth, rtol=0, atol=1e-15):
            return "the reward of entry is as it was: size does not matter, and nothing changed which firms survive"
        before, after = baseline.parameters, counterfactual.parameters
        assert isinstance(before, SampsonParameters)
        assert isinstance(after, SampsonParameters)
        if np.isclose(_fixed(after) / after.fixed_cost, _fixed(before) / before.fixed_cost, rtol=1e-12):
            return "the cost of entry or of waiting moved the reward of entry; selection by trade is as it was"
        if counterfactual.growth > baseline.growth:
            return "trade closes weak firms, so entrants learn from better ones and more of them enter: growth rises"
        return "weak firms survive, so entrants learn from worse ones and fewer of them enter: growth falls"

    def calibrate(self, facts: Facts | None = None, *, variant: str | None = None) -> SampsonParameters:
        """Return parameters with the facts' growth, home share, trade elasticity and interest rate."""
        facts = facts or Facts()
        base = self.defaults(self.variant(variant))
        k, gamma = facts.trade_elasticity, base.intertemporal_elasticity
        rho = facts.interest_rate - facts.growth / gamma
        odds = (1 / facts.home_share - 1) / max(facts.countries - 1, 1)
        if rho <= 0 or not 0 < odds <= 1 or k <= 1:
            raise InputError(
                f"{self.name}: the interest rate must exceed growth / {gamma:g}, the trade elasticity 1, and the home share lie "
                "between 1 / countries and 1"
            )
        p = base.replace(
            pareto_shape=k,
            elasticity_of_substitution=1 + k / 1.06,
            discount_rate=rho,
            trade_cost=max(odds ** (-1 / k), 1.0),
            countries=facts.countries,
        )
        return p.replace(entry_cost=entry_cost(p, facts.growth))

    def claims(self) -> tuple[Claim, ...]:
        """Solve what the survey says about selection and growth, and what Sampson says about the gains."""
        from tradewinds.growth.sampson_claims import claims

        return claims(self)

    def plot(self, parameters: SampsonParameters | None = None, *, variant: str | None = None) -> Figure:
        """Return growth, selection and gains against the share of imports."""
        p = self.admit(parameters, self.variant(variant))
        costs = np.append(np.linspace(1, 4, 121), np.inf)
        swept = self.sweep(p, trade_cost=costs)
        opened = {name: swept[name] / swept[name][-1] for name in ("exit_cutoff", "varieties", "home_share")}
        imports, power = 100 * swept["import_share"], 1 - p.risk_aversion
        fixed = _fixed(p.replace(trade_cost=np.inf)) / _fixed(p.spread({"trade_cost": costs})[0])
        variety = (fixed / opened["home_share"]) ** (1 / (p.elasticity_of_substitution - 1))
        static = fixed ** (-1 / p.pareto_shape) * variety
        utility = swept["lifetime_utility"]
        if power == 0:
            whole = np.exp((p.discount_rate - p.population_growth) * (utility - utility[-1]))
        else:
            whole = (utility / utility[-1]) ** (1 / power)
        with style():
            figure, (left, middle, right) = panels(
                3, "Trade closes weak firms, and entrants learn from better ones", self.citation_keys
            )
            left.plot(imports, 100 * swept["growth"], color=COLOURS[0])
            left.set(title="Growth of consumption a head", ylabel="per cent a year", ylim=(0, None))
            middle.plot(imports, 100 * (opened["exit_cutoff"] - 1), color=COLOURS[0], label="exit cutoff")
            middle.plot(imports, 100 * (opened["varieties"] - 1), color=COLOURS[1], linestyle=DASHES[1], label="firms")
            middle.set(title="Firms on the day of opening", ylabel="per cent over autarky")
            right.plot(imports, 100 * (whole - 1), color=COLOURS[0], label="with growth")
            right.plot(imports, 100 * (static - 1), color=COLOURS[1], linestyle=DASHES[1], label="static")
            right.set(title="Gains from trade", ylabel="per cent of consumption", ylim=(0, None))
            for axis in (left, middle, right):
                axis.set_xlabel("imports, per cent of spending")
            middle.legend()
            right.legend()
        return figure


def export_cutoff(p: SampsonParameters) -> Any:
    """Return the least productivity that exports over the least that stays open; one where every firm exports."""
    relative = np.asarray(p.export_cost) / p.fixed_cost
    closed = np.isinf(p.trade_cost)
    finite = np.where(closed, 1.0, p.trade_cost)  # also where exporting has no fixed cost, a closed border is closed
    cutoff = np.maximum(finite * relative ** (1 / (np.asarray(p.elasticity_of_substitution) - 1)), 1.0)
    return np.where(closed, np.inf, cutoff)[()]


def home_share(p: SampsonParameters) -> Any:
    """Return home's share of spending on home's varieties."""
    sigma, k = np.asarray(p.elasticity_of_substitution), p.pareto_shape
    return 1 / (1 + p.partners * np.asarray(p.trade_cost) ** (1 - sigma) * export_cutoff(p) ** (sigma - 1 - k))


def entry_cost(p: SampsonParameters, growth: float) -> float:
    """Return the cost of entry at which consumption a head grows at a rate."""
    k, n = p.pareto_shape, p.population_growth
    wanted = growth * (k + p.risk_aversion - 1) + p.discount_rate - k * n / (p.elasticity_of_substitution - 1)
    if wanted <= 0:
        raise InputError(
            f"no cost of entry gives growth of {growth}: the number of firms grows faster with population alone"
        )
    return float(p.entry_cost * _reward(p) / wanted)


def _fixed(p: SampsonParameters) -> Any:
    """Return the workers in fixed costs a firm, F."""
    return p.fixed_cost + p.partners * np.asarray(p.export_cost) * export_cutoff(p) ** -np.asarray(p.pareto_shape)


def _reward(p: SampsonParameters) -> Any:
    """Return the rate at which an entrant's profits repay its cost, Gamma."""
    sigma, k = np.asarray(p.elasticity_of_substitution), p.pareto_shape
    return np.asarray(p.entry_scale) ** k / p.entry_cost * (sigma - 1) / (k + 1 - sigma) * _fixed(p)


def _use(p: SampsonParameters, share: Any) -> Any:
    """Return the uses of labour, B."""
    sigma = np.asarray(p.elasticity_of_substitution)
    return sigma * p.pareto_shape - (sigma - 1) * (1 - share)


def _consumption(p: SampsonParameters, firms: Any, spending: Any) -> tuple[Any, Any]:
    """Return consumption a head, with spending a head over the wage, and the exit cutoff."""
    sigma, k = np.asarray(p.elasticity_of_substitution), p.pareto_shape
    cutoff = (p.knowledge / firms) ** (1 / np.asarray(k))
    variety = (k * firms / (k + 1 - sigma) / home_share(p)) ** (1 / (sigma - 1))
    return spending * (sigma - 1) / sigma * cutoff * variety, cutoff


def _utility(consumption: Any, growth: Any, p: SampsonParameters) -> Any:
    """Return lifetime utility of a family a head of today; without the constant of the CRRA form, which need not be finite."""
    power = 1 - p.risk_aversion
    net = p.discount_rate - np.asarray(p.population_growth)
    curved = consumption**power / (np.where(power == 0, 1.0, power) * (net - power * growth))
    value = np.where(power == 0, (np.log(consumption) + growth / net) / net, curved)
    return value[()]


MECHANISM = Sampson()
