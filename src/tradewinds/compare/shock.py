r"""One liberalisation, stated once and put to every model in the terms it knows.

The shock is a change of the share that home spends on its own goods, or a cut of trade costs. Models that have a trade cost find
the one that gives the new share. Models that know only autarky and free trade open instead, to a partner whose size makes the
home share fall in the same proportion: their static theory would see the same :math:`\ln(\lambda'/\lambda)`.
"""

from __future__ import annotations

from dataclasses import dataclass

from tradewinds.errors import InputError
from tradewinds.growth import Facts

__all__ = ["TradeShock", "require_facts"]


@dataclass(frozen=True)
class TradeShock:
    """A liberalisation, or its reverse.

    Parameters
    ----------
    home_share : float, optional
        Share of spending on home goods after it, in (0, 1]; 1 closes the economy.
    trade_cost_cut : float, optional
        By which share the trade cost beyond one falls, below 1: 0.1 takes a cost of 3.02 to 2.82; negative raises it. One of
        the two has to be given.
    idea_flow : float
        Share, 0 to 1, of what countries do not yet learn from each other that they learn after the shock, where a model has a
        flow of ideas apart from goods; 0: goods alone.

    Raises
    ------
    InputError
        If both or none are given, or a number is out of bounds.

    Examples
    --------
    >>> TradeShock(home_share=0.8556).ratio(Facts(home_share=0.8937)).__round__(4)
    0.9574
    >>> TradeShock(home_share=1.2)
    Traceback (most recent call last):
        ...
    tradewinds.errors.InputError: home_share after the shock is 1.2; it must lie in (0, 1]: the share of spending on home goods
    """

    home_share: float | None = None
    trade_cost_cut: float | None = None
    idea_flow: float = 0.0

    def __post_init__(self) -> None:
        if (self.home_share is None) == (self.trade_cost_cut is None):
            raise InputError(
                "state the shock by home_share (after it) or by trade_cost_cut, one of the two; such as home_share = 0.8556"
            )
        if self.home_share is not None and not 0 < self.home_share <= 1:
            raise InputError(
                f"home_share after the shock is {self.home_share!r}; it must lie in (0, 1]: the share of spending on home goods"
            )
        if self.trade_cost_cut is not None and not -100 < self.trade_cost_cut < 1:
            raise InputError(
                f"trade_cost_cut is {self.trade_cost_cut!r}; it must be below 1, such as 0.1 for a tenth of the cost beyond one"
            )

        if not 0 <= self.idea_flow <= 1:
            raise InputError(
                f"idea_flow is {self.idea_flow!r}; it must lie in [0, 1]: the share of what is not yet learnt abroad that will be"
            )

    def after(self, facts: Facts) -> float:
        r"""Return the home share after the shock: as stated, or as gravity with one elasticity has it.

        Symmetric countries at an iceberg cost: :math:`(1 - \lambda)/\lambda = (N - 1)\,\tau^{-\varepsilon}`.
        """
        if self.home_share is not None:
            return self.home_share
        assert self.trade_cost_cut is not None
        odds = 1 / facts.home_share - 1
        cost = (odds / (facts.countries - 1)) ** (-1 / facts.trade_elasticity)
        new = 1 + (1 - self.trade_cost_cut) * (cost - 1)
        return 1 / (1 + odds * (new / cost) ** (-facts.trade_elasticity))

    def ratio(self, facts: Facts) -> float:
        """Return the home share after the shock over that before."""
        return self.after(facts) / facts.home_share

    def moved(self, stated: Facts, drawn: Facts) -> TradeShock:
        """Return the shock of the same proportion at other facts."""
        if self.home_share is None or stated == drawn:
            return self
        share = min(1.0, drawn.home_share * self.home_share / stated.home_share)
        return TradeShock(home_share=share, idea_flow=self.idea_flow)


def require_facts(facts: Facts) -> Facts:
    """Raise InputError unless the facts can be those of an economy that trades.

    Examples
    --------
    >>> require_facts(Facts(home_share=1.0))
    Traceback (most recent call last):
        ...
    tradewinds.errors.InputError: home_share before the shock is 1.0; it must lie between 1 / countries = 0.1 and 1: ...
    """
    if isinstance(facts.countries, bool) or facts.countries != int(facts.countries) or facts.countries < 2:
        raise InputError(f"countries is {facts.countries!r}; it must be a whole number, 2 or more")
    if not 1 / facts.countries <= facts.home_share < 1:
        raise InputError(
            f"home_share before the shock is {facts.home_share!r}; it must lie between 1 / countries = {1 / facts.countries:.3g} "
            "and 1: models are calibrated to an economy that trades, and no country is favoured abroad over home"
        )
    if not facts.growth > 0:
        raise InputError(f"growth is {facts.growth!r}; it must be above 0, such as 0.0079 for 0.79 per cent a year")
    if not facts.interest_rate > facts.growth:
        raise InputError(
            f"interest_rate is {facts.interest_rate!r} and growth {facts.growth!r}; the first must be the larger: what is left is "
            "the discount rate where utility is logarithmic"
        )
    if not facts.trade_elasticity > 1:
        raise InputError(f"trade_elasticity is {facts.trade_elasticity!r}; it must be above 1, such as 5")
    return facts
