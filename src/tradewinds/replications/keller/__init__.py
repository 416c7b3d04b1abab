"""Keller (1997), How Trade Patterns and Technology Flows Affect Productivity Growth: every table and Figure 1.

Bilateral imports and depreciation rates are data and exact. The regressions need series that are not public: they run on a
calibrated stand-in (:mod:`tradewinds.replications.keller.ensemble`), and the numbers printed in the paper are held against each
other (:mod:`tradewinds.replications.keller.printed`).
"""
