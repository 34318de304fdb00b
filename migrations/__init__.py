"""Migrations of the database; each runs up and down on a filled SQLite and PostgreSQL."""
