"""Rules that every decomposition states: what is missing, inactive, an entrant, a returning plant, a change of industry.

Each rule has a name, so that two people who disagree about a number can see why. Plants that are left out go before shares
are formed, so that shares sum to one over the plants that remain.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["INACTIVE", "MISSING", "REENTRY", "STATUSES", "SWITCHERS"]

#: Rows whose productivity, weight, industry or export status is missing.
MISSING: Mapping[str, str] = {
    "raise": "an error names the rows",
    "drop-row": "the row is left out; a plant seen in the other year then counts as entering or leaving",
    "drop-plant": "a plant with a missing value in either of two years compared is left out of both",
}

#: Rows of plants that did not operate: export status coded -1, or no weight and no productivity.
INACTIVE: Mapping[str, str] = {
    "raise": "an error names the rows",
    "absent": "as if the row were not there, so that a plant that stops operating leaves",
}

#: Plants absent in one of two years compared and seen outside them: back after an absence, or about to come back.
REENTRY: Mapping[str, str] = {
    "count": "as entry and exit like any other, with their part shown",
    "leave-out": "left out of both years",
}

#: Survivors that change industry, where industries are decomposed one by one.
SWITCHERS: Mapping[str, str] = {
    "first": "in the industry of the first year in both years",
    "last": "in the industry of the last year in both years",
    "exit-and-entry": "they leave one industry and enter the other",
}

#: What a plant is in a comparison of two years.
STATUSES: Mapping[str, str] = {
    "survivor": "in both years",
    "entrant": "in the last year only, not seen before the first",
    "re-entrant": "in the last year, not in the first, seen before it",
    "exiter": "in the first year only, not seen after the last",
    "returns later": "in the first year, not in the last, seen after it",
}
