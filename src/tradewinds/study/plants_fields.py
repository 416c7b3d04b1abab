"""The keys of a study of plant data: a panel, its columns and rules, how productivity is measured, and what is asked of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, WithJsonSchema, model_validator

from tradewinds.study.strict import Strict, refuse, together

__all__ = ["INPUT_ROLES", "PlantsStudy", "TradeTable"]

#: Columns whose logs can be outcomes, regressors and controls.
INPUT_ROLES = ("output", "value_added", "employment", "capital", "materials")

#: Names that the measurement tools know; tests hold them against the tools' own lists.
Method = Literal["melitz-polanec", "foster-haltiwanger-krizan", "griliches-regev", "olley-pakes"]
Measure = Literal[
    "labour",
    "column",
    "olley-pakes",
    "levinsohn-petrin",
    "ackerberg-caves-frazer",
    "wooldridge",
    "wooldridge-single-equation",
    "least-squares",
]
Effects = Literal["none", "year", "industry-year", "plant", "plant-and-industry-year"]

_Name = Annotated[str, Field(min_length=1)]


class PlantColumns(Strict):
    """Names of columns in the panel; those left out, but for the first three, the panel does not have."""

    plant: str = Field("plant", min_length=1, description="code of a plant, the same in every year")
    year: str = Field("year", min_length=1, description="year")
    industry: str = Field("industry", description='industry of a plant in a year; "": all plants are of one')
    industry_digits: int | None = Field(None, ge=1, description="leading digits of the industry's code that are used")
    in_logs: bool = Field(
        False, description="the five columns that follow, and inputs of a production function, are logs already"
    )
    output: str | None = Field(None, min_length=1, description="output, at constant prices")
    value_added: str | None = Field(
        None, min_length=1, description="value added; without it, output less materials where both are there"
    )
    employment: str | None = Field(None, min_length=1, description="workers or hours")
    capital: str | None = Field(None, min_length=1, description="capital stock")
    materials: str | None = Field(None, min_length=1, description="materials")
    exporter: str | None = Field(None, min_length=1, description="export status, 1 or 0")
    exports: str | None = Field(
        None, min_length=1, description="value of exports; gives the export status where there is no column of it"
    )
    active: str | None = Field(
        None, min_length=1, description="column in which codes of inactive plants stand; default: the export status"
    )
    weight: str | None = Field(None, min_length=1, description="weight of a plant; default: employment")


class PlantRules(Strict):
    """What becomes of rows that are inactive, incomplete or without a log; the report counts them."""

    inactive_codes: list[float] = Field([-1], description="values that mark a plant which did not operate in a year")
    missing_codes: list[str] = Field(
        [], description='cells read as missing beside empty ones, in quotes, such as "NA" or "-99"'
    )
    inactive: Literal["raise", "absent"] = Field(
        "raise", description="rows of inactive plants are an error, or as if they were not there"
    )
    missing: Literal["raise", "drop-row", "drop-plant"] = Field(
        "raise", description="rows that lack a value are an error, left out, or left out with the plant's other year"
    )
    nonpositive: Literal["raise", "missing"] = Field(
        "raise", description="values at or below zero, which have no log, are an error, or count as missing"
    )
    reentry: Literal["count", "leave-out"] = Field(
        "count", description="plants that are back after an absence count as entry and exit, or are left out"
    )
    switchers: Literal["first", "last", "exit-and-entry"] = Field(
        "first", description="industry in which a survivor counts that changes it"
    )


class ProductivityMeasure(Strict):
    """How a plant's log productivity is measured."""

    measure: Measure = Field(
        "labour", description="log of value added (or output) a worker, a column, or a production function"
    )
    column: str | None = Field(None, min_length=1, description='the column, with measure = "column"')
    scale: Literal["log", "level"] = Field(
        "log", description="whether that column is a log already, or a level of which the log is taken"
    )
    by_industry: bool = Field(False, description="a production function for each industry")
    free: list[_Name] | None = Field(
        None, min_length=1, description="inputs that plants choose within the year; default: employment"
    )
    state: list[_Name] | None = Field(None, min_length=1, description="inputs given by the past; default: capital")
    proxy: str | None = Field(
        None, min_length=1, description="input that shows productivity, such as investment; default: materials"
    )
    survival: bool = Field(False, description="correct for plants that leave; olley-pakes only")
    degree: int = Field(2, ge=1, le=5, description="of the polynomial in capital and proxy")
    draws: int = Field(0, ge=0, le=100_000, description="bootstrap draws of plants, for standard errors; 0: none")
    seed: int = Field(0, ge=0, description="seed of the bootstrap")


class DecompositionOptions(Strict):
    """Where the change of aggregate productivity comes from: always done, with these defaults."""

    methods: list[Method] = Field(
        ["melitz-polanec", "foster-haltiwanger-krizan", "griliches-regev", "olley-pakes"],
        min_length=1,
        description="decompositions, the one that the report tells first",
    )
    first_year: int | None = Field(None, description="year compared; default: the first of the panel")
    last_year: int | None = Field(None, description="year compared; default: the last of the panel")
    yearly: bool = Field(True, description="each pair of consecutive years too, by the first method")


def _read_periods(value: Any) -> list[list[int]]:
    if isinstance(value, list) and value and all(_is_period(item) for item in value):
        return value
    raise together(
        f"{value!r} is not a list of periods of two years, the earlier first, such as [[1980, 1988], [1988, 1996]]"
    )


def _is_period(item: Any) -> bool:
    pair = isinstance(item, list) and len(item) == 2 and all(type(year) is int for year in item)
    return pair and item[0] < item[1]


_Years = {"type": "array", "minItems": 1, "items": {"type": "array", "minItems": 2, "items": {"type": "integer"}}}
_Periods = Annotated[list[list[int]], PlainValidator(_read_periods), WithJsonSchema(_Years)]


class DistributionOptions(Strict):
    """Distributions of productivity less the industry's median, weighted: the three panels of Figure 5."""

    before: int | None = Field(None, description="first of the two years compared; default: that of decompositions")
    after: int | None = Field(None, description="second of the two years; default: that of decompositions")
    entrants: _Periods | None = Field(
        None, description="periods, pairs of years; who entered in each is shown in its last year"
    )
    exporters: int | None = Field(None, description="year of the panel of exporters; default: after")
    median: Literal["pooled", "first", "own"] = Field(
        "pooled", description="median that is zero: of the years compared, of the first, or of each"
    )
    width: float = Field(0.1, gt=0, description="width of a bin, log points")
    smooth: bool = Field(True, description="a Gaussian kernel, or bins as they are")


class PremiaOptions(Strict):
    """Exporters' premia: regressions of log outcomes on export status."""

    outcomes: list[_Name] = Field(
        ["productivity"], min_length=1, description="productivity, or columns by the names above, whose logs are taken"
    )
    effects: list[Effects] = Field(
        ["industry-year", "plant-and-industry-year"], min_length=1, description="fixed effects, a regression each"
    )
    controls: list[_Name] = Field([], description="as outcomes; other columns of the file as they are")


class ExitOptions(Strict):
    """Who leaves: a regression of leaving on what a plant is."""

    horizon: int = Field(1, ge=1, description="years ahead")
    regressors: list[_Name] = Field(
        ["productivity", "exporter"], min_length=1, description="productivity, exporter, columns as under premia"
    )
    effects: Literal["none", "year", "industry-year"] = Field("industry-year", description="fixed effects")
    model: Literal["linear", "probit"] = Field("linear", description="of the probability")


class StartingOptions(Strict):
    """Who starts to export: a probit by quantile of productivity among plants that never exported."""

    before: int | None = Field(None, description="year of productivity; default: the first of decompositions")
    after: int | None = Field(None, description="year of exporting; default: the last of decompositions")
    shock: str | None = Field(None, min_length=1, description="column of what may have made plants start")
    controls: list[_Name] = Field([], description="of the year before")
    quantiles: int = Field(4, ge=1, le=100, description="groups of plants by productivity within their industry")


class InstrumentOptions(Strict):
    """The effect of exporting on growth of productivity, by two-stage least squares."""

    instruments: list[_Name] = Field(
        min_length=1, description="columns that move exporting, and productivity only through it; of the first year"
    )
    first_year: int | None = Field(None, description="growth from; default: the first of decompositions")
    last_year: int | None = Field(None, description="growth to; default: the last of decompositions")
    plants: Literal["never-exported", "all"] = Field(
        "never-exported",
        description="plants that exported in no year up to the first, whose start counts, or all, whose status counts",
    )
    controls: list[_Name] = Field([], description="of the first year; productivity, columns as under premia")
    absorb: Literal["nothing", "industry"] = Field("nothing", description="fixed effects")
    cluster: Literal["nothing", "industry"] = Field("nothing", description="errors clustered, or robust only")


def _read_levels(value: Any) -> list[int | str]:
    if isinstance(value, list) and len(value) > 1 and all(_is_level(item) for item in value):
        return value
    raise together(
        f'{value!r} is not a list of at least two levels, the finest first: numbers of digits, "total", or columns of the table'
    )


def _is_level(item: Any) -> bool:
    return item >= 1 if type(item) is int else isinstance(item, str) and bool(item)


_Levels = Annotated[
    list[int | str],
    PlainValidator(_read_levels),
    WithJsonSchema(
        {
            "type": "array",
            "minItems": 2,
            "items": {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "minLength": 1}]},
        }
    ),
]


class TradeTable(Strict):
    """Intra-industry trade of a table of trade by product, and how much of it is aggregation (Grubel and Lloyd)."""

    file: str = Field(min_length=1, description="CSV or Parquet file; starts at the folder of the study")
    product: str = Field("product", min_length=1, description="column of the product's code")
    exports: str = Field("exports", min_length=1, description="column of exports")
    imports: str = Field("imports", min_length=1, description="column of imports")
    by: list[_Name] = Field([], description="columns that have an index each, such as year or partner")
    levels: _Levels = Field(description='widths of an industry, the finest first: digits, a column, or "total"')
    cif_fob_ratio: float = Field(1.0, gt=0, description="imports are divided by it, for freight that they include")
    marginal: _Periods | None = Field(
        None, description="periods, pairs of years: how much of the change of trade was two-way"
    )
    year: str = Field("year", min_length=1, description="column of the year that marginal compares")


def _read_panel(value: Any) -> str | list[str]:
    names = value if isinstance(value, list) else [value]
    if names and all(isinstance(name, str) and name for name in names) and len(set(names)) == len(names):
        return value
    raise together(f"{value!r} is neither the path of a file nor a list of different ones, such as one a year")


_Panel = Annotated[
    str | list[str],
    PlainValidator(_read_panel),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1},
                {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}},
            ]
        }
    ),
]


class PlantsStudy(Strict):
    """Plant data (Melitz and Trefler 2012): who is productive, who exports, and where aggregate productivity comes from."""

    panel: _Panel = Field(
        description="CSV or Parquet file, one row a plant and year; or several of them with the same columns"
    )
    storage: Literal["auto", "memory", "disk"] = Field(
        "auto", description="hold the panel in memory, or leave it on disk, where decompositions alone are made"
    )
    memory_limit: str = Field("2GB", min_length=1, description="memory for a panel on disk")
    columns: PlantColumns | None = Field(None, description="names of columns")
    rules: PlantRules | None = Field(None, description="rules for rows")
    productivity: ProductivityMeasure | None = Field(None, description="how productivity is measured")
    decompositions: DecompositionOptions | None = Field(None, description="where the change comes from")
    distribution: DistributionOptions | None = Field(None, description="distributions within industries")
    premia: PremiaOptions | None = Field(None, description="exporters' premia")
    exit: ExitOptions | None = Field(None, description="who leaves")
    starting: StartingOptions | None = Field(None, description="who starts to export")
    instrument: InstrumentOptions | None = Field(None, description="the effect of exporting")
    trade: TradeTable | None = Field(None, description="intra-industry trade")

    @model_validator(mode="after")
    def _goes_together(self) -> PlantsStudy:
        from tradewinds.study.plants_checks import contradictions

        refuse(contradictions(self))
        return self

    @property
    def files(self) -> list[str]:
        """The files of the panel."""
        return [self.panel] if isinstance(self.panel, str) else self.panel

    @property
    def names(self) -> PlantColumns:
        """Columns, with defaults where the table is left out."""
        return self.columns or PlantColumns.model_validate({})

    @property
    def how(self) -> ProductivityMeasure:
        """How productivity is measured, with defaults."""
        return self.productivity or ProductivityMeasure.model_validate({})

    @property
    def asked(self) -> DecompositionOptions:
        """Decompositions, with defaults."""
        return self.decompositions or DecompositionOptions.model_validate({})

    @property
    def treatment(self) -> PlantRules:
        """Rules, with defaults."""
        return self.rules or PlantRules.model_validate({})

    @property
    def weight(self) -> str:
        """Column of the weight."""
        return self.names.weight or self.names.employment or ""

    @property
    def has_exporters(self) -> bool:
        """True if export status is known."""
        return self.names.exporter is not None or self.names.exports is not None

    def extra_columns(self) -> Iterator[tuple[str, str]]:
        """Yield the key and the name of every column that is neither in ``[plants.columns]`` nor computed."""
        lists: list[tuple[str, list[str]]] = []
        if self.premia is not None:
            lists += [("premia.outcomes", self.premia.outcomes), ("premia.controls", self.premia.controls)]
        if self.exit is not None:
            lists.append(("exit.regressors", self.exit.regressors))
        if self.starting is not None:
            shock = [self.starting.shock] if self.starting.shock else []
            lists += [("starting.shock", shock), ("starting.controls", self.starting.controls)]
        if self.instrument is not None:
            lists.append(("instrument.instruments", self.instrument.instruments))
            lists.append(("instrument.controls", self.instrument.controls))
        lists += [(f"productivity.{name}", inputs) for name, inputs in self.function_inputs().items()]
        for key, names in lists:
            yield from ((key, name) for name in names if not self.is_known(name))

    def function_inputs(self) -> dict[str, list[str]]:
        """Return inputs of the production function by their part; none for other measures."""
        how = self.how
        if how.measure in ("labour", "column"):
            return {}
        return {
            "free": how.free or ["employment"],
            "state": how.state or ["capital"],
            "proxy": [how.proxy or "materials"],
        }

    def is_known(self, name: str) -> bool:
        """Tell whether a name is computed: productivity, export status, or the log of a column with a role."""
        role = name in INPUT_ROLES and (getattr(self.names, name) is not None or self._from_output(name))
        return role or name == "productivity" or (name == "exporter" and self.has_exporters)

    def _from_output(self, name: str) -> bool:
        return name == "value_added" and bool(self.names.output and self.names.materials)
