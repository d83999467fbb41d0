"""Pure computations: values in, an immutable plan with its certificate out.

No Django, clock, file or network in here; a contract in `pyproject.toml` holds it.
"""
