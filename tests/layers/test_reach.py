"""How far: lengths, blocks with their length and basis, minutes with their pace."""

from __future__ import annotations

import pytest

from gisapp.errors import DataError
from gisapp.layers import reach


@pytest.mark.parametrize(
    ("text", "metres"), [("200m", 200), ("500 ft", 152.4), ("0.25 mi", 402.336), ("1 km", 1000)]
)
def test_lengths_are_metres(text: str, metres: float) -> None:
    assert reach.length(text).metres == pytest.approx(metres)
    assert reach.length(text).text == text


def test_blocks_are_what_somebody_says_they_are() -> None:
    found = reach.length("6 blocks", block="264 ft", block_basis="measured on Vine Street")
    assert found.metres == pytest.approx(6 * 80.4672)
    assert found.text == "6 blocks"
    assert found.told == "a block taken as 264 ft (80.5 m): measured on Vine Street"
    assert reach.walk("2 blocks", block="100m", block_basis="the plan").told.endswith("the plan")


def test_a_block_without_length_or_basis_is_refused() -> None:
    with pytest.raises(DataError, match="no fixed length"):
        reach.length("6 blocks")
    with pytest.raises(DataError, match="needs its basis"):
        reach.length("6 blocks", block="80m")


def test_minutes_are_walked_at_a_pace_that_is_told() -> None:
    assert reach.walk("5 min").metres == 400
    assert reach.walk("5-minute").minutes == 5
    assert reach.walk("10 minutes", pace="4.5 km/h").metres == pytest.approx(750)
    assert reach.walk("5 min", pace="3mph").told == "5 minutes at 80.47 m a minute (4.83 km/h)"
    assert reach.walk("400m").minutes is None


@pytest.mark.parametrize("pace", ["5m", "500m", "30 km/h", "fast"])
def test_nobody_walks_like_that(pace: str) -> None:
    with pytest.raises(DataError):
        reach.walk("5 min", pace=pace)


def test_a_circle_has_no_minutes() -> None:
    with pytest.raises(DataError, match="time on foot"):
        reach.length("5 min")


@pytest.mark.parametrize("text", ["0 min", "0 blocks", "500", "", "999 min"])
def test_no_reach_at_all_is_refused(text: str) -> None:
    with pytest.raises(DataError):
        reach.walk(text, block="80m", block_basis="x")


@pytest.mark.parametrize("text", ["5", " 2,5 "])
def test_a_walk_of_a_bare_number_is_asked_whether_it_is_minutes(text: str) -> None:
    with pytest.raises(DataError, match="minutes or metres") as caught:
        reach.walk(text)
    assert f"Write {text.strip()}min" in caught.value.hint
