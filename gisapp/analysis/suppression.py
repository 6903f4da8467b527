"""Counts as an audience may see them: small ones left out, and no way to work them out.

A small count is left out of everything (`audience.threshold`; 0 may be shown). As the total of
a layer is known, one number left out alone would be the difference of what is shown, so another
is left out with it (complementary suppression). Which one is fixed by its place in the list and
never by its size: "the smallest other" would itself say something about the number beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gisapp.analysis.counts import Counts
from gisapp.layers.audience import Audience, threshold

#: How a number that is left out reads: not "<11", as it may be a large one left out beside it.
LEFT_OUT = "left out"

#: What is left out first beside a small count.
_PARTS = ("no_time", "outside", "ring", "inside")


@dataclass(frozen=True, slots=True)
class ShownCounts:
    """Counts for an audience; None is a number left out. Read each as it is written here."""

    inside: int | None
    ring: int | None
    outside: int | None
    no_time: int | None
    total: int | None
    by_zone: Mapping[str, int | None] = field(default_factory=dict)

    @property
    def anything_left_out(self) -> bool:
        """Whether a note has to say that numbers are left out."""
        own = (self.inside, self.ring, self.outside, self.no_time, self.total)
        return None in own or None in self.by_zone.values()


def in_words(count: int | None) -> str:
    """A count for the eye; one left out says so and does not read as zero."""
    return LEFT_OUT if count is None else f"{count:,}"


def suppress(counts: Counts, audience: Audience) -> ShownCounts:
    """The counts as this audience may see them."""
    least = threshold(audience)
    parts = {name: int(getattr(counts, name)) for name in _PARTS}
    hidden, total_hidden = left_out(list(parts.values()), least)
    shown = {
        name: None if gone else count
        for (name, count), gone in zip(parts.items(), hidden, strict=True)
    }
    return ShownCounts(
        **shown,
        total=None if total_hidden else counts.total,
        by_zone=_by_zone(counts, least, inside_hidden=shown["inside"] is None),
    )


def left_out(parts: Sequence[int], least: int) -> tuple[list[bool], bool]:
    """Which parts of a known total are left out, and whether the total must be too.

    `parts` are counts of different events, in the order in which one is left out beside small
    ones. First the small ones alone are tried, then with one more, then all, at last with the
    total. Who knows this rule and sees what is shown can tell no number that is left out:
    tested on every table of small numbers.
    """
    total = sum(parts)
    small = [0 < count < least for count in parts]
    others = [at for at, count in enumerate(parts) if count >= least]
    for more in (others[:0], others[:1], others):
        hidden = [out or at in more for at, out in enumerate(small)]
        if not any(hidden) or _open(parts, hidden, least):
            return hidden, 0 < total < least
    return hidden, True


def _open(parts: Sequence[int], hidden: Sequence[bool], least: int) -> bool:
    """Whether the sum of what is left out leaves open what each small one of them is."""
    small = [count for count, out in zip(parts, hidden, strict=True) if out and count < least]
    large = sum(hidden) - len(small)
    together = sum(count for count, out in zip(parts, hidden, strict=True) if out)
    if large:
        # Even if it is known which are large: the small ones can still be anything.
        return together >= large * least + len(small) * (least - 1)
    # All at their least, or all at their most, would give every one of them away.
    slack = max(1, (least - 1) // 2)
    most = len(small) * (least - 1)
    # And their sum is known from the total, so it must be no small count itself.
    least_sum = max(least, len(small) + slack)
    return len(small) > 1 and least_sum <= together <= most - slack


def _by_zone(counts: Counts, least: int, *, inside_hidden: bool) -> dict[str, int | None]:
    """Counts by zone, so that neither they nor differences between them give one away.

    Zones that share events (one round another, say) differ by what lies between them, which may
    be one person: all of them are left out. What all zones together hold is `inside`, so the
    others are parts of it, with the union of the sharing ones as one part more.
    """
    if least <= 1:
        return dict(counts.by_zone)
    alone = {key: count for key, count in counts.by_zone.items() if key not in counts.shared}
    union = counts.inside - sum(alone.values())
    hidden, total_hidden = left_out([union, *alone.values()], least)
    gone = {key for key, out in zip(alone, hidden[1:], strict=True) if out} | counts.shared
    if inside_hidden or total_hidden:
        gone = set(counts.by_zone)
    return {key: None if key in gone and count else count for key, count in counts.by_zone.items()}


def suppress_groups(
    groups: Mapping[str, Counts], audience: Audience
) -> dict[str, ShownCounts | None]:
    """Counts by group (month, activity …) as a table whose columns add up to known totals.

    A group is shown whole or left out whole (None). It is left out when one of its counts is
    small, and others with it until at least two are left out and what they hold together is
    small in no column: then the known totals tell nothing of any one of them.
    """
    least = threshold(audience)
    names = list(groups)
    rows = [[int(getattr(groups[name], part)) for part in _PARTS] for name in names]
    gone = groups_left_out(rows, least)
    return {
        name: None if out else _shown_whole(groups[name], least)
        for name, out in zip(names, gone, strict=True)
    }


def groups_left_out(rows: Sequence[Sequence[int]], least: int) -> list[bool]:
    """Which rows of a table of counts are left out whole, where the sum of each column is known."""
    gone = [any(0 < count < least for count in (*row, sum(row))) for row in rows]
    # From the end, as from the latest month: by place, not by size.
    for at in reversed(range(len(rows))):
        if not any(gone) or _columns_safe(rows, gone, least):
            break
        gone[at] = True
    return gone


def _columns_safe(rows: Sequence[Sequence[int]], gone: Sequence[bool], least: int) -> bool:
    left = [row for row, out in zip(rows, gone, strict=True) if out]
    if len(left) < 2:
        return False
    sums = [sum(column) for column in zip(*left, strict=True)]
    return all(together == 0 or together >= 2 * least for together in sums)


def _shown_whole(counts: Counts, least: int) -> ShownCounts:
    """A group whose own counts may all be seen; its zones are not, but where all may be."""
    return ShownCounts(
        counts.inside,
        counts.ring,
        counts.outside,
        counts.no_time,
        counts.total,
        dict(counts.by_zone) if least <= 1 else {},
    )
