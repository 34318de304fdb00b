"""From a file to profiles, row by row, through the one door."""
