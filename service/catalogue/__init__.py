"""From the change feed to the index that everybody matches on."""
