"""What to say of deployments in plain words: to the analyst, on paper, and to the commander."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gisapp.analysis.deployments.check import Checked, DeploymentCheck, Meeting
from gisapp.analysis.deployments.help import Hotspot, OpenService
from gisapp.analysis.deployments.times import Spell
from gisapp.analysis.deployments.together import told_once
from gisapp.layers import terms_words
from gisapp.layers.agreement import DAYS, day_in_words
from gisapp.layers.deployment_units import Binding
from gisapp.layers.units import Units
from gisapp.layers.vocabulary import Activity, Polarity

#: From this share on, an area is said to lie wholly in a zone.
_WHOLE = 0.995
_MOST_STREETS = 4


@dataclass(frozen=True, slots=True)
class MeetingWords:
    """What to say of a zone that a deployment meets, each in a sentence or a few words."""

    zone: str
    where: str
    when: str
    streets: str
    binds: str
    not_there: tuple[str, ...]
    exceptions: str
    advice: tuple[str, ...]


def meeting_words(
    check: DeploymentCheck, deployed: Checked, meeting: Meeting, units: Units = Units.METRIC
) -> MeetingWords:
    """All that is to be said of one zone in one deployment."""
    one = meeting.conflict
    return MeetingWords(
        zone=one.zone,
        where=where_words(meeting, units),
        when=spells_words(check.local_spells(one.spells)),
        streets=streets_words(meeting, units),
        binds=binds_words(meeting),
        not_there=not_there(meeting),
        exceptions=exceptions_words(meeting),
        advice=tuple(_advice(check, deployed, meeting)),
    )


def where_words(meeting: Meeting, units: Units = Units.METRIC) -> str:
    """`7,850 m², 81 % of the area`."""
    one = meeting.conflict
    if one.overlap_m2:
        return f"{units.area(one.overlap_m2)}, {share_words(one.share)} of the area"
    if one.share < 1:
        return f"{share_words(one.share)} of the way"
    return "the whole place"


def share_words(share: float) -> str:
    """`81 %`; never 0 for some, nor 100 for less than all."""
    percent = share * 100
    if percent < 1:
        return "less than 1 %"
    return f"{min(round(percent), 99) if share < _WHOLE else 100} %"


def streets_words(meeting: Meeting, units: Units = Units.METRIC) -> str:
    """`Quay Street 210 m, Mill Lane 45 m and 3 more`; empty without streets."""
    named = [part for part in meeting.streets if part.name]
    shown = [f"{part.name} {units.length(round(part.length_m))}" for part in named[:_MOST_STREETS]]
    more = len(named) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more > 0 else "")


def spells_words(spells: Sequence[Spell]) -> str:
    """`Tuesday 24 March 2026, 17:00 to 20:00 (GMT)`; several are parted by semicolons."""
    shown = [_spell_words(first, last) for first, last in spells[:6]]
    more = len(spells) - len(shown)
    return "; ".join(shown) + (f"; and {more:,} more times" if more else "")


def _spell_words(first: datetime, last: datetime) -> str:
    end = f"{last:%H:%M}"
    if last.date() != first.date():
        end = f"{_day(last)}, {end}" if (last - first).days else f"{end} the next day"
    zone = f"{first:%Z}" if first.tzname() == last.tzname() else f"{first:%Z}, then {last:%Z}"
    return f"{_day(first)}, {first:%H:%M} to {end} ({zone})"


def _day(at: datetime) -> str:
    return f"{DAYS[at.weekday()]} {day_in_words(at.date())}"


def hours_words(deployed: Checked) -> str:
    """The hours of a deployment in its own zone; says so where they are not known."""
    known = deployed.start or deployed.end
    if known is None:
        return "hours not known"
    if deployed.start is None or deployed.end is None:
        word, other = ("until", "start") if deployed.start is None else ("from", "end")
        return f"{word} {_day(known)}, {known:%H:%M} ({known:%Z}); {other} not known"
    if deployed.problem:
        return "hours not usable"
    return _spell_words(deployed.start, deployed.end)


def not_there(meeting: Meeting) -> tuple[str, ...]:
    """What must not be done on the ground of the zone at its hours."""
    other = dict.fromkeys(
        version.suspended_other.strip() for version in meeting.conflict.versions
    )  # fmt: skip
    return (*(one.label for one in meeting.conflict.suspended), *(text for text in other if text))


def exceptions_words(meeting: Meeting) -> str:
    """When the agreement does not hold after all: `Violence; Weapons`; empty where never."""
    said = (terms_words.exceptions(version) for version in meeting.conflict.versions)
    return "; ".join(dict.fromkeys(text for text in said if text))


def binds_words(meeting: Meeting) -> str:
    """Whether the agreement binds the unit, and by which words."""
    one = meeting.conflict
    unit = f"“{one.unit}”" if one.unit else "a unit that is not named"
    bound = "; ".join(dict.fromkeys(v.units_bound for v in one.versions if v.units_bound.strip()))
    free = "; ".join(
        dict.fromkeys(v.units_not_bound for v in one.versions if v.units_not_bound.strip())
    )
    named = [f"names “{bound}” as bound"] if bound else []
    named += [f"leaves out “{free}”"] if free else []
    says = " and ".join(named)
    if one.binds is Binding.NOT_BOUND:
        return f"Does not bind {unit}: the agreement {says}."
    if one.binds is Binding.UNKNOWN:
        return f"Not known whether it binds {unit}: the agreement {says}."
    return f"Binds {unit}: the agreement {says}." if says else f"Binds every unit, so {unit} too."


def _advice(check: DeploymentCheck, deployed: Checked, meeting: Meeting) -> list[str]:
    one = meeting.conflict
    said = []
    if one.binds is Binding.UNKNOWN:
        said.append(
            "Ask who signed the agreement whether it binds this unit; until then act as if it does."
        )
    if one.share >= _WHOLE:
        said.append("All of it lies in the zone: choose another place, or other hours.")
    else:
        said.append("Take the zone out of the area, or tell the unit where its edge runs.")
    said += _other_hours(check, deployed, meeting)
    if Activity.UNWARRANTED_PATROL in one.suspended:
        said.append("Enter the zone only on a call.")
    if Activity.PARKING_OR_POSTING in one.suspended:
        said.append("Do not park or stand at the door of the service.")
    contacts = dict.fromkeys(v.referral_contact for v in one.versions if v.referral_contact)
    said += [f"Link people to help instead: {contact}." for contact in contacts]
    for name in one.unsettled:
        said.append(
            f"“{name}” says the opposite on the same ground, and nobody has settled which holds: "
            "ask the partners first."
        )
    return said


def _other_hours(check: DeploymentCheck, deployed: Checked, meeting: Meeting) -> list[str]:
    """When within the shift the zone does not hold, where that is its start or its end."""
    start, end = deployed.start, deployed.end
    if start is None or end is None:
        return []
    first, last = check.local(meeting.conflict.first), check.local(meeting.conflict.last)
    if last < end:
        day = "" if last.date() == start.date() else f" on {_day(last)}"
        return [f"From {last:%H:%M}{day} the zone is no longer in force in this shift."]
    if first > start:
        day = "" if first.date() == start.date() else f" on {_day(first)}"
        return [f"Until {first:%H:%M}{day} the zone is not yet in force in this shift."]
    return []


# Help inside


def service_words(check: DeploymentCheck, one: OpenService) -> str:
    """`Quayside Needle Exchange (needle and syringe programme): open 17:00 to 20:00`."""
    kinds = ", ".join(kind.value for kind in one.kinds)
    return f"{one.name} ({kinds}): {open_words(check, one.open)}"


def open_words(check: DeploymentCheck, spells: tuple[Spell, ...] | None) -> str:
    """When something is open during a deployment, in few words."""
    if spells is None:
        return "its hours are not known"
    if not spells:
        return "closed at these hours"
    local = check.local_spells(spells)
    return "open " + ", ".join(f"{first:%H:%M} to {last:%H:%M}" for first, last in local[:4])


def hotspot_words(check: DeploymentCheck, one: Hotspot, units: Units = Units.METRIC) -> str:
    """What to do at an overdose hotspot: outreach and naloxone, and where the nearest is."""
    head = "An overdose hotspot lies here: plan outreach and naloxone, not arrests."
    if one.naloxone is None:
        return f"{head} No list of this project holds a place that gives naloxone."
    near = one.naloxone
    contact = f", {near.contact}" if near.contact else ""
    return (
        f"{head} The nearest naloxone: {near.name}, {units.length(round(near.metres))} away in a "
        f"straight line, {open_words(check, near.open)}{contact}."
    )


def advice_of(
    check: DeploymentCheck, deployed: Checked, units: Units = Units.METRIC
) -> tuple[str, ...]:
    """All sentences of advice for one deployment, each once."""
    doubt = (deployed.scattered,) if deployed.scattered else ()
    if deployed.problem:
        return (f"Not checked. {deployed.problem}", *doubt)
    told = told_once([(one.conflict.zone, _advice(check, deployed, one)) for one in deployed.met])
    said = [*doubt, *told]
    if any(one.open for one in deployed.services):
        said.append(
            "Services are open inside: keep their doors and the way to them free, and do not wait "
            "in front of them."
        )
    said += [hotspot_words(check, one, units) for one in deployed.hotspots[:1]]
    more = len(deployed.hotspots) - 1
    if more > 0:
        said.append(f"{more:,} more overdose hotspot{'s lie' if more > 1 else ' lies'} inside.")
    return tuple(dict.fromkeys(said)) or ("Nothing stands against it.",)


# The whole


def headline(check: DeploymentCheck) -> str:
    """`4 of 9 checked deployments meet a zone in force at their hours; 1 not checked.`"""
    count, unknown = len(check.meeting), len(check.unjudged)
    judged = len(check.deployments) - unknown
    if not check.deployments:
        return "There are no deployments in this list."
    if not judged and unknown == 1:
        return "The one deployment is not checked: its hours are missing or wrong."
    if not judged:
        return f"None of {unknown:,} deployments is checked: their hours are missing or wrong."
    checked, rest = ("checked ", f"; {unknown:,} not checked") if unknown else ("", "")
    if judged == 1:
        verb = "meets a zone" if count else "meets no zone"
        return f"The one {checked}deployment {verb} in force at its hours{rest}."
    if not count:
        return f"None of {judged:,} {checked}deployments meets a zone in force at its hours{rest}."
    verb, hours = ("meets", "its") if count == 1 else ("meet", "their")
    met = f"{verb} a zone in force at {hours} hours"
    return f"{count:,} of {judged:,} {checked}deployments {met}{rest}."


def title_of(check: DeploymentCheck) -> str:
    """The name of the list, and that it holds deployments where that does not say so."""
    name = check.layer.name
    return name if "deployment" in name.casefold() else f"Deployments: {name}"


def summary(check: DeploymentCheck, units: Units = Units.METRIC) -> str:
    """One page for the commander: what meets what, what to change, what is not known."""
    lines = [title_of(check), *_span(check), "", headline(check)]
    unsure = sum(m.binds is Binding.UNKNOWN for one in check.meeting for m in one.met)
    if unsure:
        lines.append(
            f"{_counted(unsure, 'meeting')} where it is not known whether the agreement binds the "
            "unit: ask first."
        )
    for one in check.meeting:
        lines += ["", *_one(check, one, units)]
    lines += _rest(check, units)
    return "\n".join(lines)


def _one(check: DeploymentCheck, one: Checked, units: Units) -> list[str]:
    unit = f", {one.unit}" if one.unit else ""
    lines = [f"{one.name}{unit}: {hours_words(one)}"]
    if one.purpose:
        lines.append(f"  Purpose: {one.purpose}")
    for meeting in one.met:
        words = meeting_words(check, one, meeting, units)
        lines.append(f"  Meets “{words.zone}”: {words.where}; {words.when}")
        if words.streets:
            lines.append(f"  On {words.streets}")
        lines.append(f"  {words.binds}")
        lines.append(
            f"  Not done there: {'; '.join(words.not_there) or 'the agreement names nothing'}"
        )
        if words.exceptions:
            lines.append(f"  Except: {words.exceptions}")
    lines += [f"  Inside: {service_words(check, service)}" for service in one.services]
    lines += [f"  → {text}" for text in advice_of(check, one, units)]
    return lines


def _rest(check: DeploymentCheck, units: Units) -> list[str]:
    lines = []
    hot = [one for one in check.deployments if one.hotspots and not one.meets]
    if hot:
        lines += ["", "Overdose hotspots in other deployments:"]
        lines += [f"  {one.name}: {hotspot_words(check, one.hotspots[0], units)}" for one in hot]
    exempt = [(one, m) for one in check.deployments for m in one.others]
    if exempt:
        lines += ["", "Zones in force there that do not bind the unit:"]
        lines += [f"  {one.name}: “{m.conflict.zone}”. {binds_words(m)}" for one, m in exempt]
    if check.unjudged:
        lines += ["", "Not checked, for their hours are missing or wrong:"]
        lines += [f"  {one.name}" for one in check.unjudged]
    clear = [one for one in check.deployments if not one.meets and not one.problem]
    if clear:
        lines += ["", f"Meet no zone at their hours: {', '.join(one.name for one in clear)}"]
    unknown = unknown_hours(check)
    if unknown:
        lines += ["", *unknown]
    return [*lines, "", *check.notes] if check.notes else lines


def unknown_hours(check: DeploymentCheck) -> tuple[str, ...]:
    """Zones near deployments of which it is not known at which hours they hold."""
    said = []
    for zone, problem in check.doubtful:
        if zone.polarity is Polarity.NO_ENFORCEMENT:
            near = [one.name for one in check.deployments if one.shape.intersects(zone.shape)]
            if near:
                said.append(
                    f"“{zone.name}” may hold at other hours, for {problem}: look again at "
                    f"{', '.join(near)}."
                )
    return tuple(said)


def _span(check: DeploymentCheck) -> list[str]:
    starts = [one.start for one in check.deployments if one.start is not None]
    ends = [one.end for one in check.deployments if one.end is not None]
    if not starts or not ends:
        return []
    first, last = min(starts), max(ends)
    return [f"{_day(first)} to {_day(last)}, times in {check.timezone}"]


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
