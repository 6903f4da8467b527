// Draws the groups of an HTML map. Every text is written as text: nothing here makes markup.
(function (map, page, symbols, names) {
  "use strict";

  const { Alert, Canvas, Mark, Ring, Service } = symbols;
  const { exclaim, figure, number, pattern, trace, westToEast } = symbols;
  const renderer = new Canvas({ padding: 0.4, tolerance: 3 });

  function decoded(numbers, scale) {
    const points = [];
    let lat = 0;
    let lon = 0;
    for (let i = 0; i < numbers.length; i += 2) {
      lat += numbers[i];
      lon += numbers[i + 1];
      points.push([lat / scale, lon / scale]);
    }
    return points;
  }
  const area = (item) => item.rings.map((part) => part.map((ring) => decoded(ring, 1e6)));
  const told = (layer, item) => Object.assign(layer, { item: item });

  const blending = (group) => (group.blend && group.blend !== "normal" ? group.blend : "");
  function polygons(group, styles, interactive) {
    const layers = [];
    const more = { renderer, interactive, smoothFactor: 0.3, blend: blending(group) };
    for (const item of group.items) {
      const look = Object.assign({}, more, styles ? styles[item.class] : item.style);
      const shape = L.polygon(area(item), look);
      layers.push(told(shape, item));
      if (item.label) {
        const name = document.createElement("span");
        name.textContent = item.name;
        Object.assign(name, { shape, at: item.label });
        const icon = L.divIcon({ className: "place", html: name, iconSize: null });
        layers.push(L.marker(item.label, { icon, interactive: false, keyboard: false }));
      }
    }
    return layers;
  }

  const box = (south, west, [wide, high]) => [
    [south, west],
    [south, west + wide],
    [south + high, west + wide],
    [south + high, west],
  ];
  // Round its middle, a corner in the north; even on the map, whose parallels grow apart.
  function hexagon(lat, lon, wide) {
    const degree = Math.PI / 180;
    const up = Math.log(Math.tan(Math.PI / 4 + (lat * degree) / 2));
    const radius = (wide * degree) / Math.sqrt(3);
    return [0, 1, 2, 3, 4, 5].map((number) => {
      const turn = (number * 60 + 30) * degree;
      const y = up + radius * Math.sin(turn);
      const x = lon + (radius * Math.cos(turn)) / degree;
      return [(2 * Math.atan(Math.exp(y)) - Math.PI / 2) / degree, x];
    });
  }

  const draw = {
    zones: (group) =>
      polygons(group, null, true).flatMap((zone) => {
        const plain = { renderer, interactive: false, fill: false, hatch: "", zone };
        const look = Object.assign({}, zone.item.style, plain);
        return [zone, new Ring(zone.getBounds().getCenter(), look)];
      }),
    outlined: (group) => polygons(group, group.styles, true),
    area: (group) => polygons(group, group.styles, false),
    edges: (group) => polygons(group, group.styles, false),
    lines: (group) =>
      group.bands.map((band) => {
        const paths = band.paths.map((path) => decoded(path, 1e5));
        const style = group.styles[band.class];
        const weight = style.weight * [0.9, 1.8, 2.8][band.rank - 1];
        const quiet = group.quiet ? [0.45, 0.55, 0.65][band.rank - 1] : 1;
        const opacity = style.opacity * quiet;
        const look = { renderer, interactive: false, weight, opacity, blend: blending(group) };
        return L.polyline(paths, Object.assign({}, style, look, { fill: false }));
      }),
    surface: (group) =>
      group.items.map((item) => {
        const look = { renderer, interactive: false, stroke: false };
        const fill = { fillColor: item.color, fillOpacity: group.opacity };
        return L.polygon(area(item), Object.assign(look, fill));
      }),
    cells: (group) =>
      group.cells.map(([west, south, count, kind]) => {
        const lat = south + group.size[1] / 2;
        const look = {
          renderer,
          color: "#ffffff",
          weight: 0.7,
          opacity: 1,
          fillColor: group.fill,
          dense: group.opacity,
          blend: blending(group),
          mark: group.mark,
          share: group.sides[kind],
          widest: group.widest,
          west: [lat, west],
          east: [lat, west + group.size[0]],
        };
        const number = count.toLocaleString("en");
        const rows = [[group.noun, number], ["Cell", group.side + " wide"]];
        const mark = new Mark([lat, west + group.size[0] / 2], look);
        return told(mark, { name: group.noun + ": " + number, rows });
      }),
    counted: (group) =>
      group.cells.map(([x, y, count, kind]) => {
        const corners = group.shape === "hexagon" ? hexagon(y, x, group.size[0]) : box(y, x, group.size);
        const fill = { fillColor: group.colors[kind], fillOpacity: group.opacity };
        const look = { renderer, stroke: false, smoothFactor: 0, blend: blending(group) };
        const number = count.toLocaleString("en");
        const shape = group.shape === "hexagon" ? "Hexagon" : "Cell";
        const rows = [[group.noun, number], [shape, group.side + " wide"]];
        const cell = L.polygon(corners, Object.assign(look, fill));
        return told(cell, { name: group.noun + ": " + number, rows });
      }),
    points: (group) =>
      group.items.map((item) => {
        const style = group.styles[item.class];
        const filled = { fill: true, fillOpacity: 0.8 * style.opacity, weight: 1, hatch: "" };
        const look = Object.assign({ renderer, blend: blending(group) }, style, filled);
        return told(L.circleMarker(item.at, look), item);
      }),
    services: (group) => {
      const disc = (like, item, more) => {
        const look = { renderer, radius: like.radius, own: like.radius, color: "#ffffff" };
        const fill = { fillColor: like.color, fillOpacity: group.opacity, blend: blending(group) };
        return told(new Service(like.at, Object.assign(look, fill, more)), item);
      };
      const stacked = new Set(group.stacks.flatMap((stack) => stack.items));
      const alone = group.items.filter((_, place) => !stacked.has(place));
      const discs = alone.map((item) => disc(item, item, { glyph: group.glyphs[item.glyph] }));
      for (const stack of group.stacks) {
        const parts = stack.items.map((place) => group.items[place]);
        const more = { several: parts.length, ink: stack.ink };
        discs.push(disc(group.items[stack.like], { name: stack.name, parts }, more));
      }
      // The northern ones first.
      return discs.sort((one, other) => other.getLatLng().lat - one.getLatLng().lat);
    },
  };

  const alerts = (group) =>
    (group.alerts || []).map((at) => {
      const look = { renderer, interactive: false, radius: 7, weight: 2 };
      return new Alert(at, Object.assign(look, { fillColor: group.alert }));
    });

  // Pop-ups are made when somebody asks for one, and hold text only.
  function element(tag, text, className) {
    const made = document.createElement(tag);
    if (text !== undefined) {
      made.textContent = text;
    }
    if (className) {
      made.className = className;
    }
    return made;
  }
  function card(item, title = "h3") {
    const box = element("div");
    box.append(element(title, item.name));
    // Several at one place are told one after the other.
    (item.parts || []).forEach((part) => box.append(card(part, "h4")));
    if (item.rows) {
      const list = element("dl");
      for (const [label, text] of item.rows) {
        list.append(element("dt", label), element("dd", text));
      }
      box.append(list);
    }
    return box;
  }
  const middle = (layer) => (layer.getBounds ? layer.getBounds().getCenter() : layer.getLatLng());
  function open(item, at) {
    L.popup({ maxWidth: 340, minWidth: 220 }).setLatLng(at).setContent(card(item)).openOn(map);
  }

  const hint = L.tooltip({ direction: "top", offset: [0, -8] });
  function listen(layers) {
    for (const layer of layers) {
      if (!layer.item) {
        continue;
      }
      layer.on("click", (event) => open(layer.item, event.latlng));
      if (layer.item.name) {
        layer.on("mouseover", (event) => {
          hint.setContent(element("span", layer.item.name)).setLatLng(event.latlng).addTo(map);
        });
        layer.on("mouseout", () => hint.remove());
      }
    }
    return layers;
  }

  // Legend: a swatch that is drawn as the map is, by the same styles.
  function swatch(entry, glyphs) {
    const canvas = element("canvas", undefined, "swatch");
    canvas.width = 52;
    canvas.height = 36;
    canvas.setAttribute("aria-hidden", "true");
    const ctx = canvas.getContext("2d");
    ctx.scale(2, 2);
    const style = entry.style || { color: entry.color, weight: 2, opacity: 1 };
    ctx.strokeStyle = style.color;
    ctx.lineWidth = style.weight;
    if (entry.symbol === "service" || entry.symbol === "point") {
      ctx.fillStyle = entry.color;
      ctx.beginPath();
      const own = Math.min(Math.max((entry.size || 8) / 2, 2), 9);
      ctx.arc(13, 9, entry.symbol === "service" ? 9 : own, 0, 7);
      ctx.fill();
      if (entry.ink) {
        number(ctx, "2", 13, 9, 9, entry.ink);
      } else if (glyphs[entry.glyph]) {
        figure(ctx, glyphs[entry.glyph], 13, 9, 9);
      }
    } else if (entry.symbol === "alert") {
      exclaim(ctx, 13, 9, 7, entry.color);
    } else if (entry.symbol === "line") {
      ctx.beginPath();
      ctx.moveTo(2, 13);
      ctx.lineTo(24, 5);
      ctx.stroke();
    } else if (entry.symbol === "mark") {
      ctx.globalAlpha = 0.58;
      ctx.fillStyle = entry.color;
      trace(ctx, entry.mark, 13, 9, 8.5 * entry.side);
      ctx.fill();
    } else if (entry.symbol === "cell") {
      // Over the ground of the map, which is not that of the legend.
      ctx.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--ground");
      ctx.fillRect(2, 1, 22, 16);
      ctx.globalAlpha = entry.opacity || 0.62;
      ctx.fillStyle = entry.color;
      ctx.fillRect(2, 1, 22, 16);
    } else {
      ctx.beginPath();
      ctx.rect(3, 3, 20, 12);
      ctx.globalAlpha = style.fillOpacity;
      ctx.fillStyle = style.hatch ? pattern(ctx, style.hatch, style.fillColor) : style.fillColor;
      if (style.fill) {
        ctx.fill();
      }
      ctx.globalAlpha = style.opacity;
      ctx.setLineDash(style.dashArray ? [4, 3] : []);
      ctx.stroke();
    }
    return canvas;
  }

  let untouched = true;
  const shown = page.groups.map((group) => ({ group, on: group.on, layers: null }));

  // At which scales a group is drawn: N of 1 : N on the ground, at 96 pixels to the inch.
  function scaleNow() {
    const lat = (map.getCenter().lat * Math.PI) / 180;
    const metres = (40075016.7 * Math.cos(lat)) / (256 * 2 ** map.getZoom());
    return (metres * 96) / 0.0254;
  }
  function inReach(group) {
    const scale = scaleNow();
    return !(group.farthest && scale > group.farthest) && !(group.nearest && scale < group.nearest);
  }
  const limited = page.groups.filter((group) => group.farthest || group.nearest);
  let reached = "";
  function onZoom() {
    const now = limited.map(inReach).join();
    if (now !== reached) {
      reached = now;
      redraw();
    }
  }

  // How large the discs of services are, by how many are in view and how near the map is. Tells
  // whether one has changed.
  const MANY = 400;
  const CROWDED = 0.012;
  const STEPS = 20;
  function resize() {
    let changed = false;
    const view = map.getBounds();
    const size = map.getSize();
    const nearness = Math.min(Math.max((3 * 96) / 0.0254 / scaleNow(), 1), 1.5);
    // In steps: the scale changes a little with each pan to the north.
    const near = Math.round(nearness * STEPS) / STEPS;
    for (const one of shown.filter((one) => one.group.kind === "services" && one.layers)) {
      const seen = one.layers.filter((layer) => view.contains(layer.getLatLng()));
      const count = seen.reduce((sum, layer) => sum + (layer.options.several || 1), 0);
      const wide = 2 * near * (one.group.radius || 7);
      const crowded = (seen.length * wide * wide) / Math.max(size.x * size.y, 1) >= CROWDED;
      const share = count > MANY ? 0.5 : crowded ? 0.7 : 1;
      for (const layer of one.layers) {
        if (layer.fit(share, near)) {
          changed = true;
          if (map.hasLayer(layer)) {
            layer.redraw();
          }
        }
      }
    }
    return changed;
  }

  // Rings hug the discs of services as these are now.
  const drawn = (kind) =>
    shown.filter((one) => one.group.kind === kind && one.layers && one.on && inReach(one.group));
  function encircle() {
    const services = drawn("services").flatMap((one) => one.layers);
    const discs = westToEast(map, services);
    for (const ring of drawn("zones").flatMap((one) => one.layers)) {
      if (ring.fit && ring.fit(map, discs)) {
        for (const layer of [ring.options.zone, ring].filter((one) => map.hasLayer(one))) {
          layer.redraw();
        }
      }
    }
  }

  const signsShown = () => shown.flatMap((one) => one.signs || []).filter((sign) => map.hasLayer(sign));
  const uncover = names(map, signsShown, () => drawn("services").flatMap((one) => one.layers));

  // A pan alone changes nothing of how rings and names lie to the discs.
  let settled;
  function settle() {
    if (resize() || map.getZoom() !== settled) {
      settled = map.getZoom();
      encircle();
      uncover();
    }
  }

  function redraw() {
    for (const one of shown) {
      one.layers = one.layers || listen(draw[one.group.kind](one.group));
      one.signs = one.signs || alerts(one.group);
      [...one.layers, ...one.signs].forEach((layer) => layer.remove());
    }
    resize();
    encircle();
    // Added again from the bottom, so that what was switched on lies where it belongs.
    const seen = shown.filter((one) => one.on && inReach(one.group));
    seen.forEach((one) => one.layers.forEach((layer) => layer.addTo(map)));
    // No disc of a service may hide what a person has to settle.
    seen.forEach((one) => one.signs.forEach((layer) => layer.addTo(map)));
    uncover();
    settled = map.getZoom();
    map.closePopup();
    hint.remove();
  }

  function finder(one) {
    const box = element("details");
    box.append(element("summary", "Find one by name"));
    box.addEventListener("toggle", () => {
      if (!box.open || box.querySelector("ul")) {
        return;
      }
      const list = element("ul");
      const told = one.layers.filter((layer) => layer.item);
      const named = told.flatMap((layer) => (layer.item.parts || [layer.item]).map((item) => [item, layer]));
      const layerOf = new Map(named);
      for (const item of one.group.items) {
        const button = element("button", item.name);
        button.type = "button";
        button.addEventListener("click", () => {
          const at = middle(layerOf.get(item));
          untouched = false;
          map.panTo(at, { animate: false });
          open(item, at);
        });
        const line = element("li");
        line.append(button);
        list.append(line);
      }
      box.append(list);
    });
    return box;
  }

  function section(one) {
    const group = one.group;
    const box = element("section");
    const title = element("label", undefined, "group");
    const tick = element("input");
    tick.type = "checkbox";
    tick.checked = one.on;
    box.classList.toggle("off", !one.on);
    tick.addEventListener("change", () => {
      one.on = tick.checked;
      box.classList.toggle("off", !one.on);
      redraw();
    });
    title.append(tick, element("span", group.title), element("span", group.count, "count"));
    box.append(title);
    const entries = element("ul", undefined, "entries");
    for (const entry of group.legend) {
      const line = element("li");
      line.append(swatch(entry, group.glyphs || {}), element("span", entry.label));
      if (entry.count) {
        line.append(element("span", entry.count, "count"));
      }
      entries.append(line);
    }
    box.append(entries);
    if (group.note) {
      box.append(element("p", group.note, "note"));
    }
    if (group.list && group.items.length) {
      box.append(finder(one));
    }
    return box;
  }

  const North = L.Control.extend({
    options: { position: "topright" },
    onAdd() {
      const box = element("div", undefined, "north");
      const art = "http://www.w3.org/2000/svg";
      const svg = document.createElementNS(art, "svg");
      svg.setAttribute("viewBox", "0 0 30 40");
      svg.setAttribute("role", "img");
      svg.setAttribute("aria-label", "North is up");
      const arrow = document.createElementNS(art, "path");
      arrow.setAttribute("d", "M15 1 L24 26 L15 20 L6 26 Z");
      arrow.setAttribute("fill", "#1f2a30");
      const letter = document.createElementNS(art, "text");
      letter.setAttribute("x", "15");
      letter.setAttribute("y", "39");
      letter.setAttribute("text-anchor", "middle");
      letter.setAttribute("font-size", "12");
      letter.setAttribute("font-weight", "700");
      letter.textContent = "N";
      svg.append(arrow, letter);
      box.append(svg);
      return box;
    },
  });

  // The map opens filled with what it shows, as far as that lies in its bounds; streets are ground.
  function opening() {
    const whole = L.latLngBounds(page.bounds);
    const found = L.latLngBounds([]);
    for (const one of shown.filter((one) => one.on && one.group.kind !== "lines")) {
      one.layers = one.layers || listen(draw[one.group.kind](one.group));
      for (const layer of one.layers) {
        found.extend(layer.getBounds ? layer.getBounds() : layer.getLatLng());
      }
    }
    const [south, west] = [whole.getSouth(), whole.getWest()];
    const [north, east] = [whole.getNorth(), whole.getEast()];
    if (!found.isValid() || !whole.intersects(found)) {
      return whole;
    }
    const inside = L.latLngBounds(
      [Math.max(south, found.getSouth()), Math.max(west, found.getWest())],
      [Math.min(north, found.getNorth()), Math.min(east, found.getEast())],
    );
    // A single place has no extent to fill a map with.
    const small = inside.getNorth() - inside.getSouth() < 0.01 && inside.getEast() - inside.getWest() < 0.01;
    return small ? whole : inside;
  }
  function fill(bounds) {
    const { zoomSnap } = map.options;
    map.options.zoomSnap = 0;
    map.fitBounds(bounds, { animate: false, padding: [16, 16] });
    map.options.zoomSnap = zoomSnap;
  }
  const first = opening();
  fill(first);
  map.setMinZoom(map.getZoom() - 3);
  // Until somebody moves the map it stays filled, however large its window becomes.
  for (const hand of ["mousedown", "touchstart", "wheel", "keydown"]) {
    const moved = () => (untouched = false);
    map.getContainer().addEventListener(hand, moved, { capture: true, passive: true });
  }
  map.on("resize", () => untouched && fill(first));
  map.addControl(new North());
  L.control.scale({ position: "bottomleft", maxWidth: 160 }).addTo(map);
  reached = limited.map(inReach).join();
  redraw();
  map.on("zoomend", onZoom);
  map.on("moveend", settle);
  const legend = document.getElementById("legend");
  // What is to be looked at first, the ground last.
  const kinds = "zones services points outlined surface counted cells edges lines area".split(" ");
  const place = (one) => kinds.indexOf(one.group.kind);
  const listed = [...shown].reverse().sort((a, b) => place(a) - place(b));
  listed.forEach((one) => legend.append(section(one)));
  document.documentElement.dataset.drawn = String(shown.filter((one) => one.on).length);
})(map_gisapp, JSON.parse(document.getElementById("gisapp-data").textContent), gisapp_symbols, gisapp_names);
