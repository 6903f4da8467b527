"""Invented names of streets and bridges."""

from __future__ import annotations

from numpy.random import Generator

_WORDS = """
Alder Anchor Apple Arbour Barley Basket Beacon Bellman Birch Bobbin Bramble Brewer Broom Candle
Carder Chandler Chapel Cherry Clover Cobbler Cooper Coppice Cordwain Crane Cutler Cygnet Dyer
Elder Fallow Farrier Feather Fennel Fern Ferry Fiddler Flaxen Fletcher Foundry Fuller Garnet
Glazier Glover Gorse Granary Hackle Harrow Hawthorn Hazel Heron Hopper Hornbeam Juniper Kestrel
Kiln Lantern Lark Larch Linden Linnet Loom Lychgate Maltster Maple Mercer Millrace Moorhen
Nailer Needle Orchard Osier Otter Packet Paver Pearmain Pilot Plover Poplar Potter Quarry Quince
Rafter Reed Rivet Rook Ropewalk Rowan Saddler Salter Sawyer Sedge Shipwright Skylark Slater
Sorrel Spindle Starling Sweep Swift Tallow Tanner Teasel Thatcher Thistle Tiller Tinker Turner
Vetch Wagon Walnut Weaver Wheelwright Willow Wren Yarrow Yew
"""
_FIRST = tuple(_WORDS.split())
_KINDS = ("Street", "Road", "Lane", "Row", "Street", "Walk", "Street", "Terrace")

BRIDGES = (
    "Millers Bridge",
    "Lime Bridge",
    "Market Bridge",
    "Swan Bridge",
    "Customs Bridge",
    "Gull Bridge",
    "Long Bridge",
)


def street_names(rng: Generator, count: int) -> list[str]:
    """As many different names as there are streets."""
    order = rng.permutation(len(_FIRST))
    kinds = rng.integers(0, len(_KINDS), count)
    found: list[str] = []
    for number in range(count):
        first = _FIRST[int(order[number % len(_FIRST)])]
        again = " North" if number >= len(_FIRST) else ""
        found.append(f"{first} {_KINDS[int(kinds[number])]}{again}")
    return found
