"""The network in the words of the portal, the same for its manager and its providers."""

from core.language import _
from network.tables import OfferingState, RegistrationKind, RejectionReason


def registration_words(kind: RegistrationKind) -> str:
    """Return what a register is called."""
    return {
        RegistrationKind.BIG: _("BIG-register"),
        RegistrationKind.AGB: _("AGB-register"),
        RegistrationKind.SRA: _("Arbeidsdeskundigen (SRA)"),
        RegistrationKind.MFN: _("Mediators (MfN)"),
        RegistrationKind.RSC: _("Casemanagers (RSC)"),
        RegistrationKind.BLIK_OP_WERK: _("Blik op Werk"),
        RegistrationKind.OVAL: _("OVAL"),
        RegistrationKind.NIP: _("Psychologen (NIP)"),
        RegistrationKind.NOLOC: _("Loopbaancoaches (Noloc)"),
        RegistrationKind.NOBCO: _("Coaches (NOBCO)"),
        RegistrationKind.REGISTERPLEIN: _("Registerplein"),
        RegistrationKind.NVVK: _("Schuldhulp (NVVK)"),
        RegistrationKind.HFNL: _("Ergonomen (HFNL)"),
        RegistrationKind.INSURANCE: _("Beroepsaansprakelijkheid"),
    }[kind]


def state_words(state: OfferingState) -> str:
    """Return where an offering stands."""
    return {
        OfferingState.SUBMITTED: _("Te beoordelen"),
        OfferingState.APPROVED: _("Goedgekeurd"),
        OfferingState.REJECTED: _("Afgewezen"),
        OfferingState.WITHDRAWN: _("Ingetrokken"),
    }[state]


TONES = {
    OfferingState.SUBMITTED: "warn",
    OfferingState.APPROVED: "good",
    OfferingState.REJECTED: "bad",
    OfferingState.WITHDRAWN: "quiet",
}
"""The tone of the tag of a state."""


def reason_words(reason: RejectionReason) -> str:
    """Return why an offering is not taken into the network, as the provider reads it."""
    return {
        RejectionReason.INCOMPLETE: _("De beschrijving is niet compleet"),
        RejectionReason.EVIDENCE: _("Niet duidelijk dat het werkt"),
        RejectionReason.PRICE: _("De prijs past niet bij de afspraken"),
        RejectionReason.REGISTRATION: _("Een registratie ontbreekt of past niet"),
        RejectionReason.NOT_NEEDED: _("Hiervan is genoeg in het netwerk"),
        RejectionReason.PERSONAL_DATA: _("Er staan gegevens over personen in"),
        RejectionReason.DOUBLE: _("Dit aanbod staat er al"),
    }[reason]
