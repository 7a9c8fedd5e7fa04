"""Trades from the outside: the flows of a buyer, of a seller, and of anyone who settles.

`seams` has the Protocols that a caller plugs in, `prepared` the steps before they are taken.
"""
