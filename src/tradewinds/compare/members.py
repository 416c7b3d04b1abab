"""What is compared: names, variants, and what runs each."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from threadpoolctl import threadpool_limits

from tradewinds.compare.lines import Line, failed_line, label_of
from tradewinds.compare.shock import TradeShock
from tradewinds.errors import InputError, TradewindsError, did_you_mean
from tradewinds.growth import Facts, mechanisms

__all__ = ["BESIDE", "SLOW", "SLOW_SWEEPS", "Member", "default_members", "find_members", "known_members", "run_member"]

#: What stands beside the mechanisms: name -> kind, variants, and the function that runs it.
BESIDE: Mapping[str, tuple[str, tuple[str, ...], str]] = {
    "acr": ("static", ("",), "beside:acr_line"),
    "melitz-chaney": ("static", ("",), "beside:chaney_line"),
    "melitz-ottaviano-pareto": ("static", ("",), "beside:ottaviano_line"),
    "clusters": ("learning", ("related-at-home", "related-abroad"), "dynamic:clusters_line"),
    "world": ("world", ("",), "dynamic:world_line"),
}

#: Variants of mechanisms that stand in the comparison unless told: those that answer the shock in another way.
_SHOWN: Mapping[str, tuple[str, ...]] = {
    "quality-ladders": ("international", "costly-trade"),
    "feenstra": ("capital-mobility", "financial-autarky"),
    "baldwin-robert-nicoud": (
        "grossman-helpman", "coe-helpman", "reverse-engineering", "efficiency-linked", "lab-equipment"
    ),
    "perla-tonetti-waugh": (
        "corrected", "published", "no-shocks", "fixed-mass-labour-cost", "fixed-mass-goods-cost"
    ),
}  # fmt: skip

#: Variants that know no trade.
_CLOSED = (("quality-ladders", "closed"),)

#: Labels of models of which one run takes seconds, so that ranges leave them out unless asked.
SLOW = ("world",)
#: Mechanisms of which hundreds of solves take a minute, so that sweeps leave them out unless asked.
SLOW_SWEEPS = ("young",)

#: Names as a reader meets them, where they are not the public ones in plain words.
_TITLES: Mapping[str, str] = {
    "acr": "Static benchmark (ACR)", "melitz-chaney": "Firms: Melitz-Chaney", "clusters": "Clusters of industries",
    "melitz-ottaviano-pareto": "Firms: Melitz-Ottaviano", "world": "World model",
    "heckscher-ohlin-innovation": "Heckscher-Ohlin and innovation", "feenstra": "Feenstra", "young": "Young",
    "baldwin-robert-nicoud": "Baldwin & Robert-Nicoud", "peretto-valente": "Peretto & Valente", "sampson": "Sampson",
    "perla-tonetti-waugh": "Perla, Tonetti & Waugh", "alvarez-buera-lucas": "Alvarez, Buera & Lucas",
    "buera-oberfield": "Buera & Oberfield",
}  # fmt: skip

_VARIANTS: Mapping[str, str] = {
    "grossman-helpman": "Grossman-Helpman",
    "coe-helpman": "Coe-Helpman",
    "romer-1990": "Romer 1990",
}


@dataclass(frozen=True)
class Member:
    """A model, or a variant of one, in the comparison.

    Attributes
    ----------
    name, variant : str
    """

    name: str
    variant: str

    @property
    def label(self) -> str:
        """Name and variant in one."""
        return label_of(self.name, self.variant)

    @property
    def title(self) -> str:
        """Name and variant in plain words."""
        name = _TITLES.get(self.name) or self.name.replace("-", " ").capitalize()
        shown = len(_variants(self.name)) > 1
        return f"{name}: {_VARIANTS.get(self.variant) or self.variant.replace('-', ' ')}" if shown else name

    @property
    def kind(self) -> str:
        """``mechanism`` of growth, or ``static``, ``learning``, ``world``."""
        return BESIDE[self.name][0] if self.name in BESIDE else "mechanism"


def _variants(name: str) -> tuple[str, ...]:
    """Return every variant of a model that can be compared."""
    if name in BESIDE:
        return BESIDE[name][1]
    return tuple(variant for variant in mechanisms[name].variants if (name, variant) not in _CLOSED)


def known_members() -> tuple[Member, ...]:
    """Return every model and variant that can be compared.

    Examples
    --------
    >>> Member("clusters", "related-abroad") in known_members()
    True
    """
    return tuple(Member(name, variant) for name in (*BESIDE, *mechanisms) for variant in _variants(name))


def default_members(*, world: bool = True) -> tuple[Member, ...]:
    """Return what is compared unless told: every model, in the variants that answer the shock differently."""
    names = [name for name in (*BESIDE, *mechanisms) if world or name != "world"]
    found = []
    for name in names:
        shown = _variants(name) if name in BESIDE else _SHOWN.get(name, _variants(name)[:1])
        found += [Member(name, variant) for variant in shown]
    return tuple(found)


def find_members(texts: Iterable[str]) -> tuple[Member, ...]:
    """Return models by what a study calls them: a name for its usual variants, or ``name: variant``.

    Raises
    ------
    InputError
        If there is no such model or variant, one is named twice, or none is named.

    Examples
    --------
    >>> [member.label for member in find_members(["acr", "sampson", "perla-tonetti-waugh: no-shocks"])]
    ['acr', 'sampson: dynamic-selection', 'perla-tonetti-waugh: no-shocks']
    >>> find_members(["samson"])
    Traceback (most recent call last):
        ...
    tradewinds.errors.InputError: there is no mechanism 'samson'. Did you mean "sampson"? Choose from acr, melitz-chaney, ...
    """
    found: list[Member] = []
    usual = default_members()
    for text in texts:
        name, _, variant = (part.strip() for part in text.partition(":"))
        known = (*BESIDE, *mechanisms)
        if name not in known:
            raise InputError(
                f"there is no mechanism {name!r}.{did_you_mean(name, known)} Choose from {', '.join(known)}"
            )
        allowed = _variants(name)
        if variant and variant not in allowed:
            closed = " It knows no trade." if (name, variant) in _CLOSED else ""
            raise InputError(
                f"{name} has no variant {variant!r} to compare.{closed}{did_you_mean(variant, allowed)} "
                f"Choose from {', '.join(filter(None, allowed)) or 'the name alone'}"
            )
        chosen = [Member(name, variant)] if variant else [member for member in usual if member.name == name]
        for member in chosen:
            if member in found:
                raise InputError(f"{member.label} is named twice")
        found += chosen
    if not found:
        raise InputError("no mechanism is named; leave the list out to have all")
    return tuple(found)


def run_member(member: Member, facts: Facts, shock: TradeShock, given: Mapping[str, float]) -> Line:
    """Return the line of a model; a model that has no answer at these facts returns a line that says why.

    It is a plain function of the module, so that processes can run it.
    """
    function: Any
    if member.name in BESIDE:
        module, name = BESIDE[member.name][2].split(":")
        function = getattr(importlib.import_module(f"tradewinds.compare.{module}"), name)
    else:
        from tradewinds.compare.mechanisms import mechanism_line

        def function(variant: str, facts: Facts, shock: TradeShock, given: Mapping[str, float]) -> Line:
            return mechanism_line(member.name, variant, facts, shock, given)

    try:
        with threadpool_limits(limits=1, user_api="blas"):  # small systems: threads only wait for each other
            line: Line = function(member.variant, facts, shock, given)
    except TradewindsError as error:
        keys = () if member.name in BESIDE else mechanisms[member.name].citation_keys
        return failed_line(member.name, member.variant, member.kind, _named(member, str(error)), keys)
    return line


def _named(member: Member, message: str) -> str:
    return message if message.startswith(member.name) else f"{member.name}: {message}"
