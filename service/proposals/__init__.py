"""Proposals: both sides are asked, and contacts are shown when both have said yes."""
