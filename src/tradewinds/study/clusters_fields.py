"""The keys of a study of industry clusters: two economies, who learns from whom, and when they open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, PlainSerializer, PlainValidator, WithJsonSchema, model_validator

from tradewinds.study.strict import Strict, refuse, together

__all__ = ["ClustersStudy", "CountryNumber", "CountryNumbers", "Policy", "SpilloverFile"]

#: When industries open; a test holds it against the model's own list.
Policy = Literal["autarky", "trade", "free_migration", "delayed", "gradual", "schedule"]

_Positive = Annotated[float, Field(gt=0)]


class CountryNumber(Strict):
    """Workers of each country; without the table, one in each."""

    home: float = Field(gt=0, description="of home")
    foreign: float = Field(gt=0, description="of foreign")


class CountryNumbers(Strict):
    """Goods a worker makes at the start, one number an industry, for each country."""

    home: list[_Positive] = Field(min_length=1, description="of home, one an industry")
    foreign: list[_Positive] = Field(min_length=1, description="of foreign, one an industry")


class SpilloverFile(Strict):
    """Who learns from whom: a square list of rows, row i what a worker of industry i teaches each; or this table, for a file."""

    file: str = Field(
        min_length=1,
        description="CSV file: a square table, or columns from, to, value; starts at the folder of the study",
    )
    kind: Literal["citations", "labour_flows", "input_output", "spillovers"] = Field(
        description="what is counted: 'from' cites 'to', loses workers to it, sells to it, or teaches it"
    )
    normalise: Literal["row", "column", "total", "largest", "none"] = Field(
        description="what is made one: all an industry teaches (row) or learns (column), the sum, the largest link, or nothing"
    )
    scale: float = Field(1.0, gt=0, description="learning rate that one stands for; rates lie between 0 and 1")
    teacher: Literal["from", "to"] | None = Field(
        None, description="which end of a flow teaches; input_output tables need it, others have a customary one"
    )
    diagonal: bool = Field(True, description="whether industries learn from themselves")
    missing: Literal["error", "zero"] = Field("error", description="what an empty cell or an unlisted pair means")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf")


def _read_spillovers(value: Any) -> list[list[float]] | SpilloverFile:
    if isinstance(value, SpilloverFile):
        return value
    if isinstance(value, Mapping):
        return SpilloverFile.model_validate(dict(value))
    if not isinstance(value, list) or not value or not all(isinstance(row, list) and row for row in value):
        raise together(
            'give a square list of rows, row i what industry i sends to each, or a table such as { file = "citations.csv", '
            'kind = "citations", normalise = "largest", scale = 0.2 }'
        )
    for i, row in enumerate(value):
        if len(row) != len(value):
            raise together(
                f"row {i + 1} has {len(row)} numbers, but there are {len(value)} rows; the table must be square"
            )
        for j, number in enumerate(row):
            if not _is_number(number) or number < 0:
                raise together(f"row {i + 1}, column {j + 1} is {number!r}; it must be a number of at least 0")
    return [[float(number) for number in row] for row in value]


_Spillovers = Annotated[
    list[list[float]] | SpilloverFile,
    PlainValidator(_read_spillovers),
    PlainSerializer(lambda value: value.model_dump(exclude_none=True) if isinstance(value, SpilloverFile) else value),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "array", "minItems": 1, "items": {"type": "array", "items": {"type": "number", "minimum": 0}}},
                SpilloverFile.model_json_schema(),
            ]
        }
    ),
]


class ClustersStudy(Strict):
    """Two economies whose industries learn from each other (Hanlon 2012): what opening to trade does."""

    sigma: float = Field(2.0, gt=1, description="elasticity of substitution between goods")
    labour: CountryNumber = Field(CountryNumber(home=1.0, foreign=1.0), description="workers of each country")
    technology: CountryNumbers = Field(description="goods a worker, by country and industry, at the start")
    spillovers: _Spillovers = Field(
        description="what a worker of the row's industry teaches the column's, or the file it comes from"
    )
    allow_large_spillovers: bool = Field(False, description="accept spillovers above 1, which the paper excludes")
    industries: list[str] | None = Field(
        None, min_length=1, description="names, in the order of technology; needed where spillovers come from a file"
    )
    inactive_learning: float = Field(
        0.0, ge=0, le=1, description="part of its spillovers that an industry without workers learns; the paper has 0"
    )
    horizon: float = Field(100.0, gt=0, le=100_000, description="last date")
    times: list[float] | None = Field(None, min_length=1, description="dates reported; default: 101 of them")
    policy: Policy = Field("trade", description="when industries open")
    open_first: list[int] | None = Field(
        None, min_length=1, description="gradual: industries, counted from one, that open at once"
    )
    open_at: list[float] | None = Field(
        None, min_length=1, description="schedule: one date an industry; one after the horizon is never"
    )
    ties: Literal["equal", "inertia"] = Field(
        "equal", description="who makes industries that are tied when they open: both alike, or as before"
    )
    compare: list[Policy] = Field([], description="further policies, reported beside this one")
    discount_rate: float | None = Field(
        None, gt=0, le=1, description="of utility, a unit of time; without it no welfare is reported"
    )
    risk_aversion: float = Field(1.0, ge=0, le=20, description="relative risk aversion of utility; 1 is the logarithm")

    @model_validator(mode="after")
    def _goes_together(self) -> ClustersStudy:
        refuse(self._contradictions())
        return self

    @property
    def policies(self) -> tuple[Policy, ...]:
        """Every policy that is asked for, the study's own first."""
        return tuple(dict.fromkeys((self.policy, *self.compare)))

    @property
    def count(self) -> int:
        """Number of industries."""
        return len(self.technology.home)

    def options(self, policy: str) -> dict[str, Any]:
        """Return what a policy needs beside its name."""
        if policy == "gradual":
            return {"open_first": self.open_first}
        return {"open_at": self.open_at} if policy == "schedule" else {}

    def _contradictions(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield the key and the sentence of everything that is allowed by itself and not with the rest."""
        n = self.count
        if len(self.technology.foreign) != n:
            yield ("technology", "foreign"), f"{len(self.technology.foreign)} industries, but home has {n}"
        yield from self._about_spillovers(n)
        names = self.industries
        if names is not None and len(names) != n:
            yield ("industries",), f"{len(names)} names for {n} industries"
        for place, name in enumerate(names or ()):
            if name in (names or ())[:place]:
                yield ("industries",), f'two industries are called "{name}"'
        yield from self._about_dates(n)

    def _about_spillovers(self, n: int) -> Iterator[tuple[tuple[str | int, ...], str]]:
        if isinstance(self.spillovers, SpilloverFile):
            if self.industries is None:
                yield ("industries",), "spillovers come from a file: name the industries, in the order of technology"
            if self.spillovers.kind == "input_output" and self.spillovers.teacher is None:
                yield (
                    ("spillovers", "teacher"),
                    'an input-output table does not say who teaches: "from" if buyers learn from suppliers, "to" if suppliers '
                    "learn from buyers",
                )
            return
        if len(self.spillovers) != n:
            yield ("spillovers",), f"{len(self.spillovers)} rows, but technology has {n} industries"
        highest = max(max(row) for row in self.spillovers)
        if highest > 1 and not self.allow_large_spillovers:
            yield ("spillovers",), f"{highest:g} is above 1; set allow_large_spillovers = true if that is meant"

    def _about_dates(self, n: int) -> Iterator[tuple[tuple[str | int, ...], str]]:
        for earlier, later in zip(self.times or (), (self.times or ())[1:], strict=False):
            if later <= earlier:
                yield ("times",), f"{later:g} comes after {earlier:g}; dates must rise"
        for time in self.times or ():
            if not 0 <= time <= self.horizon:
                yield ("times",), f"{time:g} is not between 0 and the horizon, {self.horizon:g}"
        for key, policy in (("open_first", "gradual"), ("open_at", "schedule")):
            given, wanted = getattr(self, key) is not None, policy in self.policies
            if wanted and not given:
                example = "[1, 4]: industries that open at once" if policy == "gradual" else "one date an industry"
                yield (key,), f'policy "{policy}" needs it: {example}'
            if given and not wanted:
                yield (key,), f'it belongs to policy "{policy}", which is neither the policy nor compared'
        for industry in self.open_first or ():
            if not 1 <= industry <= n:
                yield ("open_first",), f"there is no industry {industry}; they are numbered from 1 to {n}"
        if self.open_at is not None and len(self.open_at) != n:
            yield ("open_at",), f"{len(self.open_at)} dates for {n} industries"
        for industry, date in enumerate(self.open_at or (), start=1):
            if date < 0:
                yield ("open_at",), f"industry {industry} opens at {date:g}; dates are at least 0"
