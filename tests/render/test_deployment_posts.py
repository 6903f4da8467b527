"""A plan may mix areas and single points: each is drawn."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import shapely

from gisapp.layers.audience import Audience
from gisapp.layers.layer import Shapes, new_layer
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.scene import Look, Scene, render_image
from gisapp.render.view import MapView


def test_a_point_among_areas_is_drawn_as_a_post(qapp: object) -> None:
    shapes = np.empty(2, dtype=object)
    shapes[:] = [shapely.box(-84.52, 39.10, -84.515, 39.105), shapely.Point(-84.505, 39.105)]
    table = pa.table({"name": ["Area", "Post"]})
    layer = new_layer("Plan", LayerKind.DEPLOYMENTS, table, Shapes(shapes), {"name": "name"})
    view = MapView.fit((-84.525, 39.095, -84.495, 39.115), 400, 300)
    look = Look(date(2026, 3, 24), None, Audience.POLICE)
    drawn, without = (
        render_image(Scene(Project(layers=layers), view, look)) for layers in ((layer,), ())
    )
    (x,), (y,) = view.to_screen(np.array([-84.505]), np.array([39.105]))
    # The cross runs through the middle of the sign.
    assert drawn.pixel(round(x), round(y)) != without.pixel(round(x), round(y))
