"""What is printed and carried: timetables, lists and signs as PDF, the plan as a workbook, calendars."""
