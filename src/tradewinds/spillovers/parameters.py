"""What is regressed on what: the specifications of Keller (1997) and the options the paper leaves open.

A :class:`Specification` says which left-hand side (log level or average growth of TFP), how foreign R&D enters (partner by
partner as in Keller, or as one weighted stock as in Coe and Helpman), whether the overall import share scales it
(IS) or not (NIS), and which effects are absorbed. It holds no data.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from tradewinds.errors import InputError, require_option
from tradewinds.spillovers.checks import whole_number

__all__ = [
    "COVARIANCES",
    "EFFECTS",
    "EXPERIMENTS",
    "FOREIGN_RND",
    "KELLER_PERIODS",
    "Covariance",
    "ExperimentKind",
    "Specification",
]

Kind = Literal["growth", "level"]
Growth = Literal["log", "arithmetic"]
ForeignRnd = Literal["by_partner", "coe-helpman", "lichtenberg-van-pottelsberghe"]
Effect = Literal["country", "industry", "cell", "period"]
ShareFollows = Literal["every_slot", "slot", "value"]
ExperimentKind = Literal["observed", "exchange_all", "exchange_partners", "drawn", "equal"]
Covariance = Literal["iid", "hc1", "cluster_country", "cluster_cell", "jackknife_country"]

FOREIGN_RND: tuple[str, ...] = get_args(ForeignRnd)
EFFECTS: tuple[str, ...] = get_args(Effect)
EXPERIMENTS: tuple[str, ...] = get_args(ExperimentKind)
COVARIANCES: tuple[str, ...] = get_args(Covariance)

#: Break years of the growth specification: five subperiods of about four years (Keller 1997, Section 4.2, footnote 15).
KELLER_PERIODS: tuple[int, ...] = (1970, 1974, 1978, 1982, 1986, 1991)

_EQUATIONS = {
    ("level", False): {"observed": "4.1", "exchange_all": "4.4", "exchange_partners": "4.7"},
    ("level", True): {"observed": "4.2", "exchange_all": "4.5", "exchange_partners": "4.8"},
    ("growth", False): {"observed": "4.9", "exchange_partners": "4.11"},
    ("growth", True): {
        "observed": "4.10",
        "exchange_partners": "4.12",
        "equal": "5.1",
        "general_plus_trade": "5.2",
    },
}


@dataclass(frozen=True, kw_only=True)
class Specification:
    """A spillover regression, without its data.

    Parameters
    ----------
    kind : {"growth", "level"}
        Average annual growth of TFP over subperiods, or its log level.
    import_share : bool
        Multiply foreign R&D by the overall import share ``m[i, j]`` (IS) or not (NIS).
    foreign_rnd : {"by_partner", "coe-helpman", "lichtenberg-van-pottelsberghe"}
        One elasticity a partner country (Keller), or one elasticity of a weighted foreign stock.
    effects : tuple of {"country", "industry", "cell", "period"} or None
        Fixed effects. None takes the paper's: country and industry in levels, none in growth. ``"cell"`` is one effect
        a country and industry.
    share_main_effects : bool
        Add the weights themselves as regressors (for one weighted stock: add ``m``). Without them the estimates of a level
        specification depend on the unit of the R&D stocks.
    growth : {"log", "arithmetic"}
        Average annual log difference, or mean of annual rates. The paper does not say which.
    periods : tuple of int or None
        Break years of the growth specification; None takes the paper's where the panel has those years and otherwise
        splits the sample into subperiods of about four years.
    share_follows : {"every_slot", "slot", "value"}
        Where ``m[i, j]`` goes when all eight shares are exchanged: on every slot, as (4.5) prints it, although (4.2) exempts
        own research; on partner slots only; or with the exchanged value, so that the own weight of one stays one wherever it
        lands.

    Examples
    --------
    >>> Specification(kind="level", import_share=False).equation("observed")
    '4.1'
    """

    kind: Kind = "growth"
    import_share: bool = True
    foreign_rnd: ForeignRnd = "by_partner"
    effects: tuple[Effect, ...] | None = None
    share_main_effects: bool = False
    growth: Growth = "log"
    periods: tuple[int, ...] | None = None
    share_follows: ShareFollows = "every_slot"

    def __post_init__(self) -> None:
        require_option("kind", self.kind, get_args(Kind))
        require_option("foreign_rnd", self.foreign_rnd, FOREIGN_RND)
        require_option("growth", self.growth, get_args(Growth))
        require_option("share_follows", self.share_follows, get_args(ShareFollows))
        if self.effects is not None:
            object.__setattr__(self, "effects", _effects(self.effects))
        if self.periods is not None:
            object.__setattr__(self, "periods", _periods(self.periods))
        if self.share_main_effects and self.kind == "growth":
            raise InputError(
                "share_main_effects belongs to level specifications: growth rates have no unit, so there is nothing "
                'to mend. Use kind = "level" or leave it out.'
            )
        if self.share_main_effects and self.foreign_rnd != "by_partner" and not self.import_share:
            raise InputError(
                "share_main_effects adds the overall import share m, which only enters with import_share = true"
            )

    @property
    def absorbed(self) -> tuple[Effect, ...]:
        """Fixed effects in force."""
        if self.effects is not None:
            return self.effects
        return ("country", "industry") if self.kind == "level" else ()

    @property
    def label(self) -> str:
        """Short name for tables, such as ``growth IS``."""
        name = f"{self.kind} {'IS' if self.import_share else 'NIS'}"
        return name if self.foreign_rnd == "by_partner" else f"{name} {self.foreign_rnd}"

    def equation(self, weights: str) -> str:
        """Return the number the paper gives this regression under these weights, or an empty string."""
        if self.foreign_rnd != "by_partner" or self.effects is not None or self.share_main_effects:
            return ""
        return _EQUATIONS[self.kind, self.import_share].get(weights, "")

    def replace(self, **changes: Any) -> Specification:
        """Return a copy with some options changed."""
        return replace(self, **changes)


def _members(name: str, value: object, example: str) -> tuple[Any, ...]:
    """Return the members of a list-like option; text is one word, not a list of letters."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise InputError(f"{name} is {value!r}; it is a list, even of one: {name} = {example}")
    return tuple(value)


def _effects(value: object) -> tuple[Effect, ...]:
    """Return effects as a tuple of known names, each once."""
    effects = _members("effects", value, '["country"]')
    for effect in effects:
        require_option("effects", effect, EFFECTS)
    twice = sorted({effect for effect in effects if effects.count(effect) > 1})
    if twice:
        raise InputError(f"effects names {', '.join(twice)} more than once; name each effect once")
    return effects


def _periods(value: object) -> tuple[int, ...]:
    """Return break years as a tuple of at least two increasing whole numbers."""
    years = tuple(whole_number("periods", year) for year in _members("periods", value, "[1970, 1980, 1991]"))
    if len(years) < 2 or list(years) != sorted(set(years)):
        raise InputError(f"periods must be two or more increasing years, got {list(years)}")
    return years
