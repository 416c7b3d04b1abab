"""Do estimates depend on the unit of the R&D stocks? In levels they do, and this is how much and what mends it.

``m log S`` is not unit-free: measuring stocks in another currency or index base adds ``m log c`` to the regressor, which is
not constant across rows. Adding the main effect of the weights (for a pooled stock: of ``m``), or absorbing a cell effect
where weights do not vary over time, makes the estimates of R&D elasticities independent of the unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tradewinds.spillovers.models import build_model
from tradewinds.spillovers.parameters import Specification
from tradewinds.spillovers.regression import least_squares
from tradewinds.spillovers.threads import one_blas_thread

if TYPE_CHECKING:
    import pandas as pd

    from tradewinds.data.panel import SpilloverPanel

__all__ = ["unit_dependence", "unit_sensitivity"]


def unit_dependence(panel: SpilloverPanel, specification: Specification) -> str:
    """Return the sentence that warns of unit dependence, or an empty string where there is none.

    Examples
    --------
    >>> from tradewinds.data import keller1997_calibrated
    >>> unit_dependence(keller1997_calibrated(), Specification(kind="growth"))
    ''
    """
    pooled = specification.foreign_rnd != "by_partner"
    share = panel.import_share
    constant_share = share is None or share.ndim < 3
    constant_weights = constant_share and (
        pooled or not panel.weights.vary_over_time
    )  # a pooled stock is multiplied by m only
    if specification.kind == "growth" or specification.share_main_effects:
        return ""
    if "cell" in specification.absorbed and constant_weights:
        return ""
    if pooled and not specification.import_share:
        return ""  # log c goes into the constant
    mend = "share_main_effects = true"
    if constant_weights:
        mend += ' or effects = ["cell"]'
    return (
        "The coefficients of this level specification depend on the unit of the R&D stocks: in another currency or index "
        f"base they are different numbers. Add the main effect of the weights ({mend}), or use growth rates."
    )


@one_blas_thread()
def unit_sensitivity(
    panel: SpilloverPanel, specification: Specification, *, factors: Sequence[float] = (0.001, 1.0, 1000.0)
) -> pd.DataFrame:
    """Estimate a specification with stocks in several units.

    Parameters
    ----------
    panel : SpilloverPanel
    specification : Specification
    factors : sequence of float
        Each stock is multiplied by each factor in turn.

    Returns
    -------
    DataFrame
        Index terms, one column a factor.
    """
    import pandas as pd

    columns = {}
    for factor in factors:
        model = build_model(replace(panel, rnd_stock=panel.rnd_stock * factor), specification)
        fit = least_squares(
            model.outcome,
            model.regressors(model.values),
            model.fixed,
            terms=model.terms,
            countries=model.countries,
            cells=model.cells,
        )
        columns[factor] = pd.Series(fit.coefficients, index=list(model.terms))
    return pd.DataFrame(columns)
