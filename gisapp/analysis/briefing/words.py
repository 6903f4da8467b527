"""Terms of an agreement as an officer is told them: verbs, short sentences, no codes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from gisapp.layers.agreement import Agreement, day_in_words
from gisapp.layers.calendar_days import recurring
from gisapp.layers.opening_hours import read_opening_hours
from gisapp.layers.schedule import Calendar, OnHolidays
from gisapp.layers.schedule_words import in_words
from gisapp.layers.vocabulary import Activity, Exemption, Seized, Transit

#: How many days of a rule are named, and how far ahead they are looked for.
_NAMED_DAYS, _AHEAD = 5, timedelta(days=400)
#: Where a unit begins behind its number.
_UNIT = re.compile(r"(?<=\d)\s*(?=[^\W\d_])")
_CARD = re.compile(r"\b(register|card|member|client|participa)", re.IGNORECASE)

_VERBS = {
    Activity.DRUG_SEARCH: "Search people for drugs",
    Activity.URINE_OR_ORAL_TEST: "Ask for a urine or saliva test",
    Activity.ID_CHECK: "Check people's identity",
    Activity.UNWARRANTED_PATROL: "Patrol here without a call",
    Activity.PARKING_OR_POSTING: "Park or stand at the door",
    Activity.SURVEILLANCE: "Watch or film people who come and go",
    Activity.CITATION: "Give a citation or a fine",
    Activity.ARREST: "Arrest people",
    Activity.CONFISCATION_DRUGS: "Take away drugs meant for personal use",
    Activity.CONFISCATION_EQUIPMENT: "Take away needles or other equipment",
    Activity.WARRANT_CHECK: "Check for warrants",
    Activity.IMMIGRATION_CHECK: "Check immigration status",
    Activity.USE_OF_SERVICE_DATA: "Ask the service for its records, or use them",
    Activity.BOOKING: "Book people into custody",
    Activity.PROSECUTION: "Send a case to the prosecutor",
    Activity.INTERFERENCE: "Interfere with the service in any way",
}
#: Acts that mean personal possession where the agreement names no offence.
_FOR_POSSESSION = (Activity.CITATION, Activity.ARREST, Activity.PROSECUTION)

_EXEMPT = {
    Exemption.VIOLENCE: "violence",
    Exemption.WEAPONS: "weapons",
    Exemption.WARRANTS: "warrants",
    Exemption.THREAT_TO_LIFE: "threats to life",
    Exemption.SUPPLY: "supply or dealing",
    Exemption.MINORS: "minors involved",
    Exemption.EMERGENCY_CALL: "emergency calls",
    Exemption.SUPERVISOR_APPROVAL: "approval by a supervisor",
    Exemption.INVESTIGATION_ONGOING: "an investigation under way",
}

_SEIZED = {
    Seized.RETURNED: "Anything that was taken away is given back.",
    Seized.DESTROYED: "Anything that was taken away is destroyed.",
    Seized.NEVER_RETURNED: "Anything that was taken away is not given back.",
}
_TRANSIT = {
    Transit.YES: "People on the way to and from the service are covered too.",
    Transit.NO: "People on the way to or from the service are not covered.",
    Transit.DISCRETION: "People on the way to or from the service: use your discretion.",
}

#: Said where the paper leaves it open.
NOTHING_SAID = "The agreement does not say what officers leave undone: ask a supervisor."


def not_done(terms: Agreement) -> tuple[str, ...]:
    """What officers do not do, a verb each: `Search people for drugs`."""
    named = any(one.included for one in terms.offences)
    verbs = [
        _VERBS[one] + (" for personal possession" if one in _FOR_POSSESSION and not named else "")
        for one in Activity
        if one in terms.suspended
    ]
    return tuple(verbs)


def also_not_done(terms: Agreement) -> str:
    """What else is suspended, as the partners wrote it: it need not be an act of officers."""
    other = "; ".join(parts_of(terms.suspended_other))
    return f"Also not done, in the words of the agreement: {other}." if other else ""


def excepted(terms: Agreement, whom: str) -> str:
    """When officers act as usual: a sentence, or that nothing is written down."""
    cases = "; ".join(exceptions(terms))
    if not cases:
        return "None is written down: ask a supervisor before you act as usual."
    return f"{whom} as usual only in these cases: {cases}."


def offences(terms: Agreement) -> tuple[str, ...]:
    """What the acts above are about, and what they are not about."""
    for_, not_for = (
        "; ".join(one.reference for one in terms.offences if one.included is wanted)
        for wanted in (True, False)
    )
    amounts = "; ".join(
        f"{one.amount:g} {one.unit} of {one.substance}"
        + (", all substances together" if one.cumulative else "")
        for one in terms.thresholds
    )
    return tuple(
        words
        for words, there in (
            (f"This is about: {for_}.", for_),
            (f"Not covered: {not_for}.", not_for),
            (f"Up to: {amounts}.", amounts),
        )
        if there
    )


def persons(terms: Agreement) -> tuple[str, ...]:
    """Whom it protects, with every condition, a sentence each."""
    found = [sentence(terms.persons)] if terms.persons.strip() else []
    if terms.min_age is not None:
        found.append(f"From the age of {terms.min_age}.")
    if terms.dependence_required:
        found.append("Only people with a dependence.")
    if terms.registered_clients_only:
        found.append("Only registered clients of the service.")
    if terms.staff_and_peers_covered:
        found.append("Staff, peers and outreach workers too.")
    if terms.covers_transit is not None:
        found.append(_TRANSIT[terms.covers_transit])
    return tuple(found) or ("Everybody. The agreement names nobody in particular.",)


def cards(terms: Agreement) -> str:
    """What a membership card of a service does under these terms."""
    if terms.registered_clients_only:
        return (
            "Accept a membership card of the service as proof. If there is no card, "
            "ask the service before you act. Do not search or test to find out."
        )
    if _CARD.search(terms.persons):
        return "Accept a membership card of the service as proof that somebody is its client."
    return "Nobody needs a card to be protected. If somebody shows one, accept it."


def exceptions(terms: Agreement) -> tuple[str, ...]:
    """When officers act as usual, in few words each; empty where nothing is written down."""
    listed = tuple(_EXEMPT[one] for one in Exemption if one in terms.exceptions)
    return (*listed, *parts_of(terms.exceptions_other))


def bound(terms: Agreement) -> str:
    """Who is bound: `Neighbourhood teams. Not bound: Drug squad.`"""
    words = sentence(terms.units_bound or "all units")
    if terms.units_not_bound.strip():
        words += f" Not bound: {sentence(terms.units_not_bound)}"
    return words


def if_seized(terms: Agreement) -> str:
    """What becomes of what was taken away; says so where the agreement is silent."""
    if terms.if_seized is None:
        return "Things taken away: not agreed, ask a supervisor."
    return _SEIZED[terms.if_seized]


def recording(terms: Agreement) -> str:
    """What officers record; says so where the agreement is silent."""
    if terms.recording.strip():
        return sentence(terms.recording)
    return "No special record is agreed: follow the usual rules."


def contact(terms: Agreement) -> str:
    """Whom officers refer people to; empty where nobody is named."""
    return terms.referral_contact.strip()


def liaison(terms: Agreement) -> tuple[str, ...]:
    """Whom to ask, by office: `Health, duty manager: 01632 960100 (Monday 09:00–17:00)`."""
    found = []
    for one in terms.liaison:
        name = ", ".join(filter(None, (one.organisation, one.role)))
        hours = f" ({hours_in_words(one.hours)})" if one.hours.strip() else ""
        found.append(f"{name}: {one.channel or 'how to reach them is not recorded'}{hours}")
    return tuple(found)


def when(terms: Agreement, day: date) -> str:
    """The hours of an agreement in words; of a rule the next days from a day on are named."""
    calendar = terms.calendar
    plain = Calendar(
        "", calendar.special, calendar.holidays, calendar.on_holidays, calendar.service_hours
    )
    words = in_words(terms.hours, plain, terms.timezone).removesuffix(f" ({terms.timezone})")
    if not calendar.rule:
        return words
    first = terms.first_day
    days = sorted(recurring(calendar.rule, first, day, day + _AHEAD)) if first else []
    if not days:
        return f"{words}; only on certain days, and no such day is near"
    named = ", ".join(day_in_words(one) for one in days[:_NAMED_DAYS])
    more = " and further ones" if len(days) > _NAMED_DAYS else ""
    return f"{words}; only on certain days: {named}{more}"


def opening(text: str) -> str:
    """Opening hours of a service in plain words; as they are written where nobody can tell."""
    if not text.strip():
        return "not known: call first"
    known = read_opening_hours(text) is not None
    return hours_in_words(text) if known else f"{text.strip()} (as written)"


def hours_in_words(text: str) -> str:
    """`Monday to Friday 09:00–17:00` of `Mo-Fr 09:00-17:00`; any other text as it is."""
    found = read_opening_hours(text)
    if found is None:
        return text.strip()
    said = [one.in_words() for one in found.hours]
    said = ["At all hours" if one == "Every day all day" else one for one in said]
    if found.on_holidays is not OnHolidays.AS_USUAL:
        said.append(found.on_holidays.label)
    return "; ".join(said) or "never"


def clock(timezone: str) -> str:
    """Whose time it is: `London time` of `Europe/London`."""
    return f"{timezone.rpartition('/')[2].replace('_', ' ')} time"


def parts_of(text: str) -> tuple[str, ...]:
    """The parts of a text in which several things stand, parted by semicolons."""
    return tuple(part.strip(" .") for part in text.split(";") if part.strip(" ."))


def length(text: str) -> str:
    """A length as it was agreed, with a space before its unit: `500 ft` of `500ft`."""
    return _UNIT.sub("\N{NO-BREAK SPACE}", " ".join(text.split()))


def sentence(text: str) -> str:
    """A text with a capital and a full stop, so that it stands among others."""
    kept = " ".join(text.split())
    return capital(kept) + ("" if kept[-1:] in tuple(".!?…。؟") else ".")


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def listed(names: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def numbered(numbers: Sequence[int]) -> str:
    """`1`, `1 and 2`, `1–4 and 7`: numbers in order, runs of three or more joined."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said: list[str] = []
    for run in runs:
        said += [f"{run[0]}–{run[-1]}"] if len(run) > 2 else [str(one) for one in run]
    return listed(said)
