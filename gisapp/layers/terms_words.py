"""Terms in plain words, for tables and files that other programs show."""

from __future__ import annotations

from gisapp.layers.agreement import Agreement
from gisapp.layers.terms import Offence, Terms, Threshold

#: An agreement says its own terms by the same names.
AnyTerms = Terms | Agreement


def suspended(terms: AnyTerms) -> str:
    """`Search for drugs; Warrant check; questions about where it was bought`."""
    return _listed(*(activity.label for activity in terms.suspended), terms.suspended_other)


def exceptions(terms: AnyTerms) -> str:
    """`Violence; Supply or dealing; open businesses`."""
    return _listed(*(one.label for one in terms.exceptions), terms.exceptions_other)


def persons(terms: AnyTerms) -> str:
    """For whom it holds, with every condition: `People on the way; from the age of 18`."""
    return _listed(
        terms.persons,
        f"from the age of {terms.min_age}" if terms.min_age is not None else "",
        "people with a dependence only" if terms.dependence_required else "",
        "registered clients only" if terms.registered_clients_only else "",
        "staff, peers and outreach workers too" if terms.staff_and_peers_covered else "",
    )


def offences(terms: AnyTerms) -> str:
    """`section 5(2): included; supply, section 5(3): not included`."""
    return _listed(*map(_offence, terms.offences))


def thresholds(terms: AnyTerms) -> str:
    """`up to 2.5 g of any listed drug, all substances together`."""
    return _listed(*map(_threshold, terms.thresholds))


def _offence(offence: Offence) -> str:
    return f"{offence.reference}: {'included' if offence.included else 'not included'}"


def _threshold(threshold: Threshold) -> str:
    amount = f"up to {threshold.amount:g} {threshold.unit} of {threshold.substance}"
    return f"{amount}, all substances together" if threshold.cumulative else amount


def _listed(*parts: str) -> str:
    return "; ".join(part.strip() for part in parts if part.strip())
