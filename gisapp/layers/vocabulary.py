"""The field's words, in one place: kinds of layer and service, activities, exceptions, roles."""

from __future__ import annotations

from enum import StrEnum


class LayerKind(StrEnum):
    """What the rows of a layer are."""

    SERVICES = "services"
    OVERDOSES = "overdoses"
    STOPS = "stops"
    REFERRALS = "referrals"
    DEPLOYMENTS = "deployments"
    BOUNDARIES = "boundaries"
    STREETS = "streets"
    POPULATION = "population"
    OTHER = "other"

    @property
    def label(self) -> str:
        return self.value.capitalize()

    def counted(self, count: int) -> str:
        """The count in words: `1 stop`, `6,060 overdoses`."""
        nouns = {
            LayerKind.SERVICES: ("service", "services"),
            LayerKind.OVERDOSES: ("overdose", "overdoses"),
            LayerKind.STOPS: ("stop", "stops"),
            LayerKind.REFERRALS: ("referral", "referrals"),
            LayerKind.DEPLOYMENTS: ("deployment", "deployments"),
            LayerKind.BOUNDARIES: ("boundary", "boundaries"),
            LayerKind.STREETS: ("street", "streets"),
            LayerKind.POPULATION: ("population area", "population areas"),
            LayerKind.OTHER: ("place", "places"),
        }
        return f"{count:,} {nouns[self][count != 1]}"


class ServiceType(StrEnum):
    """Kinds of harm-reduction service."""

    NEEDLE_SYRINGE = "needle and syringe programme"
    OPIOID_AGONIST = "opioid agonist treatment"
    HEROIN_ASSISTED = "heroin-assisted treatment"
    DRUG_CHECKING = "drug checking"
    CONSUMPTION_ROOM = "drug consumption room"
    DROP_IN = "drop-in centre"
    OUTREACH = "outreach"
    NALOXONE = "naloxone distribution"
    HOUSING = "housing"
    OTHER = "other service"

    @property
    def label(self) -> str:
        return self.value[0].upper() + self.value[1:]


#: Words found in the type or name column of real service lists, first match wins. A pharmacy is
#: none of them by itself: whether it gives out naloxone or exchanges needles its list has to say.
SERVICE_WORDS: tuple[tuple[str, ServiceType], ...] = (
    ("heroin-assisted", ServiceType.HEROIN_ASSISTED),
    ("heroin assisted", ServiceType.HEROIN_ASSISTED),
    ("consumption", ServiceType.CONSUMPTION_ROOM),
    ("injecting facility", ServiceType.CONSUMPTION_ROOM),
    ("overdose prevention", ServiceType.CONSUMPTION_ROOM),
    ("drug checking", ServiceType.DRUG_CHECKING),
    ("needle", ServiceType.NEEDLE_SYRINGE),
    ("syringe", ServiceType.NEEDLE_SYRINGE),
    ("exchange", ServiceType.NEEDLE_SYRINGE),
    ("methadone", ServiceType.OPIOID_AGONIST),
    ("buprenorphine", ServiceType.OPIOID_AGONIST),
    ("opioid", ServiceType.OPIOID_AGONIST),
    ("office-based", ServiceType.OPIOID_AGONIST),
    ("obot", ServiceType.OPIOID_AGONIST),
    ("naloxone", ServiceType.NALOXONE),
    ("project dawn", ServiceType.NALOXONE),
    ("drop-in", ServiceType.DROP_IN),
    ("drop in", ServiceType.DROP_IN),
    ("outreach", ServiceType.OUTREACH),
    ("housing", ServiceType.HOUSING),
    ("shelter", ServiceType.HOUSING),
)


def service_type(text: str) -> ServiceType:
    """The kind of service that a free text names; `OTHER` where it names none."""
    lowered = text.casefold()
    for word, kind in SERVICE_WORDS:
        if word in lowered:
            return kind
    return ServiceType.OTHER


class Activity(StrEnum):
    """What officers do not do in a zone (field terms; a urine test is its own activity)."""

    DRUG_SEARCH = "drug_search"
    URINE_OR_ORAL_TEST = "urine_or_oral_test"
    ID_CHECK = "ID_check"
    UNWARRANTED_PATROL = "unwarranted_patrol"
    PARKING_OR_POSTING = "parking_or_posting"
    SURVEILLANCE = "surveillance"
    CITATION = "citation"
    ARREST = "arrest"
    CONFISCATION_DRUGS = "confiscation_drugs"
    CONFISCATION_EQUIPMENT = "confiscation_equipment"
    WARRANT_CHECK = "warrant_check"
    IMMIGRATION_CHECK = "immigration_check"
    USE_OF_SERVICE_DATA = "use_of_service_data"
    BOOKING = "booking"
    PROSECUTION = "prosecution"
    INTERFERENCE = "interference_with_services"

    @property
    def label(self) -> str:
        return {
            Activity.DRUG_SEARCH: "Search for drugs",
            Activity.URINE_OR_ORAL_TEST: "Urine or oral-fluid test",
            Activity.ID_CHECK: "Identity check",
            Activity.UNWARRANTED_PATROL: "Patrol without a call",
            Activity.PARKING_OR_POSTING: "Parking or posting at the door",
            Activity.SURVEILLANCE: "Surveillance",
            Activity.CITATION: "Citation for personal possession",
            Activity.ARREST: "Arrest for personal possession",
            Activity.CONFISCATION_DRUGS: "Taking away drugs meant for own use",
            Activity.CONFISCATION_EQUIPMENT: "Taking away needles or other equipment",
            Activity.WARRANT_CHECK: "Warrant check",
            Activity.IMMIGRATION_CHECK: "Immigration check",
            Activity.USE_OF_SERVICE_DATA: "Use of the service's data",
            Activity.BOOKING: "Booking into custody",
            Activity.PROSECUTION: "Prosecution for personal possession",
            Activity.INTERFERENCE: "Any interference with the service",
        }[self]


class Exemption(StrEnum):
    """When the agreement does not bind: the exceptions written into real texts."""

    VIOLENCE = "violence"
    WEAPONS = "weapons"
    WARRANTS = "warrants"
    THREAT_TO_LIFE = "threat_to_life"
    SUPPLY = "supply"
    MINORS = "minors"
    EMERGENCY_CALL = "emergency_call"
    SUPERVISOR_APPROVAL = "supervisor_approval"
    INVESTIGATION_ONGOING = "investigation_ongoing"

    @property
    def label(self) -> str:
        return {
            Exemption.VIOLENCE: "Violence",
            Exemption.WEAPONS: "Weapons",
            Exemption.WARRANTS: "Warrants",
            Exemption.THREAT_TO_LIFE: "Threat to life",
            Exemption.SUPPLY: "Supply or dealing",
            Exemption.MINORS: "Minors involved",
            Exemption.EMERGENCY_CALL: "Emergency call",
            Exemption.SUPERVISOR_APPROVAL: "Supervisor's approval",
            Exemption.INVESTIGATION_ONGOING: "Investigation under way",
        }[self]


class PartyRole(StrEnum):
    """The part an organisation has in an agreement."""

    POLICE = "police"
    PROSECUTOR = "prosecutor"
    HEALTH = "health"
    MUNICIPALITY = "municipality"
    SERVICE = "service"
    COMMUNITY = "community"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class Polarity(StrEnum):
    """What a zone does to enforcement; zones of opposite sign are kept apart."""

    NO_ENFORCEMENT = "no_enforcement"
    EXCLUSION = "exclusion_from_tolerance"
    ENHANCED_PENALTY = "enhanced_penalty"
    SERVICE_PROHIBITED = "service_prohibited"
    EVALUATION_ONLY = "evaluation_only"

    @property
    def label(self) -> str:
        return {
            Polarity.NO_ENFORCEMENT: "No enforcement",
            Polarity.EXCLUSION: "Excluded from tolerance",
            Polarity.ENHANCED_PENALTY: "Enhanced penalty",
            Polarity.SERVICE_PROHIBITED: "No service may stand here",
            Polarity.EVALUATION_ONLY: "For evaluation only",
        }[self]

    @property
    def is_opposite(self) -> bool:
        """Whether it takes from people what a zone without enforcement gives them."""
        return self in (Polarity.EXCLUSION, Polarity.ENHANCED_PENALTY)


class Basis(StrEnum):
    """How a zone's outline came to be."""

    FOOTPRINT = "footprint"
    PARCEL = "parcel"
    CIRCLE = "circle"
    WALK = "walk"
    STREETS = "street_list"
    POLYGON = "polygon"
    CORRIDOR = "route_corridor"
    EVENT_SCENE = "event_scene"
    JURISDICTION = "jurisdiction"

    @property
    def label(self) -> str:
        return {
            Basis.FOOTPRINT: "Footprint of the premises",
            Basis.PARCEL: "Parcel of land",
            Basis.CIRCLE: "Circle",
            Basis.WALK: "Walk along the streets",
            Basis.STREETS: "Chosen streets",
            Basis.POLYGON: "Drawn area",
            Basis.CORRIDOR: "Corridor along a route",
            Basis.EVENT_SCENE: "Scene of an event",
            Basis.JURISDICTION: "Whole jurisdiction",
        }[self]


class MeasuredFrom(StrEnum):
    """What a radius or a walk is measured from."""

    POINT = "point"
    ENTRANCE = "entrance"
    BUILDING_EDGE = "building_edge"
    PARCEL_EDGE = "parcel_edge"

    @property
    def label(self) -> str:
        return {
            MeasuredFrom.POINT: "A point",
            MeasuredFrom.ENTRANCE: "The entrance",
            MeasuredFrom.BUILDING_EDGE: "The edge of the building",
            MeasuredFrom.PARCEL_EDGE: "The edge of the parcel",
        }[self]


class Formality(StrEnum):
    """What kind of paper an agreement is, if any."""

    FORMAL_WRITTEN = "formal_written"
    POLICY_OR_ORDER = "policy_or_order"
    STATUTE = "statute"
    PROSECUTOR_STATEMENT = "prosecutor_statement"
    VERBAL_PRACTICE = "verbal_practice"

    @property
    def label(self) -> str:
        return {
            Formality.FORMAL_WRITTEN: "Written agreement",
            Formality.POLICY_OR_ORDER: "Policy or order",
            Formality.STATUTE: "Statute",
            Formality.PROSECUTOR_STATEMENT: "Prosecutor's statement",
            Formality.VERBAL_PRACTICE: "Practice, agreed by word of mouth",
        }[self]


class Transit(StrEnum):
    """Whether an agreement covers people on the way to and from a service."""

    NO = "no"
    YES = "yes"
    DISCRETION = "discretion"

    @property
    def label(self) -> str:
        return {
            Transit.NO: "Not on the way to or from",
            Transit.YES: "Also on the way to and from",
            Transit.DISCRETION: "On the way at the officer's discretion",
        }[self]


class Seized(StrEnum):
    """What becomes of what was taken away all the same."""

    RETURNED = "returned"
    DESTROYED = "destroyed"
    NEVER_RETURNED = "never_returned"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


class BreachSource(StrEnum):
    """Who told of a possible breach; a client is never named."""

    POLICE = "police"
    SERVICE = "service"
    CLIENT = "client"

    @property
    def label(self) -> str:
        return {
            BreachSource.POLICE: "Police",
            BreachSource.SERVICE: "The service",
            BreachSource.CLIENT: "A client, unnamed",
        }[self]


class Visibility(StrEnum):
    """Who may see a zone or an agreement; one that is informal may be harmed by publication."""

    PUBLIC = "public"
    PARTNERS = "partners"
    POLICE_ONLY = "police_only"
    NEVER_EXPORT = "never_export"

    @property
    def label(self) -> str:
        return {
            Visibility.PUBLIC: "Everybody",
            Visibility.PARTNERS: "Partners and police",
            Visibility.POLICE_ONLY: "Police only",
            Visibility.NEVER_EXPORT: "Never leaves this program",
        }[self]
