"""Deeds of planning; nothing else writes. None of them touches points, verdicts or stages."""
