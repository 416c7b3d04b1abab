"""Potential output and total factor productivity (Bayoumi, Coe and Helpman 1996, equations of section III).

Potential output is Cobb-Douglas in capital and labour. Productivity comes from the country's own stock of R&D, from those of the
countries it buys manufactures from, as far as it buys them, and in developing countries from trade itself. Which of the paper's
three equations a country has is a matter of its coefficients: those of the large industrial countries, of the small ones, or of
developing countries, whose own stock does not count.
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp

__all__ = ["supply"]


def supply(now: Any, lag: Any, lead: Any, given: Any, p: Any) -> dict[str, Any]:
    """Return the residuals of production and of the three parts of productivity.

    The index of foreign R&D is ``log S^F = log S0 + log(S^F / S0)``: the level of its baseline matters, because it multiplies
    changes of the import share ``m``.
    """
    foreign_index = given.log_foreign_stock_index + jnp.log(now.foreign_rnd_stock)
    m, m_baseline = now.manufactures_imports_gdp, p.manufactures_import_share
    imported = p.manufactures_import_share * now.imports / p.import_share + given.extra_trade
    return {
        # log Y* = k + a log K + (1 - a) log L + log F; capital is that of the end of the year
        "production": jnp.log(now.potential_output)
        - p.capital_share * jnp.log(now.capital / p.capital_ratio)
        - (1.0 - p.capital_share) * jnp.log(given.labour)
        - jnp.log(now.tfp),
        "productivity": jnp.log(now.tfp)
        - now.tfp_domestic_rnd
        - now.tfp_foreign_rnd
        - now.tfp_trade
        - given.other_productivity,
        "domestic_knowledge": now.tfp_domestic_rnd - p.domestic_rnd_elasticity * jnp.log(now.domestic_rnd_stock),
        "foreign_knowledge": now.tfp_foreign_rnd
        - p.foreign_rnd_elasticity * (m * foreign_index - m_baseline * given.log_foreign_stock_index),
        "openness_itself": now.tfp_trade - p.trade_tfp_effect * (m - m_baseline),
        "import_share": m * now.potential_output - imported,
    }
