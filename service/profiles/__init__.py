"""Entrepreneurs and exporters, what they offer and seek, and their consent."""
