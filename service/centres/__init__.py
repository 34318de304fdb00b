"""Qazaq House centres abroad: each an Abay Cultural Centre and an Atameken Business House."""
