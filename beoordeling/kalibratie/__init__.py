"""Score calibration and reliability: pure functions over scores (no clock, chance, database)."""
