"""The ministry's MATRIKS: an empty table to fill, and what is wrong with a filled one."""
