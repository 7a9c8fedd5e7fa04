"""`anomi demo`: whole trades with real proofs and programs on a small world of one bank and three attestors.

`world` and `chain` set the stage, `cast` has everybody act by the SDK's own flows, `first_trade` is the trade that goes
well, `later_trades` are those that do not, the `*_attempts` are what cheats try, `raw` builds what no client of ours
would. `stage` records everything, `audit` adds it up again, `report` is what is told and `render` how.
"""
