"""Hypothesis as the tests of the matcher use it."""

from hypothesis import settings

# The machine is shared: how long one example takes says nothing of the code.
settings.register_profile("matching", deadline=None)
settings.load_profile("matching")
