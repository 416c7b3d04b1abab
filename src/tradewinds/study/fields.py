"""The keys of a study file: their types, defaults and meaning.

One table a kind of study. Descriptions here become the JSON schema (``tradewinds schema``) and the messages for bad input, so
they are written for the person who fills in the file. Nothing in a study file is evaluated as code.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from tradewinds.errors import InputError
from tradewinds.spillovers.parameters import (
    Covariance,
    Effect,
    ExperimentKind,
    ForeignRnd,
    Growth,
    Kind,
    ShareFollows,
    Specification,
)
from tradewinds.study.clusters_fields import ClustersStudy
from tradewinds.study.compare_fields import CompareStudy
from tradewinds.study.firms_fields import FirmsStudy
from tradewinds.study.growth_fields import GrowthStudy
from tradewinds.study.plants_fields import PlantsStudy
from tradewinds.study.strict import Strict, refuse
from tradewinds.study.world_fields import WorldStudy

__all__ = [
    "CALIBRATED",
    "KINDS",
    "CalibratedOptions",
    "ClustersStudy",
    "CompareStudy",
    "FirmsStudy",
    "GrowthStudy",
    "MeasurementOptions",
    "PlantsStudy",
    "PowerOptions",
    "SpilloversStudy",
    "Study",
    "WorldStudy",
]

#: Kinds of study that can be run.
KINDS = ("spillovers", "world", "clusters", "firms", "growth", "plants", "compare")

#: Name of the bundled panel.
CALIBRATED = "keller1997-calibrated"


class CalibratedOptions(Strict):
    """Options of the calibrated panel."""

    trade_effect: float = Field(0.0, description="true trade-related elasticity as a multiple of the general one")
    noise: Literal["cyclical", "persistent", "both"] = Field("cyclical", description="what moves TFP besides R&D")
    seed: int = Field(1997, ge=0, description="seed of R&D paths, overall import shares and noise")
    thin_surveys: bool = Field(False, description="observe British and German R&D in survey years only and interpolate")


class MeasurementOptions(Strict):
    """How raw R&D, production and investment become stocks and TFP; only for panels that hold raw data."""

    rnd_depreciation: float = Field(0.05, ge=0, le=1, description="annual depreciation rate of R&D stocks")
    rnd_inventory: Literal["keller-b1", "coe-helpman", "standard"] = Field(
        "standard", description="first stock and timing of the perpetual inventory of R&D"
    )
    capital_inventory: Literal["keller-c1", "standard"] = Field(
        "keller-c1", description="first stock and timing of the perpetual inventory of capital"
    )
    timing: Literal["start", "end"] | None = Field(
        None, description="whether the R&D stock is dated at the start or end of the year; default: the variant's"
    )
    growth: Growth | None = Field(
        None, description="how the benchmark growth of R&D is averaged; default: the variant's"
    )
    benchmark_add: float | None = Field(
        None, ge=0, description="number added to g + d in the first R&D stock (0.1 in Keller's B.1)"
    )
    interpolate: Literal["linear", "geometric"] | None = Field(
        None, description="fill gaps inside series; without it a gap is an error"
    )
    tfp_base: float = Field(100.0, gt=0, description="value of the TFP index in the first year")
    labour_share: Literal["cost", "revenue"] = Field(
        "cost", description="labour cost over all cost (Keller 1997, C.4), or over value added"
    )
    add_depreciation: bool = Field(
        False, description="add depreciation to the inferred user cost of capital, which Keller's C.3 leaves out"
    )


class PowerOptions(Strict):
    """A report on the size and power of the tests for this panel."""

    trade_multiples: list[float] = Field(
        [0.0, 1.0, 5.0, 20.0], min_length=1, description="true trade effects, multiples of the general one"
    )
    simulations: int = Field(200, ge=2, le=100_000, description="simulated data sets a multiple")
    draws: int = Field(199, ge=19, le=100_000, description="random trade patterns of each test")
    level: float = Field(0.05, gt=0, lt=1, description="nominal level of the tests")
    noise: Literal["cells", "rows", "normal"] = Field("cells", description="how residuals become simulated errors")


class SpilloversStudy(Strict):
    """R&D spillovers and trade on a panel of countries and industries (Keller 1997)."""

    panel: str = Field(min_length=1, description='"keller1997-calibrated", or the path of a CSV or Parquet file')
    specification: Kind = Field("growth", description="average growth of TFP over subperiods, or its log level")
    import_share: bool = Field(True, description="scale foreign R&D by the overall import share (IS) or not (NIS)")
    foreign_rnd: ForeignRnd = Field(
        "by_partner", description="one elasticity a partner, or one weighted foreign stock and whose weights"
    )
    effects: list[Effect] | None = Field(
        None, description="fixed effects; default: country and industry in levels, none in growth"
    )
    share_main_effects: bool = Field(
        False, description="add the weights as regressors, which frees level estimates from the unit of the stocks"
    )
    growth: Growth = Field("log", description="how growth is averaged")
    periods: list[int] | None = Field(None, description="break years of the growth specification")
    share_follows: ShareFollows = Field(
        "every_slot", description="where the overall import share goes when all shares are exchanged"
    )
    experiment: ExperimentKind = Field("exchange_partners", description="how trade is randomised")
    draws: int = Field(1_000, ge=2, le=10_000_000, description="random trade patterns")
    seed: int = Field(1, ge=0, description="seed of the random trade patterns")
    sparsity: float = Field(
        1.0, gt=0, le=100, description='power of the uniform numbers of experiment = "drawn"; 1 is even, 8 is sparse'
    )
    covariance: Covariance = Field("iid", description="error variance of the regressions")
    keep_draws: bool = Field(False, description="write every draw's estimates to draws.csv")
    calibrated: CalibratedOptions | None = Field(None, description="options of the calibrated panel")
    measurement: MeasurementOptions | None = Field(None, description="how raw data become stocks and TFP")
    power: PowerOptions | None = Field(None, description="report size and power for this panel")

    @model_validator(mode="after")
    def _goes_together(self) -> SpilloversStudy:
        refuse(((key,), text) for key, text in self._contradictions())
        return self

    def _contradictions(self) -> Iterator[tuple[str, str]]:
        """Yield the key and the sentence of everything that is allowed by itself and not with the rest."""
        try:
            self.to_specification()
        except InputError as error:
            key = "periods" if str(error).startswith("periods") else "share_main_effects"
            yield key, str(error).replace("kind = ", "specification = ")  # the name of that key in a study
        partners = self.foreign_rnd == "by_partner"
        if self.calibrated is not None and self.panel != CALIBRATED:
            yield "calibrated", f'these options are for panel = "{CALIBRATED}" only'
        if self.measurement is not None and self.panel == CALIBRATED:
            yield "measurement", "these options are for a user's raw data; the calibrated panel is ready-made"
        if self.experiment == "exchange_all" and not partners:
            yield (
                "experiment",
                '"exchange_all" exchanges own and foreign weights, which needs foreign_rnd = "by_partner"',
            )
        if self.power is not None and (not partners or self.share_main_effects):
            yield "power", 'size and power need foreign_rnd = "by_partner" and share_main_effects = false'

    def to_specification(self) -> Specification:
        """Return the regression that the study asks for."""
        return Specification(
            kind=self.specification,
            import_share=self.import_share,
            foreign_rnd=self.foreign_rnd,
            effects=None if self.effects is None else tuple(self.effects),
            share_main_effects=self.share_main_effects,
            growth=self.growth,
            periods=None if self.periods is None else tuple(self.periods),
            share_follows=self.share_follows,
        )


class Study(Strict):
    """A study file."""

    schema_version: Annotated[Literal[1], Field(alias="schema", description="version of this format")]
    title: str = Field("", description="title of the report")
    description: str = Field("", description="a few sentences for the reader of the report, in Markdown")
    spillovers: SpilloversStudy | None = None
    world: WorldStudy | None = None
    clusters: ClustersStudy | None = None
    firms: FirmsStudy | None = None
    growth: GrowthStudy | None = None
    plants: PlantsStudy | None = None
    compare: CompareStudy | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Study:
        given = [kind for kind in KINDS if getattr(self, kind) is not None]
        tables = " or ".join(f"[{kind}]" for kind in KINDS)
        if not given:
            raise ValueError(f"no study in the file; add a table {tables}, or start from: tradewinds new {KINDS[0]}")
        if len(given) > 1:
            raise ValueError(
                f"{len(given)} studies in the file, {' and '.join(f'[{kind}]' for kind in given)}; put each into its own"
            )
        return self

    @property
    def kind(self) -> str:
        """Name of the table that is filled in."""
        return next(kind for kind in KINDS if getattr(self, kind) is not None)
