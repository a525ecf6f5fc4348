"""The Netherlands as a field of dots, made from the centres of its postcodes; results stand on it as larger dots.

`python -m portal.figures.netherlands` draws `portal/static/netherlands.svg` anew.
"""

import math
from dataclasses import dataclass

from network.postcodes import places
from portal.assets import STATIC

WEST, NORTH = 3.3, 53.6
WIDTH, HEIGHT = 280, 326
# At 52 degrees north a degree of longitude is this much shorter than one of latitude.
SHORTER = math.cos(math.radians(52.2))
# Units of the picture per degree of latitude; one unit is about one kilometre.
SCALE = 111.2 * 0.97
STEP = 4.6
REACH = 3.9


@dataclass(frozen=True)
class Spot:
    """A result on the map: where, and what stands there."""

    latitude: float
    longitude: float
    label: str
    number: int | None = None

    @property
    def x(self) -> float:
        """Return the place from the left of the picture."""
        return place(self.latitude, self.longitude)[0]

    @property
    def y(self) -> float:
        """Return the place from the top of the picture."""
        return place(self.latitude, self.longitude)[1]


def place(latitude: float, longitude: float) -> tuple[float, float]:
    """Return the place in the picture, from the left and from the top."""
    return round((longitude - WEST) * SHORTER * SCALE, 1), round((NORTH - latitude) * SCALE, 1)


def radius(kilometres: float) -> float:
    """Return a distance in kilometres as a length in the picture."""
    return round(kilometres / 111.2 * SCALE, 1)


def land_dots() -> list[tuple[float, float]]:
    """Return the points of a honeycomb that lie near a postcode: where people live is land."""
    cells: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for x, y in (place(each.lat, each.lon) for each in places().values()):
        cells.setdefault((int(x // REACH), int(y // REACH)), []).append((x, y))
    dots = []
    for row in range(int(HEIGHT / (STEP * 0.866)) + 1):
        for column in range(int(WIDTH / STEP) + 1):
            x, y = (column + (row % 2) / 2) * STEP, row * STEP * 0.866
            if _near(cells, x, y):
                dots.append((round(x, 1), round(y, 1)))
    return dots


def _near(cells: dict[tuple[int, int], list[tuple[float, float]]], x: float, y: float) -> bool:
    column, row = int(x // REACH), int(y // REACH)
    around = (cells.get((column + i, row + j), ()) for i in (-1, 0, 1) for j in (-1, 0, 1))
    return any(math.dist((x, y), centre) <= REACH for centres in around for centre in centres)


def drawing(dots: list[tuple[float, float]]) -> str:
    """Return the picture: one path on which every dot is a line without length and with a round end."""
    path, last = [], (0.0, 0.0)
    for x, y in dots:
        path.append(f"m{x - last[0]:.4g} {y - last[1]:.4g}h0")
        last = (x, y)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<path fill="none" stroke="#b9cac8" stroke-width="3" stroke-linecap="round" d="{"".join(path)}"/></svg>\n'
    )


def main() -> None:
    """Draw the map and put it in its place."""
    (STATIC / "netherlands.svg").write_text(drawing(land_dots()), encoding="utf-8")


if __name__ == "__main__":
    main()
