// How things look on an HTML map that Leaflet's canvas does not know: hatches, figures, marks, signs.
const gisapp_symbols = (function () {
  "use strict";

  function pattern(ctx, kind, color) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const pen = tile.getContext("2d");
    pen.strokeStyle = color;
    pen.lineWidth = 1.2;
    pen.beginPath();
    for (const shift of [-8, 0, 8]) {
      pen.moveTo(shift, 8);
      pen.lineTo(shift + 8, 0);
      if (kind === "crossed") {
        pen.moveTo(shift, 0);
        pen.lineTo(shift + 8, 8);
      }
    }
    pen.stroke();
    return ctx.createPattern(tile, "repeat");
  }

  // The figure of a kind of service: a path in a square from -1 to 1, white on its disc.
  function figure(ctx, path, x, y, radius) {
    ctx.save();
    ctx.globalAlpha = 1;
    ctx.fillStyle = "#ffffff";
    ctx.translate(x, y);
    ctx.scale(radius * 0.68, radius * 0.68);
    ctx.fill(new Path2D(path), "nonzero");
    ctx.restore();
  }
  // How many services there are at a place, in digits as large as their disc has room for.
  function number(ctx, text, x, y, radius, ink) {
    ctx.save();
    ctx.globalAlpha = 1;
    const face = (size) => `700 ${size}px ${getComputedStyle(document.body).fontFamily}`;
    ctx.font = face(100);
    const wide = ctx.measureText(text).width / 100;
    ctx.font = face(Math.floor(Math.min(radius * 1.3, (2 * radius * 0.88) / wide)));
    ctx.fillStyle = ink;
    ctx.textAlign = "center";
    const { actualBoundingBoxAscent: up, actualBoundingBoxDescent: down } = ctx.measureText(text);
    ctx.fillText(text, x, y + (up - down) / 2);
    ctx.restore();
  }
  // What a person has to settle: an exclamation mark on a disc.
  function exclaim(ctx, x, y, half, color) {
    ctx.save();
    ctx.globalAlpha = 1;
    ctx.fillStyle = color;
    ctx.strokeStyle = "#ffffff";
    ctx.lineCap = "round";
    ctx.setLineDash([]);
    ctx.lineWidth = half * 0.3;
    ctx.beginPath();
    ctx.arc(x, y, half, 0, 2 * Math.PI);
    ctx.fill();
    ctx.stroke();
    ctx.lineWidth = half * 0.32;
    ctx.beginPath();
    ctx.moveTo(x, y - half * 0.52);
    ctx.lineTo(x, y + half * 0.08);
    ctx.moveTo(x, y + half * 0.52);
    ctx.lineTo(x, y + half * 0.53);
    ctx.stroke();
    ctx.restore();
  }
  const Canvas = L.Canvas.extend({
    _fillStroke(ctx, layer) {
      const style = layer.options;
      // How colours meet those below, by the words that canvas has for it.
      ctx.globalCompositeOperation = style.blend || "source-over";
      if (style.hatch) {
        ctx.globalAlpha = style.fillOpacity;
        ctx.fillStyle = pattern(ctx, style.hatch, style.fillColor);
        ctx.fill("evenodd");
      }
      // What is not said of a style stands in the one it comes from, as that it has a line.
      const line = Object.create(style, { fill: { value: false } });
      const plain = style.hatch ? { options: line } : layer;
      L.Canvas.prototype._fillStroke.call(this, ctx, plain);
      ctx.globalCompositeOperation = "source-over";
    },
    _updateService(layer) {
      if (!this._drawing || layer._empty()) {
        return;
      }
      this._updateCircle(layer);
      if (!layer.options.figured) {
        return;
      }
      const [ctx, { x, y }, radius] = [this._ctx, layer._point, layer._radius];
      const { glyph, several, ink } = layer.options;
      if (several) {
        number(ctx, String(several), x, y, radius, ink);
      } else {
        figure(ctx, glyph, x, y, radius);
      }
    },
  });
  // How much larger than others a disc with a number in it is.
  const STACKED = 1.3;
  const Service = L.CircleMarker.extend({
    // As large as on screen; smaller, and then without its figure, where there are many. Tells
    // whether it has to be drawn anew.
    fit(share, near) {
      const before = [this._radius, this.options.figured].join();
      this.options.figured = share > 0.5;
      const stacked = this.options.several && this.options.figured ? STACKED : 1;
      this._radius = Math.max(this.options.own * near * share * stacked, 3);
      this.options.radius = this._radius;
      this.options.weight = Math.max(this._radius * 0.16, 0.8);
      return before !== [this._radius, this.options.figured].join();
    },
    _updatePath() {
      this._renderer._updateService(this);
    },
  });
  const Alert = L.CircleMarker.extend({
    _updatePath() {
      if (this._renderer._drawing && !this._empty()) {
        const { x, y } = this._point;
        exclaim(this._renderer._ctx, x, y, this._radius, this.options.fillColor);
      }
    },
  });
  // A count: one shape a kind of event, as wide on the ground as its class says, up to a limit.
  function trace(ctx, shape, x, y, half) {
    ctx.beginPath();
    if (shape === "disc") {
      ctx.arc(x, y, half, 0, 2 * Math.PI);
    } else if (shape === "square") {
      ctx.rect(x - half, y - half, 2 * half, 2 * half);
    } else {
      ctx.moveTo(x, y - half);
      ctx.lineTo(x + half, y);
      ctx.lineTo(x, y + half);
      ctx.lineTo(x - half, y);
      ctx.closePath();
    }
  }
  const LARGEST = 30;
  const TINY = 8;
  const Mark = L.CircleMarker.extend({
    _project() {
      const across = this._map.latLngToLayerPoint(this.options.east).x;
      const cell = Math.abs(across - this._map.latLngToLayerPoint(this.options.west).x);
      const tiny = cell < TINY;
      const widest = tiny ? cell : Math.min(cell * this.options.widest, LARGEST);
      // Where the map is near, the mark is smaller than its cell, whose edge is drawn then.
      this._cell = widest < cell * this.options.widest ? cell / 2 : 0;
      this._radius = Math.max((widest * this.options.share) / 2, 0.6);
      // An edge would be all that is seen of a tiny mark.
      this.options.stroke = this._radius > 2;
      this.options.fillOpacity = tiny ? Math.max(0.85, this.options.dense) : this.options.dense;
      L.CircleMarker.prototype._project.call(this);
    },
    _updateBounds() {
      const reach = Math.max(this._radius, this._cell) + 2;
      const corner = L.point(reach, reach);
      this._pxBounds = L.bounds(this._point.subtract(corner), this._point.add(corner));
    },
    _updatePath() {
      const renderer = this._renderer;
      if (!renderer._drawing || this._empty()) {
        return;
      }
      const ctx = renderer._ctx;
      trace(ctx, this.options.mark, this._point.x, this._point.y, this._radius);
      renderer._fillStroke(ctx, this);
      if (this._cell) {
        trace(ctx, "square", this._point.x, this._point.y, this._cell);
        ctx.globalAlpha = 0.4;
        ctx.lineWidth = 0.7;
        ctx.strokeStyle = this.options.fillColor;
        ctx.stroke();
      }
    },
  });
  // A zone that the disc of a service would hide is a ring round the disc; one that is too small
  // to be seen, a ring by itself. In points of 1/72 inch: how far off a ring is, the smallest one.
  const GAP = (2 * 96) / 72;
  const SMALLEST = (5 * 96) / 72;
  // The discs of services in the pixels of layers, with a way to ask for those that may hide
  // something at `x`: in order they lie next to each other, so that no ring looks at all of them.
  function westToEast(map, services) {
    const discs = services.map((layer) => {
      const at = layer.getLatLng();
      const { x, y } = map.latLngToLayerPoint(at);
      return { at, x, y, radius: layer.options.radius };
    });
    const sorted = discs.sort((one, other) => one.x - other.x);
    const reach = sorted.reduce((most, { radius }) => Math.max(most, radius), 0) + GAP;
    const first = (x) => {
      let [low, high] = [0, sorted.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        [low, high] = sorted[middle].x < x ? [middle + 1, high] : [low, middle];
      }
      return low;
    };
    return { reach, near: (x) => sorted.slice(first(x - reach), first(x + reach)) };
  }
  const Ring = L.CircleMarker.extend({
    // `discs` are those of `westToEast`. Tells whether it has to be drawn anew.
    fit(map, discs) {
      const before = [this._radius, this._latlng].join();
      const { zone } = this.options;
      const corner = map.latLngToLayerPoint(zone.getBounds().getNorthWest());
      const other = map.latLngToLayerPoint(zone.getBounds().getSouthEast());
      const half = Math.max(other.x - corner.x, other.y - corner.y) / 2;
      const [x, y] = [(corner.x + other.x) / 2, (corner.y + other.y) / 2];
      let [hiding, least] = [null, Infinity];
      // What is larger than all discs no disc can hide.
      for (const disc of half < discs.reach ? discs.near(x) : []) {
        const away = Math.hypot(disc.x - x, disc.y - y);
        const reach = away + half;
        // Hidden, too, is an outline that would lie on the edge of a disc or nearer than a ring.
        const near = half >= disc.radius - GAP && reach < disc.radius + GAP;
        if (away < least && (near || reach < disc.radius)) {
          [hiding, least] = [disc, away];
        }
      }
      this._radius = hiding ? hiding.radius + GAP : 2 * half < SMALLEST ? SMALLEST / 2 : 0;
      this._latlng = hiding ? hiding.at : zone.getBounds().getCenter();
      this.options.radius = this._radius;
      zone.options.stroke = !this._radius;
      return before !== [this._radius, this._latlng].join();
    },
    _updatePath() {
      if (this._radius) {
        L.CircleMarker.prototype._updatePath.call(this);
      }
    },
  });

  const pens = { exclaim, figure, number, pattern, trace };
  return { Alert, Canvas, Mark, Ring, Service, westToEast, ...pens };
})();
