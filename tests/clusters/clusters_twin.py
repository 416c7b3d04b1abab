"""The same economies solved slowly, by bisection and plain loops."""

from __future__ import annotations

import math


def bisect(function, low, high):
    """Return where a rising function crosses zero."""
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (low, middle) if function(middle) > 0 else (middle, high)
    return (low + high) / 2


def trade(technology, labour, sigma):
    """Return relative wage, home shares, employment and real income of free trade; no ties, please.

    For each wage, home makes what it makes cheaper. Its workers are wanted less as its wage rises: bisect on the wage. If that ends
    on a jump, one industry is split: bisect on the split.
    """
    home, foreign = technology
    n = len(home)

    def wanted(wage, share):
        """Workers of each country wanted in each industry, when both countries spend their whole income."""
        price = [min(wage / home[i], 1 / foreign[i]) for i in range(n)]
        index = sum(p ** (1 - sigma) for p in price)
        income = wage * labour[0] + labour[1]
        spent = [income * p ** (1 - sigma) / index for p in price]
        return (
            [share[i] * spent[i] / wage for i in range(n)],
            [(1 - share[i]) * spent[i] for i in range(n)],
            labour[0] * wage / index ** (1 / (1 - sigma)),
            labour[1] / index ** (1 / (1 - sigma)),
        )

    def shares(wage):
        return [1.0 if home[i] / foreign[i] > wage else 0.0 for i in range(n)]

    def idle(log_wage):
        wage = math.exp(log_wage)
        return labour[0] - sum(wanted(wage, shares(wage))[0])

    wage = math.exp(bisect(idle, -12.0, 12.0))
    share = shares(wage)
    split = [i for i in range(n) if abs(math.log(home[i] / foreign[i] / wage)) < 1e-9]
    if split:
        (i,) = split
        wage = home[i] / foreign[i]

        def crowded(part):
            return sum(wanted(wage, [part if j == i else share[j] for j in range(n)])[0]) - labour[0]

        share[i] = bisect(crowded, 0.0, 1.0)
    return wage, share, *wanted(wage, share)


def autarky(technology, labour, sigma):
    """Return real income of one country: spend the wage bill on each good as demand asks."""
    price = [1 / a for a in technology]
    index = sum(p ** (1 - sigma) for p in price)
    workers = [labour * p ** (1 - sigma) / index for p in price]
    rho = 1 - 1 / sigma
    return workers, sum((a * l) ** rho for a, l in zip(technology, workers, strict=True)) ** (1 / rho)
