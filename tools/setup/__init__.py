"""Set-up: everything between a fresh clone and a working `.venv/bin/anomi`, in steps that resume and skip.

Until `.venv` exists this package runs on the system's Python 3.11 with the standard library only.
"""
