"""Events and links of industry clusters in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from tradewinds.clusters import COUNTRIES

if TYPE_CHECKING:
    from tradewinds.clusters import ClusterPath, Event, OpeningEffects

__all__ = ["Names", "event_sentences", "link_sentences", "policy_name", "signed"]

_POLICIES = {
    "autarky": "Autarky",
    "trade": "Trade at once",
    "free_migration": "Trade and free migration",
    "delayed": "Trade when it builds clusters",
    "gradual": "Some industries first",
    "schedule": "A schedule of dates",
}
_PLACES = {"home": "at home", "abroad": "abroad"}
_MOST = 12  # events told; the rest are counted
_FEW = 4  # up to so many industries each is named, also where it is all of them
_LINKS = 4  # links named


class Names:
    """What industries are called: by their names, or by numbers counted from one.

    Parameters
    ----------
    count : int
        How many there are.
    names : sequence of str, optional
    """

    def __init__(self, count: int, names: Sequence[str] | None = None) -> None:
        self.count = count
        self.names = names

    def __call__(self, industry: int) -> str:
        """Return the name of an industry, counted from one."""
        return str(industry) if self.names is None else self.names[industry - 1]

    def listed(self, industries: Sequence[int]) -> str:
        """Return several industries as they stand in a sentence."""
        if not industries:
            return "nothing"
        if len(industries) == self.count > _FEW:
            return "all industries"
        *before, last = [self(industry) for industry in industries]
        named = f"{', '.join(before)} and {last}" if before else last
        if self.names is not None:
            return named
        return f"industr{'ies' if before else 'y'} {named}"


def policy_name(policy: str) -> str:
    """Return a policy for readers."""
    return _POLICIES[policy]


def signed(number: float, form: str) -> str:
    """Return a number with its sign, a true minus, and none where it is zero as shown."""
    text = format(number, f"+{form}")
    return text[1:] if float(text) == 0 else text.replace("-", "−")


def event_sentences(path: ClusterPath, label: Names) -> Iterator[str]:
    """Yield what happens under a policy, what happens on one day in one sentence."""
    days = [(date, list(events)) for date, events in groupby(path.events, key=lambda event: event.time)]
    if days and days[0][0] == 0:
        yield f"At 0 {'; '.join(_told(days.pop(0)[1], label))}."
    yield f"At first {_who_makes_what(path, 0.0, label)}."
    for date, events in days[:_MOST]:
        yield f"At {date:.5g} {'; '.join(_told(events, label))}."
    if len(days) > _MOST:
        yield f"And on {len(days) - _MOST} more days; see events.csv."
    end = path.segments[-1].end
    if days:
        yield f"At {end:g} {_who_makes_what(path, end, label)}."
    else:
        yield f"It stays so to {end:g}."


def _who_makes_what(path: ClusterPath, time: float, label: Names) -> str:
    home, foreign = (label.listed(path.equilibrium_at(time).industries_of(country)) for country in COUNTRIES)
    return f"home makes {home}, foreign {foreign}"


def _told(events: Sequence[Event], label: Names) -> Iterator[str]:
    if any(event.event == "cluster_building" for event in events):
        yield "opening has become cluster building"
    opened = [event.industry for event in events if event.event == "opens" and event.industry is not None]
    if opened:
        yield f"{label.listed(opened)} open{'s' if len(opened) == 1 else ''} to trade"
    for event in events:
        if event.industry is None or event.event == "opens":
            continue
        to = {"home": "home", "foreign": "abroad"}[str(event.country)]
        what = {"moves": f"moves {to}", "shared": f"starts {_PLACES[to]} too", "closes": f"closes {_PLACES[to]}"}[
            event.event
        ]
        yield f"{label.listed([event.industry])} {what}"


def link_sentences(effects: OpeningEffects, label: Names) -> Iterator[str]:
    """Yield for each country what opening is, and which links it joins, weakens and cuts, by weight."""
    for c, country in enumerate(COUNTRIES):
        parts = []
        for word in ("joined", "weakened", "cut"):
            links = effects.links_of(country, word)
            if links:
                named = ", ".join(
                    f"{label(link.sender)} → {label(link.receiver)} ({link.weight:.3g})" for link in links[:_LINKS]
                )
                more = f" and {len(links) - _LINKS} more" if len(links) > _LINKS else ""
                parts.append(f"{word} {named}{more}")
        verdict = effects.verdict[c].replace("neither", "neither cluster building nor destroying")
        reason = f": {'; '.join(parts)}" if parts else "; no link between industries changes"
        yield f"{'at home' if country == 'home' else 'abroad'} {verdict}{reason}."
