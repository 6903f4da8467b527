// Where the names of areas stand on an HTML map.
// Names give way to services, to signs and to names of upper layers: they move within their area,
// else they go. They go, too, where it is so small or low that they would be read as another's.
const gisapp_names = function (map, signs, services) {
  "use strict";

  const [ACROSS, DOWN] = [96, 60];
  // Room left and right of a name, in its height: nearer ones would be read as one.
  const APART = 0.6;
  const SHIFTS = [];
  for (let dy = -DOWN; dy <= DOWN; dy += 10) {
    for (let dx = -ACROSS; dx <= ACROSS; dx += 12) {
      SHIFTS.push([dx, dy]);
    }
  }
  SHIFTS.sort((one, other) => Math.hypot(...one) - Math.hypot(...other));
  // Whether a point lies within some rings, where those within others are holes.
  function within(rings, { x, y }) {
    let inside = false;
    for (const ring of rings) {
      let last = ring[ring.length - 1];
      for (const next of ring) {
        const crossed = next.y > y !== last.y > y;
        const slope = (last.x - next.x) / (last.y - next.y);
        if (crossed && x < next.x + slope * (y - next.y)) {
          inside = !inside;
        }
        last = next;
      }
    }
    return inside;
  }
  return function uncover() {
    const discs = services().map((layer) => {
      const { x, y } = map.latLngToContainerPoint(layer.getLatLng());
      return { x, y, radius: layer.options.radius + layer.options.weight / 2 };
    });
    const placed = signs().map((sign) => {
      const { x, y } = map.latLngToContainerPoint(sign.getLatLng());
      return { left: x - 8, right: x + 8, top: y - 8, bottom: y + 8 };
    });
    const free = (a, near) =>
      !placed.some((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom) &&
      !near.some(({ x, y, radius }) => {
        const across = Math.max(a.left - x, x - a.right, 0);
        return Math.hypot(across, Math.max(a.top - y, y - a.bottom, 0)) < radius;
      });
    const names = [...document.querySelectorAll(".place")].reverse();
    // All are measured before any is moved: the page is laid out once.
    const sizes = names.map((name) => [name.offsetWidth, name.offsetHeight]);
    names.forEach((name, number) => {
      const { at, shape } = name.firstChild;
      const [wide, high] = sizes[number];
      const corner = map.latLngToContainerPoint(shape.getBounds().getNorthWest());
      const room = map.latLngToContainerPoint(shape.getBounds().getSouthEast()).subtract(corner);
      const middle = map.latLngToContainerPoint(at);
      const box = ([dx, dy]) => {
        const [left, top] = [middle.x + dx - wide / 2, middle.y + dy - high / 2];
        return { left, top, right: left + wide, bottom: top + high };
      };
      const near = discs.filter(
        ({ x, y, radius }) =>
          Math.abs(x - middle.x) < wide / 2 + ACROSS + radius &&
          Math.abs(y - middle.y) < high / 2 + DOWN + radius,
      );
      // How far a name reaches out of the box of its area: no farther than from its own place.
      const out = ({ left, top, right, bottom }) => [
        Math.max(corner.x - left, 0) + Math.max(right - corner.x - room.x, 0),
        Math.max(corner.y - top, 0) + Math.max(bottom - corner.y - room.y, 0),
      ];
      const least = out(box([0, 0]));
      const roomy = (shift) =>
        shift === SHIFTS[0] || out(box(shift)).every((reach, side) => reach <= least[side]);
      // All of the area, not what is drawn of it: names stand still while the map is moved. Its
      // pixels are counted from the corner, for those of a layer may be of a former view.
      let rings = null;
      const inside = (shift) => {
        if (shift === SHIFTS[0]) {
          return true;
        }
        rings = rings || shape._rings.map((ring) => L.LineUtil.simplify(ring, 1));
        const from = shape._rawPxBounds.min.subtract(corner);
        return within(rings, middle.add(shift).add(from));
      };
      const own = wide < 2 * room.x && high < room.y + 4;
      const fits = (shift) => roomy(shift) && free(box(shift), near) && inside(shift);
      const way = own && SHIFTS.find(fits);
      const [dx, dy] = way || [0, 0];
      name.style.marginLeft = dx - wide / 2 + "px";
      name.style.marginTop = dy - high / 2 + "px";
      name.style.visibility = way ? "visible" : "hidden";
      if (way) {
        const { left, top, right, bottom } = box(way);
        placed.push({ left: left - APART * high, top, right: right + APART * high, bottom });
      }
    });
  };
};
