"""Spending in proportion to potential output, and taxes that keep real debt on its path (section IV of the paper)."""

from __future__ import annotations

from typing import Any

__all__ = ["government"]


def government(now: Any, lag: Any, lead: Any, given: Any, p: Any) -> dict[str, Any]:
    """Return the residuals of spending, the budget and the rule for taxes; debt is that of the end of the year."""
    tariffs = given.tariff * now.import_price * now.imports / (now.real_exchange_rate * now.absorption_price)
    interest = (1.0 + lag.absorption_real_rate) / (1.0 + p.growth) * lag.government_debt
    return {
        "government_spending": now.government_spending - (p.government_share + given.government) * now.potential_output,
        "government_budget": now.government_debt - interest - now.government_spending + now.taxes + tariffs,
        "tax_rule": now.government_debt - p.debt_ratio - given.debt_target,
    }
