"""Meetings of a forum: the timetable from draft to release, the day itself, and what came of it."""
