"""The same economies solved slowly, by bisection and plain loops."""

from __future__ import annotations

import math


def bisect(function, low, high, times=200):
    """Return where a rising function crosses zero."""
    for _ in range(times):
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


def partial(technology, labour, sigma, is_open):
    """Return employment (two lists) where only some industries trade; no ties, please.

    Bisect on home's wage: the dearer home is, the less it sells abroad and the more it buys. If that ends on a jump, one industry
    is split: bisect on the split.
    """
    home, foreign = technology
    goods = range(len(home))

    def spending(wage):
        world = []
        for k, income in ((0, wage * labour[0]), (1, labour[1])):
            own = [wage / home[i] if k == 0 else 1 / foreign[i] for i in goods]
            price = [min(wage / home[i], 1 / foreign[i]) if is_open[i] else own[i] for i in goods]
            index = sum(p ** (1 - sigma) for p in price)
            world.append([income * p ** (1 - sigma) / index for p in price])
        return world

    def shares(wage):
        return [1.0 if home[i] / foreign[i] > wage else 0.0 for i in goods]

    def deficit(wage, share):
        at_home, abroad = spending(wage)
        return sum(at_home[i] - share[i] * (at_home[i] + abroad[i]) for i in goods if is_open[i])

    wage, share = 1.0, [0.0 for _ in goods]
    if any(is_open):
        wage = math.exp(bisect(lambda log: deficit(math.exp(log), shares(math.exp(log))), -12.0, 12.0, 60))
        share = shares(wage)
        for i in goods:
            if is_open[i] and abs(math.log(home[i] / foreign[i] / wage)) < 1e-9:
                others = share[:]

                def needed(part, i=i, others=others):
                    return -deficit(wage, [part if j == i else others[j] for j in goods])

                share[i] = bisect(needed, 0.0, 1.0, 60)
    at_home, abroad = spending(wage)
    world = [a + b for a, b in zip(at_home, abroad, strict=True)]
    return (
        [(share[i] * world[i] if is_open[i] else at_home[i]) / wage for i in goods],
        [(1 - share[i]) * world[i] if is_open[i] else abroad[i] for i in goods],
    )


def walk(economy, open_at, horizon, steps):
    """Return technology at the horizon by steps of Euler: every step solves the instant and learns from it (eq. 9)."""
    technology = [list(row) for row in economy.technology.tolist()]
    tau, goods, step = economy.tau.tolist(), range(economy.industries), horizon / steps
    for k in range(steps):
        is_open = [date <= k * step * (1 + 1e-12) for date in open_at]
        workers = partial(technology, economy.labour.tolist(), economy.sigma, is_open)
        for c in range(2):
            for i in goods:
                part = 1.0 if workers[c][i] > 0 else economy.inactive_learning
                technology[c][i] += step * part * sum(tau[j][i] * workers[c][j] for j in goods)
    return technology
