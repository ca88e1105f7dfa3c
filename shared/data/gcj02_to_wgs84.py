"""Turns a GeoJSON file from GCJ-02, the shifted degrees of Chinese map services, into WGS 84.

    python3 gcj02_to_wgs84.py < districts-gcj02.geojson > districts.geojson

Every pair of numbers in the file is taken for a [longitude, latitude].
"""

import json
import sys
from math import cos, pi, radians, sin, sqrt

# The Krasovsky ellipsoid, on which the shift is defined.
RADIUS_M = 6378245.0
ECCENTRICITY_SQUARED = 0.00669342162296594323


def waves(at, *pairs):
    return sum(height * sin(at * pi * turns) for height, turns in pairs) * 2 / 3


def shift(lon, lat):
    """By how many degrees GCJ-02 is off at this WGS 84 position."""
    x, y = lon - 105.0, lat - 35.0
    common = waves(x, (20, 6), (20, 2))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    east += common + waves(x, (20, 1), (40, 1 / 3)) + waves(x, (150, 1 / 12), (300, 1 / 30))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    north += common + waves(y, (20, 1), (40, 1 / 3)) + waves(y, (160, 1 / 12), (320, 1 / 30))
    curve = 1 - ECCENTRICITY_SQUARED * sin(radians(lat)) ** 2
    metres_north = RADIUS_M * (1 - ECCENTRICITY_SQUARED) / (curve * sqrt(curve))
    metres_east = RADIUS_M / sqrt(curve) * cos(radians(lat))
    return east * 180 / (metres_east * pi), north * 180 / (metres_north * pi)


def to_wgs84(lon, lat):
    """Searches the position that the shift moves here; five steps come closer than the rounding."""
    found = lon, lat
    for _ in range(5):
        east, north = shift(*found)
        found = lon - east, lat - north
    return [round(degrees, 6) for degrees in found]


def convert(value):
    if isinstance(value, dict):
        return {key: convert(inner) for key, inner in value.items()}
    if isinstance(value, list):
        if len(value) == 2 and all(isinstance(number, (int, float)) for number in value):
            return to_wgs84(*value)
        return [convert(inner) for inner in value]
    return value


if __name__ == "__main__":
    json.dump(convert(json.load(sys.stdin)), sys.stdout, ensure_ascii=False, separators=(",", ":"))
