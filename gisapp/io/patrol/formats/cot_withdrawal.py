"""Events by which TAK takes zones of an earlier package off its maps, as a data package.

A deletion is `t-x-d-d` with a link to what is to go and `__forcedelete`, as TAK clients send it to
each other. It was never tried on a device from a data package: whoever withdraws a zone looks.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from gisapp.io.patrol.content import Content, Withdrawn
from gisapp.io.patrol.formats.archive import zipped
from gisapp.io.patrol.formats.cot import UNKNOWN, Entry, manifest, moment, uid_of, without_end
from gisapp.io.patrol.formats.xml import add, document

#: How many areas of a zone are taken off; how many an earlier package had nobody knows here.
MOST_PARTS = 32


def withdraw(content: Content) -> dict[str, bytes]:
    """`withdrawn-tak.zip`: a deletion for each area that a withdrawn zone may have had."""
    files, entries = {}, []
    for zone in content.withdrawn:
        for number in range(1, MOST_PARTS + 1):
            uid = uid_of(zone.zone_id, number, "withdrawn")
            files[f"{uid}/{uid}.cot"] = _deletion(zone, number, uid, content)
            entries.append(Entry(uid, f"Withdrawn: {zone.name}"))
    listed = {"MANIFEST/manifest.xml": manifest(content, "zones withdrawn", entries)}
    return {"withdrawn-tak.zip": zipped(listed | files, content.stamp)}


def _deletion(zone: Withdrawn, number: int, uid: str, content: Content) -> bytes:
    at = moment(content.stamp)
    stale = moment(without_end(content))
    root = Element("event", {"version": "2.0", "uid": uid, "type": "t-x-d-d"})
    root.attrib.update({"time": at, "start": at, "stale": stale, "how": "h-g-i-g-o"})
    add(root, "point", lat="0.0", lon="0.0", hae=UNKNOWN, ce=UNKNOWN, le=UNKNOWN)
    detail = add(root, "detail")
    add(detail, "link", uid=uid_of(zone.zone_id, number), relation="p-p", type="u-d-f")
    add(detail, "__forcedelete")
    return document(root)
