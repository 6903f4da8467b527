"""Columns that plainly point at a person, by their names and by their values.

gisapp needs places and times, never persons. Such columns are proposed to be left out; the user
sees which, and may decide otherwise.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from gisapp.io.reading.column_words import words
from gisapp.layers.audience import EVENT_KINDS
from gisapp.layers.vocabulary import LayerKind

_PERSON = (
    "subject|suspect|person|patient|victim|complainant|defendant|arrestee|offender|driver|"
    "passenger|pedestrian|client|witness|officer|employee|caller|reporter|citizen|detainee|"
    "individual|participant|owner|resident|decedent|deceased"
)
_WHO = (
    "id|ids|name|names|number|num|no|initials|badge|serial|code|key|address|street|phone|email|"
    "dob|yob|signature|photo|alias"
)
#: Names as words in lower case. A group (age range, gender, ethnicity) names nobody and stays.
_ALWAYS = re.compile(
    rf"(?:^| )(?:{_PERSON}) (?:{_WHO})(?: |$)"
    rf"|(?:^| )(?:{_PERSON}) (?:first|last|full|middle|home|birth|badge) "
    rf"|(?:^| )(?:name|names|id|address) of (?:the )?(?:{_PERSON})s?(?: |$)"
    r"|^(?:first|last|middle|maiden|given|family) names?$"
    r"|^(?:forenames?|surnames?|firstname|lastname|fname|lname|mname|alias|nickname)$"
    r"|(?:^| )(?:dob|yob|ssn|passport|mrn|nhs (?:no|number|id)|badge(?: number| no| id)?)(?: |$)"
    r"|(?:^| )(?:date|year|place) of birth(?: |$)|(?:^| )birth ?(?:date|day|year)(?: |$)"
    r"|social security|medical record"
    r"|licen[cs]e (?:plate|number|no|id)|(?:driver|drivers|driving) licen[cs]e"
    r"|(?:^| )(?:plate|number plate|plate number|vrm|vin|vehicle registration)(?: |$)"
    r"|(?:^| )home (?:address|street|postcode|phone)"
    r"|^residen(?:ce|tial) ?(?:address|street)?$"
    r"|(?:^| )(?:fingerprint|facebook|instagram|twitter)(?: |$)"
)
#: Contact details: a service's own are wanted, anybody else's are not.
_CONTACT = re.compile(
    r"(?:^| )(?:phone|telephone|tel|mobile|cell|fax|e mail|email|e mails|emails)"
    r"(?: number| no| address)?(?: |$)"
)
_JUST_NAME = re.compile(r"^(?:full ?name|name|names|person|persons?|who)$")
_GROUP = re.compile(r"\b(?:count|group|range|type|gender|sex|race|ethnicity|age)\b")
_EMAIL = r"^[^@\s]+@[^@\s]+\.[A-Za-z]{2,}$"
_SSN = r"^\d{3}-\d{2}-\d{4}$"


def points_at_person(name: str, kind: LayerKind) -> bool:
    """Whether a column of this name, in a layer of this kind, plainly says who somebody is."""
    text = " ".join(words(name))
    if _GROUP.search(text) and not re.search(r"\b(?:dob|yob|birth)\b", text):
        return False
    if _ALWAYS.search(text):
        return True
    if kind is LayerKind.SERVICES:
        return False
    if _CONTACT.search(text):
        return True
    return kind in EVENT_KINDS and bool(_JUST_NAME.search(text))


def holds_persons(texts: pa.ChunkedArray, kind: LayerKind) -> bool:
    """Whether most values are e-mail addresses or social security numbers."""
    given = texts.drop_null()
    if not len(given):
        return False
    patterns = (_SSN,) if kind is LayerKind.SERVICES else (_SSN, _EMAIL)
    return any(
        (pc.mean(pc.match_substring_regex(given, p).cast(pa.float64())).as_py() or 0) > 0.5
        for p in patterns
    )
