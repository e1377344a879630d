"""A city's year to take along: one report as PDF, all tables as one workbook."""
