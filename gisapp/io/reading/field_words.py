"""The names under which files hold the fields of a kind: patterns on words, best first.

Collected from the open data of police forces, health departments, the US Census Bureau,
OpenStreetMap and national mapping agencies.
"""

from __future__ import annotations

from collections.abc import Mapping

from gisapp.layers.vocabulary import LayerKind

#: What happened, as the first or last word of its time: `stop_date`, `stopped_at`, `time of call`.
EVENT = (
    r"(incident|event|stop|stopped|call|called|occurred?|occurrence|happened|overdose|overdosed"
    r"|search|searched|encounter|encountered|offence|offense|contact|contacted)"
)
_TIME = (
    r"^create time( incident)?$",
    rf"^{EVENT} ?date ?time",
    rf"^date ?time( of)?( the)? ?{EVENT}?$",
    r"^time ?stamp$",
    rf"^{EVENT} ?time ?stamp$",
    rf"^{EVENT} ?(on|at)$",
    rf"^{EVENT} ?date",
    rf"^date( of)?( the)? ?{EVENT}?$",
    r"^date ?(occ|from|start)$",
    r"^(response|reported|report|received|dispatch|created?|alarm|arrest|referral|start) ?date",
    r"^(reported|received|created|dispatched|response|responded|recorded) ?(on|at|time)?$",
    rf"^{EVENT} ?time$",
    rf"^time( of)?( the)? ?{EVENT}$",
    r"^time$",
    r"^when$|^day$",
    r"^month$|^year ?month$",
    r"\bdate\b(?!.*\b(closed|close|edited|edit|updated|modified|birth|expir\w+|end)\b)",
    r"^begin$|^timestamp$",
)
_OUTCOME = (
    r"^outcome$",
    r"^outcome( of)?( the)? (stop|search|call|referral|type)$",
    r"^(result|disposition|disposition text|action taken|stop outcome|case status)$",
    r"^last outcome category$",
    r"\b(disposition|outcome)\b(?!.*\blinked\b)",
    r"^(citation issued|arrest made|arrested|fatal|fatality|died|survived|arrest flag|status)$",
    r"^result\b",
)
_AREA_NAME = (
    r"^name$",
    r"^(bd|bnd|sna|area|zone|district|ward|borough|beat|precinct|sector|place|full) ?name$",
    r"^(name|label|title)( \d+)?$",
    r"^(neighbou?rhood|community|ward|borough|district|precinct|beat|sector|zone|area)( name)?$",
    r"\bname\b(?!.*\b(state|county|country)\b)",
    r"^[a-z]{2,4}name$",
    r"\bname\b",
    r"^(text nbr|symbol nam|lad\d+nm|.*nm)$",
)

#: Patterns by kind and field; a kind of None serves all kinds that have no patterns of their own.
FIELD_NAMES: Mapping[tuple[LayerKind | None, str], tuple[str, ...]] = {
    (None, "time"): _TIME,
    (None, "outcome"): _OUTCOME,
    (None, "name"): _AREA_NAME,
    (LayerKind.SERVICES, "name"): (
        r"^(site|service|facility|provider|agency|programme?|location|place|clinic) ?name$",
        r"^organi[sz]ation ?name$",
        r"^name( 1)?$",
        r"^(title|site|facility|provider|organi[sz]ation|agency|programme?|clinic|pharmacy)$",
        r"^name\b",
        r"\bname\b(?!.*\b(parent|owner|city|county|state|street|contact)\b)",
    ),
    (None, "service_type"): (
        r"^(service|site|facility|programme?|provider) ?(type|kind|category)$",
        r"^(type|kind|category|service|services)$",
        r"^service name$",
        r"^organi[sz]ation ?type$",
        r"^(sub ?type|type of service|kind of service|modality)$",
        r"\b(type|category)\b",
    ),
    (None, "address"): (
        r"^(site|facility|service|full)? ?(address|street address)$",
        r"^(site|facility|service)? ?street( 1| address)?$",
        r"^address ?(1|x|line 1)?$",
        r"\baddress\b(?!.*\b(2|3|mail|web|email|e mail)\b)",
    ),
    (None, "opening_hours"): (
        r"^opening ?(hours|times)$",
        r"^(hours|open|hours of operation|business hours|opening)$",
        r"\bhours\b",
    ),
    (None, "contact"): (
        r"^(referral )?contact$",
        r"^(referral |contact |main |intake )?(phone|telephone|tel)( number| no| 1)?$",
        r"\b(phone|telephone)\b",
        r"^(web ?site|web|url|e ?mail)$",
    ),
    (None, "confidential"): (
        r"^(is )?(confidential|undisclosed)$",
        r"^(site|service|address|location|place) (is )?(confidential|undisclosed|withheld)$",
        r"^(confidential|undisclosed|withheld) (site|service|address|location|place)$",
        r"^(visibility|who may see it)$",
    ),
    (None, "naloxone"): (
        r"\b(naloxone|narcan)\b.*\b(given|administered|used|dose|doses)\b",
        r"\b(naloxone|narcan)\b",
    ),
    (None, "activity"): (
        r"^object of search$",
        r"^(activity|search type|search basis|search reason|reason for (stop|search)|stop reason)$",
        r"^(reason|purpose|problem|crime type|offen[cs]e type|offen[cs]e)$",
        r"^incident ?type( desc| description)?$",
        r"^(final )?call ?type$",
        r"^incident type id$",
        r"^(type|nature|category|subject|legislation)$",
        r"\b(reason|crime|offen[cs]e|incident|stop) ?(type|desc|description|category|reason)\b",
    ),
    (None, "group"): (
        r"^self defined ethnicity$",
        r"^(subject|driver|person|suspect|perceived)? ?(perceived )?(race|ethnicity)$",
        r"^((self defined )?group|ethnic group|race ethnicity|race or ethnicity)$",
        r"^(?!officer race|officer ethnicity).*\b(race|ethnicity)\b",
        r"^(gender|sex)$",
    ),
    (None, "service"): (
        r"^(service|referred to|referral to|provider|agency|programme?)( name)?$",
        r"\b(service|provider|agency|referred)\b",
    ),
    (LayerKind.DEPLOYMENTS, "name"): (
        r"^(name|title|label)$",
        r"^(deployment|operation|patrol|box|assignment|detail|post|plan)( name| title)?$",
        r"\b(name|title)\b",
        r"^(id|number|num)$",
    ),
    (None, "unit"): (
        r"^(unit|team|squad|force|crew|call ?sign|unit name|team name)$",
        r"\b(unit|team|squad)\b",
    ),
    (None, "start"): (
        r"^(start|starts|begin|begins|from)$",
        r"^(start|begin|from|shift start|valid from)\b",
        r"\b(start|begin)\b",
    ),
    (None, "end"): (
        r"^(end|ends|until|to|finish)$",
        r"^(end|finish|until|to|shift end|valid to)\b",
        r"\bend\b",
    ),
    (None, "purpose"): (
        r"^(purpose|objective|task|mission|reason|aim|tasking)$",
        r"\b(purpose|objective|reason|task)\b",
        r"^(description|notes|type)$",
    ),
    (LayerKind.DEPLOYMENTS, "date"): (
        r"^(date|day|shift date|date of (shift|deployment|patrol))$",
        r"^(deployment|patrol|duty) ?(date|day)$",
    ),
    (LayerKind.DEPLOYMENTS, "hours"): (r"^(hours|shift|times?|shift (hours|times?))$",),
    (LayerKind.DEPLOYMENTS, "streets"): (
        r"^(streets?|roads?|street ?(names?|list)|route|on streets?)$",
        r"\bstreets\b",
    ),
    (LayerKind.DEPLOYMENTS, "radius"): (
        r"^(radius|distance|buffer|within)( (m|metres|meters|ft|feet|yd|yards|km|mi|miles))?$",
        r"\bradius\b",
    ),
    (LayerKind.STREETS, "name"): (
        r"^(full ?name|street ?name|road ?name|st ?name|name)$",
        r"^(street|road|name 1|label)$",
        r"\bname\b",
    ),
    (None, "road_class"): (
        r"^(mtfcc|highway|road ?class|fclass|functional class(ification)?|func ?class)$",
        r"^(class|road ?type|street ?type|type|category|rttyp)$",
    ),
    (None, "residents"): (
        r"^(residents|population|pop|total population|total pop|pop total|inhabitants)$",
        r"^(pop(ulation)? ?\d{2,4}|p ?1|b 01003 ?e?\d*)$",
        r"\bpopulation\b",
        r"^pop\b(?!.*\b(sq|den|dens|density)\b)",
    ),
    (LayerKind.OTHER, "name"): (
        r"^(name|title|label|site name|facility name)$",
        r"\bname\b(?!.*\b(state|county|country)\b)",
        r"^[a-z]+name$",
        r"^company$",
    ),
}

#: Fields for which a column may be proposed by its values alone.
LAST_RESORT: Mapping[LayerKind, tuple[str, ...]] = {
    LayerKind.SERVICES: ("name",),
    LayerKind.DEPLOYMENTS: ("name",),
    LayerKind.OVERDOSES: ("time",),
    LayerKind.STOPS: ("time",),
    LayerKind.REFERRALS: ("time",),
    LayerKind.OTHER: ("time",),
}
