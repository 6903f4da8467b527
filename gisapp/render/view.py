"""What part of the world is on a map of a given size; the same value for screen and print.

Maps are drawn in Web Mercator, which keeps shapes and needs only two cheap formulas. It is for
drawing alone: every length, area and scale said to the user is measured on the ground.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gisapp.layers.layer import Bounds

#: Radius of the Mercator sphere in metres.
EARTH = 6378137.0
_MAX_LAT = 85.05112878
#: The whole world, for a map with nothing on it.
WORLD: Bounds = (-170.0, -60.0, 179.0, 75.0)
#: From a doorstep to the world, in Mercator metres a pixel.
_FINEST, _COARSEST = 0.02, 160_000.0


def mercator(
    lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Degrees to Web Mercator metres; latitudes beyond 85.05° lie on the edge."""
    clipped = np.radians(np.clip(lat, -_MAX_LAT, _MAX_LAT))
    return np.radians(lon) * EARTH, np.arcsinh(np.tan(clipped)) * EARTH


def unmercator(
    x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Web Mercator metres to degrees."""
    return np.degrees(x / EARTH), np.degrees(np.arctan(np.sinh(y / EARTH)))


@dataclass(frozen=True, slots=True)
class MapView:
    """Centre and resolution of a map in Web Mercator metres, its size in logical pixels.

    `dpr` is the number of device pixels a logical one; `dpi` the logical pixels an inch, for
    the scale.
    """

    x: float
    y: float
    resolution: float
    width: int
    height: int
    dpr: float = 1.0
    dpi: float = 96.0

    @classmethod
    def fit(
        cls,
        bounds: Bounds | None,
        width: int,
        height: int,
        *,
        margin: float = 0.05,
        dpr: float = 1.0,
        dpi: float = 96.0,
    ) -> MapView:
        """The view that shows the bounds (degrees) with a margin; the world when None."""
        west, south, east, north = bounds or WORLD
        xs, ys = mercator(np.array([west, east]), np.array([south, north]))
        inner = 1 - 2 * margin
        wanted = max(
            (xs[1] - xs[0]) / (max(width, 1) * inner), (ys[1] - ys[0]) / (max(height, 1) * inner)
        )
        # A single point is shown with its street, not at the last zoom step.
        resolution = min(max(wanted, 0.5), _COARSEST)
        return cls(float(xs.mean()), float(ys.mean()), float(resolution), width, height, dpr, dpi)

    @classmethod
    def around(cls, bounds: Bounds | None, longest: int = 1200, *, margin: float = 0.03) -> MapView:
        """The view of the bounds in their own shape, so that a frame has no room to spare.

        No side is more than three times the other.
        """
        west, south, east, north = bounds or WORLD
        xs, ys = mercator(np.array([west, east]), np.array([south, north]))
        across, up = float(xs[1] - xs[0]), float(ys[1] - ys[0])
        least = max(across, up) / 3
        across, up = max(across, least, 1e-9), max(up, least, 1e-9)
        scale = longest / max(across, up)
        size = max(round(across * scale), 1), max(round(up * scale), 1)
        return cls.fit((west, south, east, north), *size, margin=margin)

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north in degrees."""
        half_w, half_h = self.width / 2 * self.resolution, self.height / 2 * self.resolution
        lon, lat = unmercator(
            np.array([self.x - half_w, self.x + half_w]),
            np.array([self.y - half_h, self.y + half_h]),
        )
        return float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])

    def to_screen(
        self, lon: NDArray[np.float64], lat: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Degrees to logical pixels from the upper left corner."""
        x, y = mercator(np.asarray(lon, dtype=float), np.asarray(lat, dtype=float))
        return (
            (x - self.x) / self.resolution + self.width / 2,
            (self.y - y) / self.resolution + self.height / 2,
        )

    def to_map(self, px: float, py: float) -> tuple[float, float]:
        """A logical pixel to longitude and latitude in degrees."""
        x = self.x + (px - self.width / 2) * self.resolution
        y = self.y - (py - self.height / 2) * self.resolution
        lon, lat = unmercator(np.array([x]), np.array([y]))
        return float(lon[0]), float(lat[0])

    def panned(self, dx: float, dy: float) -> MapView:
        """The view after its content was dragged by logical pixels (right and down)."""
        return replace(self, x=self.x - dx * self.resolution, y=self.y + dy * self.resolution)

    def zoomed(self, factor: float, px: float | None = None, py: float | None = None) -> MapView:
        """Closer by `factor`, the place under the pixel staying where it is."""
        px = self.width / 2 if px is None else px
        py = self.height / 2 if py is None else py
        resolution = min(max(self.resolution / factor, _FINEST), _COARSEST)
        moved = self.resolution - resolution
        return replace(
            self,
            resolution=resolution,
            x=self.x + (px - self.width / 2) * moved,
            y=self.y - (py - self.height / 2) * moved,
        )

    def resized(self, width: int, height: int, dpr: float | None = None) -> MapView:
        """The same centre and resolution in another size."""
        return replace(self, width=width, height=height, dpr=dpr or self.dpr)

    def shown(self, bounds: Bounds, *, margin: float = 0.08) -> MapView:
        """The view of this size that shows the bounds."""
        return MapView.fit(
            bounds, self.width, self.height, margin=margin, dpr=self.dpr, dpi=self.dpi
        )

    @property
    def metres_per_pixel(self) -> float:
        """Metres on the ground a logical pixel, at the centre."""
        return self.resolution / math.cosh(self.y / EARTH)

    @property
    def scale(self) -> float:
        """The number N of the scale 1 : N on the ground, at the centre."""
        return self.metres_per_pixel * self.dpi / 0.0254
