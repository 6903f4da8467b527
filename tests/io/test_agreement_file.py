"""Agreements as JSON: nothing gets lost, and everything that is wrong is said at once."""

from __future__ import annotations

import json
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.errors import DataError
from gisapp.io import agreement_file, agreement_keys
from gisapp.layers.agreement import Agreement, Hours, LegalBasis, Party, Status
from gisapp.layers.vocabulary import Activity, Exemption, PartyRole
from tests.conftest import ROOT
from tests.io.projects import agreement

_TEXT = st.text(max_size=30)
_NAME = st.text(min_size=1, max_size=30).filter(lambda text: text.strip())
_DAYS = st.none() | st.dates()
_MINUTES = st.times().map(lambda at: at.replace(second=0, microsecond=0))

PARTIES = st.builds(Party, _NAME, st.sampled_from(PartyRole), _TEXT, _DAYS)
HOURS = st.builds(
    Hours,
    st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True).map(tuple),
    _MINUTES,
    _MINUTES,
)


def _in_order(terms: Agreement) -> bool:
    return terms.effective is None or terms.expires is None or terms.effective <= terms.expires


AGREEMENTS = st.builds(
    Agreement,
    title=_NAME,
    status=st.sampled_from(Status),
    parties=st.lists(PARTIES, max_size=3).map(tuple),
    effective=_DAYS,
    expires=_DAYS,
    suspended=st.lists(st.sampled_from(Activity), unique=True).map(tuple),
    persons=_TEXT,
    exceptions=st.lists(st.sampled_from(Exemption), unique=True).map(tuple),
    hours=st.lists(HOURS, max_size=3).map(tuple),
    timezone=st.sampled_from(["UTC", "Europe/London", "Asia/Kathmandu", "America/New_York"]),
    radius_basis=_TEXT,
    units_bound=_TEXT,
    referral_contact=_TEXT,
    legal_basis=st.lists(
        st.builds(LegalBasis, _TEXT.filter(bool), _TEXT, _TEXT, _TEXT), max_size=2
    ).map(tuple),
    notes=_TEXT,
    version=st.integers(1, 99),
    superseded_on=_DAYS,
    id=_NAME,
).filter(_in_order)


@given(AGREEMENTS)
def test_any_agreement_comes_back(terms: Agreement) -> None:
    assert agreement_file.parse(json.dumps(agreement_file.to_json(terms))) == terms


def mistakes(value: object) -> str:
    with pytest.raises(DataError) as caught:
        agreement_file.parse(value if isinstance(value, str) else json.dumps(value))
    assert caught.value.exit_code == 20
    assert caught.value.hint
    return caught.value.message


def test_only_a_title_is_needed() -> None:
    terms = agreement_file.parse('{"title": "Draft", "notes": null, "expires": null}')
    assert terms.title == "Draft"
    assert terms.status is Status.DRAFT
    assert len(terms.id) == 32


def test_everything_that_is_wrong_is_said_at_once() -> None:
    said = mistakes(
        {
            "titel": "A",
            "status": "in effect",
            "parties": [
                {"organisation": "City Police", "role": "police"},
                {"organisation": "Clinic", "role": "polise", "signed_on": "5 March"},
                "Health Department",
            ],
            "hours": [{"days": ["Mondy"], "start": "8", "end": "20:00"}, {"days": []}],
            "suspended": "drug_search",
            "exceptions": ["violence", "boredom"],
            "effective": "2025-02-30",
            "timezone": "London",
            "version": "2",
        }
    )
    for path in (
        "titel: is not known (meant title?)",
        "title: is missing",
        "status: “in effect” is not one of draft, agreed, in force",
        "parties[1].role: “polise” is not one of police, prosecutor",
        "parties[1].signed_on: “5 March” is not a day such as 2025-03-06",
        "parties[2]: must be an object",
        "hours[0].days[0]: “Mondy” is not a day of the week",
        "hours[0].start: “8” is not a time of day such as 08:00",
        "hours[1].start: is missing",
        "suspended: must be a list",
        "exceptions[1]: “boredom” is not one of violence",
        "effective: “2025-02-30” is not a day",
        "timezone: “London” is not a time zone such as Europe/London",
        "version: “2” is not a whole number",
    ):
        assert path in said


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"title": " "}, "title: is empty"),
        ({"title": "A", "effective": "2025-02-01", "expires": "2025-01-31"}, "expires: 2025-01-31"),
        ({"title": "A", "version": 0}, "version: must be 1 or more"),
        ({"title": "A", "id": ""}, "id: is empty"),
        ({"title": "A", "parties": [{"organisation": "", "role": "police"}]}, "parties[0]"),
        ({"title": "A", "version": True}, "version: true is not"),
        (
            {"title": "A", "hours": [{"days": ["Monday"], "start": "08:00Z", "end": "9:00"}]},
            "start",
        ),
        ({"title": "A", "superceded_on": "2025-01-01"}, "meant superseded_on?"),
        ([], "must be an object"),
        ("[1, 2", "is not valid JSON (line 1, column 6"),
        ('{"title": "A", "title": "B"}', "title: is there twice"),
        ("[" * 100_000, "is not valid JSON"),
        ('{"title": "A", "version": ' + "9" * 5000 + "}", "is not valid JSON"),
        ('{"title": "A", "version": 99999999999999999999}', "is not a whole number"),
        ('{"title": "A\\ud800"}', "half a character"),
    ],
)
def test_single_mistakes(terms: object, said: str) -> None:
    assert said in mistakes(terms)


def test_words_are_understood_as_people_write_them() -> None:
    terms = agreement_file.parse(
        json.dumps(
            {
                "title": "A",
                "status": "In Force",
                "suspended": ["Drug search", "id-check"],
                "parties": [{"organisation": "P", "role": "Police"}],
                "hours": [{"days": ["mon", "TUE", "Friday"], "start": "20:00", "end": "24:00"}],
            }
        )
    )
    assert terms.status is Status.IN_FORCE
    assert terms.suspended == (Activity.DRUG_SEARCH, Activity.ID_CHECK)
    assert terms.hours == (Hours((0, 1, 4), time(20), time(0)),)


def test_a_file_is_read_with_or_without_a_mark(tmp_path: Path) -> None:
    path = tmp_path / "terms.json"
    text = json.dumps(agreement_file.to_json(agreement()))
    for encoding in ("utf-8", "utf-8-sig"):
        path.write_text(text, encoding=encoding)
        assert agreement_file.read(path) == agreement()
        assert agreement_file.read(str(path)) == agreement()
    assert agreement_file.read(text) == agreement()


def test_files_that_are_no_agreement(tmp_path: Path) -> None:
    latin = tmp_path / "latin.json"
    latin.write_bytes('{"title": "Zürich"}'.encode("latin-1"))
    huge = tmp_path / "huge.json"
    huge.write_bytes(b" " * 5_000_001)
    for path in (tmp_path / "none.json", tmp_path, latin, huge):
        with pytest.raises(DataError) as caught:
            agreement_file.read(path)
        assert path.name in caught.value.message


def test_the_form_reads_like_the_agreement() -> None:
    terms = agreement(hours=(Hours((0, 6), time(22), time(6)),))
    written: dict[str, Any] = agreement_file.to_json(terms)
    assert written["effective"] == "2025-01-01"
    assert written["hours"] == [{"days": ["Monday", "Sunday"], "start": "22:00", "end": "06:00"}]
    assert written["parties"][0] == {
        "organisation": "City Police",
        "role": "police",
        "signatory": "Chief",
        "signed_on": date(2024, 12, 1).isoformat(),
    }


def test_the_published_schema_is_up_to_date() -> None:
    published = json.loads((ROOT / "docs" / "agreement.schema.json").read_text("utf-8"))
    assert published == agreement_keys.schema(), "run tools/write_agreement_schema.py"


def test_the_schema_knows_every_key_that_is_written() -> None:
    schema = agreement_keys.schema()
    written = agreement_file.to_json(agreement(hours=(Hours((0,), time(1), time(2)),)))
    assert set(schema["properties"]) == set(written)
    assert set(schema["properties"]["parties"]["items"]["properties"]) == set(written["parties"][0])
    assert set(schema["properties"]["hours"]["items"]["properties"]) == set(written["hours"][0])
