"""The real cases of sample_data/agreements on paper: every term in plain words, no code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from gisapp.analysis.briefing.instruction import instruction
from gisapp.analysis.briefing.order import order
from gisapp.analysis.briefing.words import not_done
from gisapp.errors import ExportError
from gisapp.io.agreements import agreement_file
from gisapp.layers import agreement_edits
from gisapp.layers.agreement import Agreement, Standing, Status
from gisapp.layers.project import Project
from gisapp.layers.vocabulary import (
    Activity,
    Basis,
    Exemption,
    Formality,
    PartyRole,
    Polarity,
    Seized,
    Transit,
    Visibility,
)
from tests.conftest import ROOT

CASES = sorted((ROOT / "sample_data" / "agreements").glob("*.json"))
DAY = date(2026, 3, 7)
#: Every word of a vocabulary that only programs use.
CODES = sorted(
    str(one)
    for kind in (Activity, Exemption, Formality, PartyRole, Polarity, Basis, Seized, Transit)
    for one in kind
    if "_" in one
)


def project_of(path: Path, *, signed: bool = False) -> Project:
    """A project with one case, as it stands or as if all had signed it long ago."""
    entry = agreement_file.read_entry(path)
    agreement, zones = entry.agreement, entry.zones
    if signed:
        parties = tuple(replace(one, signed_on=date(2000, 1, 1)) for one in agreement.parties)
        agreement = replace(
            agreement,
            status=Status.IN_FORCE,
            parties=parties,
            effective=date(2000, 1, 1),
            expires=None,
            visibility=Visibility.PUBLIC,
            history=(),
        )
        zones = tuple(replace(one, visibility=Visibility.PUBLIC) for one in zones)
    return agreement_edits.record_with_zones(agreement, zones).apply(Project(title="Case"))


def said_of(project: Project) -> str:
    return instruction(order(project, DAY), DAY).texts()


def free_texts(agreement: Agreement) -> Iterator[str]:
    """What the partners wrote themselves, in parts as they are printed."""
    for text in (
        agreement.persons,
        agreement.recording,
        agreement.units_bound,
        agreement.units_not_bound,
        agreement.referral_contact,
        agreement.notice,
    ):
        if text.strip():
            yield text.strip(" .")[1:]
    for text in (agreement.suspended_other, agreement.exceptions_other):
        yield from (part.strip()[1:] for part in text.split(";") if part.strip())
    yield from (one.reference for one in agreement.offences)
    yield from (one.substance for one in agreement.thresholds)
    yield from (one.instrument for one in agreement.legal_basis)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_term_of_a_case_is_in_its_instruction(path: Path) -> None:
    project = project_of(path, signed=True)
    (agreement,) = project.agreements.values()
    zones = tuple(project.zones.values())
    said = said_of(project)
    suspends = any(one.polarity is Polarity.NO_ENFORCEMENT for one in zones) or not zones
    for words in free_texts(agreement) if suspends else ():
        assert words in said, words
    for act in not_done(agreement) if suspends else ():
        assert act in said
    for zone in zones:
        if zone.basis is not Basis.EVENT_SCENE and zone.basis is not Basis.CIRCLE:
            assert zone.name in said


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_no_code_is_seen_on_paper(path: Path) -> None:
    said = said_of(project_of(path, signed=True))
    assert not [code for code in CODES if re.search(rf"\b{re.escape(code)}\b", said)]
    assert "FREQ=" not in said


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_is_not_in_force_is_not_stated(path: Path) -> None:
    project = project_of(path)
    (agreement,) = project.agreements.values()
    if agreement.standing_on(DAY) is Standing.IN_FORCE and sees(agreement):
        assert agreement.title in said_of(project)
        return
    with pytest.raises(ExportError, match="No agreement is in force on 7 March 2026"):
        order(project, DAY)


def sees(agreement: Agreement) -> bool:
    return agreement.visibility is not Visibility.NEVER_EXPORT


def test_the_scene_of_an_overdose_is_a_rule_and_never_a_place() -> None:
    path = next(path for path in CASES if "good-samaritan" in path.stem)
    project = project_of(path)
    (zone,) = project.zones.values()
    said = said_of(project)
    assert "At the scene of an overdose, wherever it is, do not:" in said
    assert "Whoever calls, the person, and anyone present" in said
    assert zone.name not in said
