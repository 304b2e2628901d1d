"""Assignment of assessors to applications: pure functions over arrays (no clock, chance, database)."""
