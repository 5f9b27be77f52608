"""Measures the product against its budgets: ``script/bench``, or ``python -m benchmarks``."""
