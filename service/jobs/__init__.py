"""The face of background work."""
