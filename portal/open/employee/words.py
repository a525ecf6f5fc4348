"""What a tag of the audit trail says to the employee whom it concerns: "medical:referral:read" becomes a plain act."""

from core.language import _
from portal.audit_words import event_words


def looked_words(tag: str) -> str:
    """Return what was done, to stand after who did it; a tag without a sentence keeps the words of the trail."""
    return _sentences().get(tag) or event_words(tag)


def _sentences() -> dict[str, str]:
    return _of_referrals() | _of_the_provider() | _of_the_case() | _of_invoices() | _of_lists()


def _of_referrals() -> dict[str, str]:
    looked = _("bekeek uw verwijzing")
    prepared = _("bereidde een verwijzing voor")
    return {
        "medical:referral:read": looked,
        "medical:referral:actions": looked,
        "medical:disclosure:made": _("deelde iets over u; bij Wat is gedeeld staat wat"),
        "medical:disclosure:listed": _("bekeek wat over u is gedeeld"),
        "medical:letter:opened": _("haalde uw verwijsbrief op"),
        "medical:attachment:added": _("voegde een bijlage bij uw verwijzing"),
        "medical:attachment:known": _("voegde een bijlage bij uw verwijzing"),
        "medical:attachment:removed": _("haalde een bijlage weg bij uw verwijzing"),
        "medical:attachment:opened": _("opende een bijlage bij uw verwijzing"),
        "medical:referral:draft": prepared,
        "medical:referral:revise": prepared,
        "medical:referral:repeat": prepared,
        "medical:referral:issue": _("verwees u"),
        "medical:referral:redirect": _("verwees u naar een andere provider"),
        "medical:referral:complete": _("rondde uw verwijzing af"),
        "medical:referral:withdraw": _("trok uw verwijzing in"),
        "medical:referral:expire": _("sloot een verwijzing zonder antwoord"),
    }


def _of_the_provider() -> dict[str, str]:
    return {
        "medical:referral:accept": _("nam uw verwijzing aan"),
        "medical:referral:decline": _("nam uw verwijzing niet aan"),
        "medical:referral:schedule": _("plande uw eerste afspraak"),
        "medical:referral:start": _("legde vast dat het begon"),
        "medical:referral:report": _("stuurde een verslag aan de bedrijfsarts"),
        "medical:provider_invoice:received": _("stuurde een factuur voor uw interventie"),
    }


def _of_the_case() -> dict[str, str]:
    asked = _("verwerkte een aanvraag voor een interventie")
    return {
        "medical:assessment:judge": _("legde vast wat de oorzaak van uw verzuim is"),
        "medical:case:past": _("bekeek hoe uw dossier eerder was"),
        "medical:assessment:read": _("bekeek uw medische dossier"),
        "medical:consent:stop": _("ging na wat er moest stoppen omdat u toestemming introk"),
        "medical:request:receive": asked,
        "medical:request:repeat": asked,
        "medical:request:refuse": asked,
        "medical:emergency:opened": _("opende uw dossier in een noodgeval"),
        "medical:emergency:read": _("las uw dossier in een noodgeval"),
        "medical:emergency:words": _("las waarom iemand uw dossier in een noodgeval opende"),
        "cases:emergency:ended": _("beëindigde de noodtoegang tot uw dossier"),
        "cases:emergency:reviewed": _("keek na of de noodtoegang tot uw dossier nodig was"),
        "cases:case:opened": _("legde uw ziekmelding vast"),
        "cases:case:continued": _("legde uw ziekmelding vast"),
        "cases:case:known": _("legde uw ziekmelding vast"),
        "cases:employment:ended": _("legde vast wanneer uw dienstverband eindigde"),
        "cases:hold:begun": _("laat uw dossier langer bewaren"),
        "cases:hold:ended": _("laat uw dossier niet langer bewaren"),
        "cases:case:recovered": _("legde uw herstel vast"),
        "cases:consent:seen": _("zag dat u toestemming introk"),
        "cases:consent:given": _("legde uw toestemming vast"),
        "cases:consent:withdrawn": _("legde vast dat u toestemming introk"),
        "cases:request:sent": _("vroeg een interventie voor u aan"),
        "cases:doctor:named": _("legde vast wie de arts-gemachtigde van uw werkgever is"),
        "cases:doctor:ended": _("legde vast dat een arts niet meer door uw werkgever is gemachtigd"),
        "cases:step:done": _("legde een stap in uw verzuim vast"),
        "cases:step:cleared": _("haalde een stap weg die per ongeluk was vastgelegd"),
    }


def _of_invoices() -> dict[str, str]:
    looked = _("bekeek een factuur voor uw interventie")
    return {
        "medical:provider_invoice:read": looked,
        "medical:release:previewed": looked,
        "medical:provider_invoice:approved": _("keurde een factuur voor uw interventie goed"),
        "medical:release:charged": _("rekende uw interventie door, zonder medische gegevens"),
        "medical:cofinancing:read": _("maakte een aanvraag bij de verzekeraar klaar, zonder uw naam"),
        "medical:cofinancing:released": _("maakte een aanvraag bij de verzekeraar klaar, zonder uw naam"),
        "medical:cofinancing:withheld": _("stuurde geen aanvraag naar de verzekeraar"),
        "medical:days:estimated": _("schatte hoeveel korter uw verzuim wordt"),
        "medical:cofinancing:consent_ended": _("ging na of een aanvraag bij de verzekeraar moest stoppen"),
        "medical:progress:released": _("liet uw werkgever zien hoe ver een open interventie is"),
    }


def _of_lists() -> dict[str, str]:
    referrals = _("bekeek een lijst met verwijzingen waarop u staat")
    invoices = _("bekeek een lijst met facturen waarop u staat")
    slots = _("bekeek een lijst met vragen naar een plek waarop u staat")
    return {
        "medical:referral:list": referrals,
        "medical:referral:worklist": referrals,
        "medical:assessment:missing": _("bekeek in welke dossiers nog een oordeel ontbreekt, ook het uwe"),
        "medical:warning:list": _("bekeek in welke dossiers een stap ontbreekt, ook het uwe"),
        "medical:slot:list": slots,
        "medical:slot:worklist": slots,
        "medical:slot:read": _("bekeek een vraag naar een plek voor u"),
        "medical:slot:asked": _("vroeg providers of er een plek voor u is, zonder uw naam"),
        "medical:slot:closed": _("sloot een vraag naar een plek voor u"),
        "medical:session:listed": _("bekeek uw sessies"),
        "medical:provider_invoice:listed": invoices,
        "medical:payables:read": invoices,
        "medical:payable:owed": _("legde vast wat een provider voor uw interventie krijgt"),
        "medical:charging:previewed": _("bekeek wat wordt doorbelast, ook van uw interventie"),
        "medical:budget:listed": _("bekeek wat aan werkgevers is gevraagd, ook over u"),
        "medical:budget:read": _("bekeek wat uw werkgever over u is gevraagd"),
        "medical:budget:refusals": _("bekeek wat uw werkgever over u antwoordde"),
        "medical:budget:weighed": _("ging na of uw interventie in het budget past"),
        "medical:budget:asked": _("vroeg uw werkgever om akkoord"),
        "medical:days:read": _("bekeek hoeveel korter uw verzuim kan worden"),
        "medical:days:listed": _("bekeek bij wie nog een schatting nodig is, ook bij u"),
        "medical:specification:listed": _("bekeek een lijst met specificaties waarin u wordt genoemd"),
        "medical:specification:read": _("bekeek een specificatie waarin u wordt genoemd"),
        "medical:specification:names": _("zag dat een provider u noemt"),
    }
