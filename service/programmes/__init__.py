"""Programmes that a participant may belong to."""
