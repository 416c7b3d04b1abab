"""The same liberalisation through every mechanism of the survey, calibrated to the same facts, beside static trade theory."""

from __future__ import annotations

from tradewinds.compare import Comparison, compare, default_members
from tradewinds.report import Section
from tradewinds.report.compare import ComparePage

__all__ = ["comparison_section", "same_shock"]

#: Kinds of models that stand in the comparison: the survey's mechanisms, and trade theory without growth.
KINDS = ("static", "mechanism")


def same_shock() -> Comparison:
    """Put the usual liberalisation through every mechanism, in the variants that answer it in another way."""
    return compare(members=[member.label for member in default_members(world=False) if member.kind in KINDS])


def comparison_section(found: Comparison, page: ComparePage) -> Section:
    """Return what the mechanisms make of one shock, as a section."""
    before, after = (100 * share for share in (found.facts.home_share, found.shock.after(found.facts)))
    words = (
        "Sections above have each mechanism at its own calibration. Here all have the same growth, home share, trade elasticity "
        "and interest rate. Trade gets cheaper until the share that home spends on its own goods falls from "
        f"{before:.4g} to {after:.4g} per cent, as in Perla, Tonetti and Waugh; mechanisms without a trade cost go from autarky to "
        "free trade, by the same proportion. `tradewinds compare` takes other shocks and facts, draws ranges, and finds the "
        "parameters at which signs turn."
    )
    return Section("The same liberalisation through every mechanism", [words, page.abstract, *page.sections])
