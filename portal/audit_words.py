"""What a tag of the audit trail says in plain words: "medical:referral:issue" becomes "Verwijzing: verstuurd"."""

from core.language import _
from identity.grounds import Ground


def event_words(tag: str) -> str:
    """Return the event of a tag, or of its beginning, in plain words; what has none keeps its code."""
    room, subject, act = [*tag.split(":", 2), "", ""][:3]
    about = subject_words().get(f"{room}:{subject}", subject or room)
    return f"{about}: {act_words().get(act, act)}" if act else about


def subject_words() -> dict[str, str]:
    """Return what is written about, by the beginning of its tags, in the order of the house."""
    return {
        "medical:case": _("Medisch dossier"),
        "medical:emergency": _("Noodtoegang"),
        "cases:emergency": _("Noodtoegang"),
        "medical:assessment": _("Oordeel van de bedrijfsarts"),
        "medical:referral": _("Verwijzing"),
        "medical:days": _("Schatting van de bedrijfsarts"),
        "medical:letter": _("Verwijsbrief"),
        "medical:disclosure": _("Delen van gegevens"),
        "medical:attachment": _("Bijlage bij een verwijzing"),
        "medical:report": _("Rapportage"),
        "medical:request": _("Aanvraag van de casemanager"),
        "medical:provider_invoice": _("Factuur van een provider"),
        "medical:release": _("Vrijgave aan de open kant"),
        "medical:cofinancing": _("Vrijgave voor cofinanciering"),
        "medical:progress": _("Vrijgave van voortgang"),
        "network:terms": _("Termijnen"),
        "medical:warning": _("Waarschuwing"),
        "medical:key": _("Sleutel van een dossier"),
        "medical:waits": _("Vrijgave van wachttijden"),
        "medical:outcomes": _("Vrijgave van uitkomsten"),
        "medical:answers": _("Vrijgave van antwoordcijfers"),
        "medical:satisfaction": _("Tevredenheid"),
        "medical:experience": _("Vrijgave van ervaringscijfers"),
        "medical:portfolio": _("Vrijgave van rapporten voor verzekeraars"),
        "medical:reports": _("Vrijgave van jaarrapporten"),
        "medical:slot": _("Vraag naar een plek"),
        "medical:charging": _("Doorbelasting, medische kant"),
        "medical:consent": _("Gevolg van ingetrokken toestemming"),
        "cases:case": _("Verzuimdossier"),
        "cases:step": _("Stap uit de Wet verbetering poortwachter"),
        "cases:request": _("Aanvraag van een interventie"),
        "cases:consent": _("Toestemming"),
        "cases:mandate": _("Mandaat"),
        "cases:doctor": _("Arts-gemachtigde"),
        "network:offering": _("Aanbod"),
        "network:provider": _("Provider"),
        "network:slot": _("Vraag naar een plek"),
        "network:contract": _("Contract"),
        "network:registration": _("Registratie"),
        **_subjects_of_money(),
        "identity:session": _("Aanmelding"),
        "identity:token": _("API-token"),
        "identity:calendar": _("Adres voor een agenda"),
        "identity:audit": _("Logboek"),
        "identity:factor": _("Tweede manier om te bevestigen wie men is"),
        "identity:recovery": _("Herstelcodes"),
        "identity:provider": _("Aanmelden via de eigen organisatie"),
        "identity:password": _("Wachtwoord"),
        "identity:invitation": _("Uitnodiging"),
        "identity:membership": _("Toegang in een rol"),
        **_subjects_of_keeping(),
    }


def _subjects_of_keeping() -> dict[str, str]:
    return {
        "identity:account": _("Account na zijn termijn"),
        "identity:person": _("Naam na zijn termijn"),
        "medical:file": _("Medisch dossier na zijn termijn"),
        "medical:paper": _("Stuk van een provider na zijn termijn"),
        "cases:absence": _("Verzuim na zijn termijn"),
        "cases:hold": _("Langer bewaren"),
        "cases:employment": _("Dienstverband"),
        "billing:reference": _("Kenmerk op een factuur na zijn termijn"),
    }


def _subjects_of_money() -> dict[str, str]:
    return {
        "billing:charge_run": _("Doorbelasting"),
        "billing:invoice": _("Factuur"),
        "billing:invoices": _("Lijst van facturen"),
        "billing:credit_note": _("Creditnota"),
        "billing:service": _("Dienstverlening van een maand"),
        "billing:recourse": _("Kosten die te verhalen zijn"),
        "billing:statement": _("Rekeningoverzicht"),
        "billing:reminder": _("Betalingsherinnering"),
        "billing:payment": _("Betaling"),
        "billing:refund": _("Terugbetaling"),
        "billing:gateway_message": _("Bericht van de betaaldienst"),
        "billing:difference": _("Verschil met de betaaldienst"),
        "billing:payable": _("Te betalen aan een provider"),
        "billing:payout": _("Uitbetaling"),
        "billing:payout_run": _("Uitbetaling van alle providers"),
        "billing:payout_account": _("Uitbetaalrekening"),
        "billing:ledger": _("Grootboek"),
        "billing:auditfile": _("Auditfile"),
        "billing:policy": _("Polis"),
        "billing:cofinancing": _("Cofinanciering"),
        "billing:budget": _("Budget van een werkgever"),
        "billing:direct_contract": _("Eigen provider van een werkgever"),
        "medical:budget": _("Vraag boven het budget"),
        "medical:payable": _("Schuld aan een provider"),
        "medical:payables": _("Schulden aan een provider"),
        "medical:session": _("Sessie"),
        "medical:specification": _("Specificatie van een eigen provider"),
        "medical:direct_answer": _("Vrijgave van een antwoord aan de werkgever"),
        "medical:direct_contract": _("Eigen provider van een werkgever, medische kant"),
        "network:money_settings": _("Instellingen voor geld"),
    }


def act_words() -> dict[str, str]:
    """Return what was done, by the last part of a tag."""
    return _reading() | _writing() | _moving() | _paying()


def _reading() -> dict[str, str]:
    return {
        "read": _("bekeken"),
        "listed": _("lijst bekeken"),
        "list": _("lijst bekeken"),
        "worklist": _("werklijst bekeken"),
        "actions": _("nagegaan wat er kan"),
        "known": _("nog eens gemeld"),
        "past": _("bekeken zoals het was"),
        "missing": _("nagegaan waar het ontbreekt"),
        "previewed": _("vooraf bekeken"),
        "rehearsed": _("vooraf doorgerekend"),
        "exported": _("gedownload"),
        "open": _("geopend"),
        "close": _("gesloten"),
        "rated": _("tevredenheid opgegeven"),
        "issue": _("uitgegeven"),
        "issued": _("uitgegeven"),
    }


def _writing() -> dict[str, str]:
    return {
        "opened": _("geopend"),
        "continued": _("voortgezet"),
        "recovered": _("hersteld gemeld"),
        "liable_party": _("ander aansprakelijk"),
        "no_liable_party": _("niemand aansprakelijk"),
        "given": _("gegeven"),
        "withdrawn": _("ingetrokken"),
        "begun": _("begonnen"),
        "seen": _("gezien"),
        "signed": _("getekend"),
        "revoked": _("ingetrokken"),
        "sent": _("verstuurd"),
        "done": _("klaar"),
        "cleared": _("ongedaan gemaakt"),
        "draft": _("voorbereid"),
        "judge": _("vastgelegd"),
        "revise": _("gewijzigd"),
        "ended": _("beëindigd"),
        "named": _("vastgelegd"),
        "admitted": _("toegelaten"),
        "suspended": _("opgeschort"),
        "resumed": _("hervat"),
        "added": _("toegevoegd"),
        "made": _("gedaan"),
        "removed": _("weggehaald"),
        "destroyed": _("vernietigd"),
        "renewed": _("verlengd"),
        "replaced": _("vervangen"),
        "estimated": _("geschat"),
        "confirmed": _("nog een keer bevestigd"),
        "others_ended": _("alle andere beëindigd"),
        "accepted": _("geaccepteerd"),
        "reset": _("opnieuw gekozen"),
        "linked": _("gekoppeld"),
        "unlinked": _("ontkoppeld"),
        "recognised": _("herkend door de eigen organisatie"),
        "words": _("reden gelezen"),
        "reviewed": _("nagekeken"),
    }


def _moving() -> dict[str, str]:
    return {
        "asked": _("gevraagd"),
        "closed": _("gesloten"),
        "offered": _("aangeboden"),
        "declined": _("afgewezen"),
        "published": _("aangeboden"),
        "changed": _("gewijzigd"),
        "approved": _("goedgekeurd"),
        "rejected": _("afgewezen"),
        "disputed": _("betwist"),
        "received": _("ontvangen"),
        "receive": _("ontvangen"),
        "repeat": _("opnieuw ontvangen"),
        "refuse": _("geweigerd"),
        "resent": _("opnieuw ontvangen"),
        "released": _("vrijgegeven"),
        "withheld": _("tegengehouden"),
        "charged": _("doorbelast"),
        "run": _("uitgevoerd"),
        "wait_stated": _("wachttijd opgegeven"),
        "wait_confirmed": _("wachttijd bevestigd"),
        "intake_opened": _("neemt weer mensen aan"),
        "intake_closed": _("neemt niemand meer aan"),
        "settled": _("betaald"),
        "lapsed": _("vervallen"),
        "consent_ended": _("gestopt: de toestemming is ingetrokken"),
        "submitted": _("ingediend"),
        "decided": _("beslist"),
        "accept": _("geaccepteerd"),
        "decline": _("geweigerd"),
        "redirect": _("doorgestuurd"),
        "schedule": _("ingepland"),
        "start": _("gestart"),
        "report": _("gerapporteerd"),
        "return": _("teruggestuurd"),
        "ask": _("vraag gesteld"),
        "answer": _("vraag beantwoord"),
        "interrupt": _("onderbroken"),
        "resume": _("hervat"),
        "complete": _("afgerond"),
        "withdraw": _("ingetrokken"),
        "expire": _("verlopen"),
        "stop": _("gestopt"),
    }


def _paying() -> dict[str, str]:
    return {
        "addressed": _("nagegaan aan wie de factuur gaat"),
        "agreed": _("mee akkoord"),
        "answered": _("beantwoord"),
        "bank": _("op de bank ontvangen"),
        "borne": _("voor eigen rekening genomen"),
        "climbed": _("te laat, en hoger op de lijst"),
        "connected": _("verbonden"),
        "credit_asked": _("om een creditnota gevraagd"),
        "differs": _("klopt niet"),
        "due": _("moet worden verstuurd"),
        "explained": _("verklaard"),
        "found": _("gevonden"),
        "given_back": _("teruggegeven"),
        "held": _("tegengehouden"),
        "judged": _("beoordeeld"),
        "kept": _("bewaard"),
        "names": _("noemt een werknemer"),
        "names_nobody": _("noemt niemand"),
        "owed": _("ontstaan"),
        "planned": _("gepland"),
        "refusals": _("weigeringen bekeken"),
        "registered": _("vastgelegd"),
        "retried": _("opnieuw geprobeerd"),
        "reversed": _("teruggedraaid"),
        "round": _("nagelopen"),
        "set": _("vastgesteld"),
        "taken": _("gedownload"),
        "undone": _("ongedaan gemaakt"),
        "weighed": _("gewogen"),
    }


def ground_words() -> dict[Ground, str]:
    """Return on what authority something was done, in plain words."""
    return {
        Ground.PHYSICIAN: _("als bedrijfsarts"),
        Ground.DELEGATION: _("in taakdelegatie"),
        Ground.MANDATE: _("op grond van een mandaat"),
        Ground.SECRETARIAT: _("voor het medisch secretariaat"),
        Ground.ADDRESSEE: _("als provider aan wie het is gestuurd"),
        Ground.OWN: _("over zichzelf"),
        Ground.OFFICE: _("in de eigen rol, zonder medische gegevens"),
        Ground.OVERSIGHT: _("als toezichthouder"),
        Ground.JOB: _("vanzelf, door het systeem"),
        Ground.EMERGENCY: _("noodtoegang"),
    }
