"""`anomi demo`: the real circuits, keys, proofs and program on a small world of one bank and three attestors.

`world` sets the stage, `trade` is what Farzan does, `refusals` is what a thief tries, `report` is what is told.
"""
