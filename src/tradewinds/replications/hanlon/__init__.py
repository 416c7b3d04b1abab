"""Replication of Hanlon (2012), Industry Clusters, Trade, and Growth: figures, propositions and statements."""
