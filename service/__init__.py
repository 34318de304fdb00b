"""Qazaq House matchmaking service: from a profile to an explained match list."""
