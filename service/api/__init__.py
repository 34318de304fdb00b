"""The JSON face, for export agencies and other programs."""
