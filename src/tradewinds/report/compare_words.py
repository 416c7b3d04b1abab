"""Words of a comparison: what the models agree on, where they part, and what decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from tradewinds.compare import Comparison, Deciding, Line, Member
from tradewinds.compare.lines import AFTER
from tradewinds.compare.results import key_text
from tradewinds.compare.signs import NEUTRAL, sign_of

__all__ = ["abstract", "disagreement", "names", "swept", "title"]

_VERBS = {1: "rises", 0: "stays", -1: "falls"}


def title(line: Line) -> str:
    """Return the model and its variant in plain words."""
    return Member(line.name, line.variant).title


def names(lines: Iterable[Line]) -> str:
    """Return models in a row."""
    return "; ".join(title(line) for line in lines)


def _total(line: Line) -> float:
    value = line.get("welfare_transition")
    return np.nan if value is None else value


def _signed(value: float | None) -> str:
    """Return a gain with its sign, a minus where it is one."""
    return "none" if value is None else f"{value:+.2f}".replace("-", "−")


def abstract(found: Comparison) -> str:
    """Return what was asked and found, in a few sentences."""
    before, after = found.facts.home_share, found.shock.after(found.facts)
    way = "falls" if after < before else "rises" if after > before else "stays"
    asked = f"The home share of spending {way} from {100 * before:.4g} to {100 * after:.4g} per cent."
    if found.shock.idea_flow:
        share = f"{100 * found.shock.idea_flow:.3g} per cent"
        asked += f" Where ideas flow apart from goods, countries learn {share} of what they did not yet learn from each other."
    return " ".join([asked, *_gains(found), *_signs(found), *_failed(found)])


def _gains(found: Comparison) -> Iterator[str]:
    static = next((line for line in found.solved if line.name == "acr"), None)
    if static is not None:
        yield f"Static theory makes that worth **{_signed(static.get('static_gain'))} per cent** of consumption."
    growing = [line for line in found.solved if line.kind == "mechanism"]
    if len(growing) > 1:
        low, high = (pick(growing, key=_total) for pick in (min, max))
        yield (
            f"With growth and the years it takes, mechanisms say between **{_signed(_total(low))}** ({title(low)}) and "
            f"**{_signed(_total(high))}** ({title(high)})."
        )


def _signs(found: Comparison) -> Iterator[str]:
    counts = {sign: len({line.label for line in lines}) for sign, lines in found.by_sign().items()}
    if sum(counts.values()):
        told = [f"{_VERBS[sign]} in {counts[sign]}" for sign in (1, 0, -1) if counts[sign]]
        total = sum(counts.values())
        yield f"Of {total} models and variants with growth, growth at home {', '.join(told)}."


def _failed(found: Comparison) -> Iterator[str]:
    if found.failures:
        count = len(found.failures)
        yield f"{count} could not be run, and {'its line says' if count == 1 else 'their lines say'} why."


def disagreement(found: Comparison) -> Iterator[str]:
    """Yield paragraphs: whose growth goes which way, which models disagree with themselves, and what decides."""
    for sign, lines in found.by_sign().items():
        if lines:
            yield f"**Growth {_VERBS[sign]}**: {names(lines)}."
    for name, signs in found.decided_by_variant().items():
        model = title(found[name]).partition(":")[0]
        told = "; ".join(
            f"growth {_VERBS[sign]} with {', '.join(_variant(name, variant) for variant in variants)}"
            for sign, variants in signs.items()
        )
        yield f"**{model}**: the variant decides. {told[:1].upper()}{told[1:]}."
    yield from _losing(found)
    yield from _unsettled(found)
    yield from _abroad(found)


def _losing(found: Comparison) -> Iterator[str]:
    """Yield the models in which what growth does turns a static gain into a loss, or a loss into a gain."""
    turned = [line for line in found.solved if (line.get("static_gain") or 0.0) * _total(line) < -1e-6]
    if turned:
        told = "; ".join(
            f"{title(line)} (static {_signed(line.get('static_gain'))}, total {_signed(_total(line))})"
            for line in turned
        )
        yield f"**Growth turns the sign of the gain** in {told}."


def _unsettled(found: Comparison) -> Iterator[str]:
    """Yield the models whose sign the facts and parameters drawn do not settle."""
    told = []
    for line in found.solved:
        ensemble, key = found.ensembles.get(line.label), key_text(("growth_change", AFTER, "home"))
        if ensemble is None or key not in ensemble.variables:
            continue
        signs = [sign_of(change) for change in ensemble[key] if not np.isnan(change)]
        if {1, -1} <= set(signs):
            told.append(f"{title(line)} (rises in {signs.count(1)} draws, falls in {signs.count(-1)})")
    if told:
        yield f"**Not settled** by the intervals drawn: {'; '.join(told)}."


def _variant(name: str, variant: str) -> str:
    return Member(name, variant).title.partition(": ")[2]


def _abroad(found: Comparison) -> Iterator[str]:
    apart = [
        line
        for line in found.solved
        if (home := line.get("growth_change")) is not None
        and (abroad := line.get("growth_change", country="abroad")) is not None
        and sign_of(home) != sign_of(abroad)
    ]
    if apart:
        told = "; ".join(
            f"{title(line)} (home {_VERBS[sign_of(line.get('growth_change') or 0)]}, abroad "
            f"{_VERBS[sign_of(line.get('growth_change', country='abroad') or 0)]})"
            for line in apart
        )
        yield f"**Home and abroad part** in {told}."


def swept(found: Comparison) -> Iterator[str]:
    """Yield what the sweeps found: where signs turn, what nothing moves, and what was not swept."""
    turning = [each for each in found.deciding if each.turns]
    yield from (_turns(each) for each in turning)
    neutral = [each for each in found.deciding if each.tried and each.largest < NEUTRAL]
    if neutral:
        yield (
            f"**The shock never moves growth** in {_members(neutral)}: not in one of "
            f"{sum(each.solved for each in neutral)} economies tried, with one parameter changed at a time."
        )
    steady = [each for each in found.deciding if each.tried and not each.turns and each.largest >= NEUTRAL]
    for sign in (1, -1, 0):
        same = [each for each in steady if each.sign == sign]
        if same:
            yield (
                f"**Growth at home {_VERBS[sign]}** whichever parameter is changed, within the bounds tried, in {_members(same)}."
            )
    for each in found.deciding:
        if each.reason:
            yield f"{each.member.title}: not swept, as {each.reason}."


def _members(each: Iterable[Deciding]) -> str:
    return "; ".join(item.member.title for item in each)


def _turns(each: Deciding) -> str:
    told: dict[tuple[str, str], str] = {}
    for turn in each.turns:  # the nearest of a parameter comes first
        if turn.corner:
            continue
        whose = "" if turn.country == "home" else " abroad"
        told.setdefault(
            (turn.parameter, turn.country),
            f"`{turn.parameter}` at {turn.value:.4g} ({turn.calibrated:.4g} here): growth{whose} {_VERBS[turn.below]} below it and "
            f"{_VERBS[turn.above]} above",
        )
    corners = sum(bool(turn.corner) for turn in each.turns)
    if corners and not told:
        return f"**{each.member.title}** turns only where the economy runs into a corner, as the table says ({corners} of them)."
    if corners:
        told["", ""] = (
            f"and {corners} time{'s' if corners > 1 else ''} where the economy runs into a corner, as the table says"
        )
    return f"**{each.member.title}** turns with " + "; ".join(told.values()) + "."
