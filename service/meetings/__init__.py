"""Meetings of a forum: timetable draft → release, the day, and what the two sides say afterwards."""
