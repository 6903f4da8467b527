"""What a second map shows of the same project: its own day, audience and layers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time

from gisapp.layers.agreement import day_in_words
from gisapp.layers.audience import Audience, Sensitivity, Showing, showing
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import LayerKind
from gisapp.render.look import Look

_OPENNESS = {Showing.NOTHING: 0, Showing.SUPPRESSED: 1, Showing.COUNTS: 2, Showing.EACH: 3}


def no_more_open_than(first: Audience) -> tuple[Audience, ...]:
    """The audiences that see nothing which this one does not see."""
    kinds = [(kind, reach) for kind in LayerKind for reach in Sensitivity]

    def sees(audience: Audience) -> list[int]:
        return [_OPENNESS[showing(*of, audience, exported=False)] for of in kinds]

    most = sees(first)
    return tuple(
        audience
        for audience in Audience
        if all(mine <= theirs for mine, theirs in zip(sees(audience), most, strict=True))
    )


def look_in_words(look: Look) -> str:
    """`1 March 2024 at 22:00, police analysts`."""
    hour = "" if look.time is None else f" at {look.time:%H:%M}"
    label = look.audience.label
    return f"{day_in_words(look.day)}{hour}, {label[0].lower()}{label[1:]}"


@dataclass(frozen=True, slots=True)
class SecondLook:
    """The settings of the second map. `hidden` names the layers that it does not show."""

    day: date
    time: time | None
    audience: Audience
    hidden: frozenset[str] = frozenset()
    zones: bool = True
    hotspots: bool = True

    @classmethod
    def like(cls, project: Project, look: Look) -> SecondLook:
        """As the first map is now."""
        hidden = frozenset(layer.id for layer in project.layers if not layer.visible)
        return cls(look.day, look.time, look.audience, hidden, project.zones_visible)

    def look(self, first: Look) -> Look:
        """How the second map is looked at: never for an audience more open than the first's."""
        allowed = self.audience in no_more_open_than(first.audience)
        audience = self.audience if allowed else first.audience
        look = replace(first, day=self.day, time=self.time, audience=audience)
        # Rows chosen one by one, or by the day, would tell small counts by what they differ in.
        return look if audience is first.audience else replace(look, rows={})

    def project(self, first: Project) -> Project:
        """The project with what this map shows of it; no part of the open one is changed."""
        layers = tuple(
            layer
            if layer.visible == (layer.id not in self.hidden)
            else replace(layer, visible=not layer.visible)
            for layer in first.layers
        )
        hotspots = first.hotspots
        if not self.hotspots:
            hotspots = tuple(replace(one, visible=False) for one in hotspots)
        return replace(first, layers=layers, hotspots=hotspots, zones_visible=self.zones)
