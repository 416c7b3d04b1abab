"""Spending on R&D and the stocks of knowledge it leaves at home and abroad.

R&D stays at its ratio to potential output, so that what raises output raises research. A change of the ratio is business
consumption, paid out of future profits (section IV of the paper). Foreign stocks are sums of levels, weighted by the shares of
each industrial country in a country's imports of manufactures.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax.numpy as jnp

__all__ = ["preference", "research"]


def preference(given: Any, partners: Sequence[str]) -> Any:
    """Return by how much importers (rows) turn to exporters (columns) beyond the baseline, as factors."""
    return jnp.exp(jnp.stack([getattr(given, f"import_preference_{partner}") for partner in partners], axis=1))


def research(now: Any, lag: Any, lead: Any, given: Any, p: Any, partners: Sequence[str]) -> dict[str, Any]:
    """Return the residuals of R&D spending and of the two stocks.

    ``S' = (1 - d) S + R``, at the beginning of a year, relative to its growing baseline: what is spent this year counts next year.
    """
    kept = (1.0 - p.rnd_depreciation) / (1.0 + p.rnd_growth)
    spent_before = lag.potential_output * lag.rnd_gdp / p.rnd_ratio
    shares = p.rnd_import_shares * preference(given, partners)
    shares = shares / jnp.sum(shares, axis=1)[:, None]  # those of one importer sum to one, whatever it prefers
    return {
        "rnd_ratio": now.rnd_gdp - p.rnd_ratio - given.rnd_spending,
        "extra_rnd": now.extra_rnd - given.rnd_spending * now.potential_output,
        "domestic_rnd_stock": now.domestic_rnd_stock - kept * lag.domestic_rnd_stock - (1.0 - kept) * spent_before,
        "foreign_rnd_stock": now.foreign_rnd_stock * (p.rnd_import_shares @ p.rnd_stock_level)
        - shares @ (p.rnd_stock_level * now.domestic_rnd_stock),
    }
