#!/usr/bin/env python3
"""Prints a made week of hourly carbon intensity, price and PUE, of no real place: for trying joulery plan."""
import datetime
import math

print("timestamp,carbon intensity (g/kWh),price (EUR/MWh),pue")
begin = datetime.datetime(2026, 7, 6, tzinfo=datetime.timezone.utc)
for hour in range(7 * 24):
    sun = max(0.0, math.sin((hour % 24 - 5) * math.pi / 14))  # up from 5 to 19 h
    wind = 0.5 + 0.5 * math.sin(hour * 2 * math.pi / 61)  # comes and goes in two and a half days
    dirty = 1 - 0.45 * sun - 0.4 * wind
    stamp = (begin + datetime.timedelta(hours=hour)).strftime("%Y-%m-%dT%H:%M:%SZ")
    print(f"{stamp},{80 + 400 * dirty:.0f},{20 + 110 * dirty:.1f},{1.12 + 0.18 * sun:.3f}")
