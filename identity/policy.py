"""The whole policy on one page: each permission, in a sentence, and the roles that hold it.

The doors ask the coarse question here; the use case asks the fine one (whose case, whose mandate) from the same page.
"""

from enum import Enum

from core.errors import Forbidden, NotFound
from core.language import _
from identity.actor import Actor
from identity.roles import STRANGERS, Role

BA, CMTD, SEC, PRO = Role.PHYSICIAN, Role.DELEGATE, Role.SECRETARY, Role.PROVIDER
NET, CMWG, EMP, INS, WN, FG = (
    Role.NETWORK_MANAGER,
    Role.CASE_MANAGER,
    Role.EMPLOYER,
    Role.INSURER,
    Role.EMPLOYEE,
    Role.AUDITOR,
)
PEOPLE = frozenset(Role) - {Role.SYSTEM}


class Permission(Enum):
    """Something that somebody may do: the sentence that says so, and who holds it."""

    SEE_SELF = ("See who I am, the taxonomy and my own sessions.", PEOPLE)
    KEEP_CALENDAR = ("Have my own dates in a calendar elsewhere, without names.", {BA, CMTD, PRO, CMWG, EMP, WN})

    ADMIT_PARTIES = (
        "Let people of providers, employers, insurers, case management and the network in, and put them out at once.",
        {NET},
    )
    ADMIT_COLLEAGUES = (
        "Let physicians, delegates and the secretariat in on the medical side, and put them out at once.",
        {BA},
    )

    # network and search
    SEARCH_OFFERINGS = ("Find approved offerings.", {BA, CMTD, WN, CMWG, NET, PRO})
    KEEP_SHORTLIST = ("Keep favourites and saved searches, for myself alone.", {BA, CMTD})
    PUBLISH_OFFERING = ("Publish and change the offerings and waits of the own organisation.", {PRO})
    DECIDE_OFFERING = ("Approve or reject what a provider publishes (R29).", {NET})
    MANAGE_NETWORK = ("Keep providers, contracts and registrations.", {NET})
    SEE_OWN_FIGURES = ("See what was measured of the own organisation, beside the network.", {PRO})
    SET_TERMS = ("Set the terms within which people act on a referral (R10).", {NET})
    SEE_TERMS = ("See those terms.", {NET, BA, CMTD, PRO})
    SEE_PROVIDER = ("See a provider's contracts and registrations: of all, or the own.", {NET, PRO})

    # cases, without health data
    SEE_EMPLOYERS = ("See for which employers I work.", {BA, CMTD, CMWG})
    OPEN_CASE = ("Open an absence case, and record recovery.", {BA, CMTD, CMWG})
    SEE_CASES = ("See cases: weeks, deadlines and steps.", {BA, CMTD, CMWG})
    SEE_OWN_STEPS = ("See the Poortwachter steps that are the employer's.", {EMP})
    SEE_TIMELINE = ("See the Poortwachter steps of a case.", {BA, CMTD, CMWG})
    SEE_WARNINGS = ("See in which cases the law misses something, without a reason (R66).", {CMWG})
    DO_STEP = ("Mark a step as done.", {BA, CMTD, CMWG})
    REQUEST_INTERVENTION = ("Ask for an open, non-medical specialist (R5).", {CMWG})
    GIVE_CONSENT = ("Record and withdraw consent (R23-R26).", {BA, CMTD, WN})
    DECLARE_DOCTOR = ("Say that I am the doctor whom the employer authorised for this employee myself (R16).", {BA})
    NAME_DOCTOR = ("Write down the doctor whom the employer authorises for an employee (R16).", {CMWG})
    SIGN_MANDATE = ("Mandate somebody to refer, and revoke it (R2, R7).", {BA})
    SEE_MANDATES = ("See mandates: those of the arbodienst, or those that I hold.", {BA, CMTD})

    # medical
    SEE_MEDICAL_CASE = ("See the medical side of a case.", {BA, CMTD})
    BREAK_GLASS = (
        "Read a case that is not mine in an emergency, for an hour, while a second person is told (R22).",
        {CMTD},
    )
    REVIEW_EMERGENCY = ("Be told of such an emergency, end it, and look at it afterwards (R22).", {BA})
    JUDGE_CAUSE = ("Judge the cause, and whether it is medical (R3).", {BA})
    DRAFT_REFERRAL = ("Prepare a referral.", {BA, CMTD})
    ESTIMATE_DAYS = ("Estimate how many days of absence a referral saves, for who is asked to pay (R60).", {BA})
    ISSUE_REFERRAL = ("Issue a referral, as the physician or under his mandate (R1, R2).", {BA, CMTD})
    ASK_FOR_SLOT = ("Ask several providers, without identity, who has the first free slot.", {BA, CMTD})
    ANSWER_SLOT = ("Say whether I have a slot, and when.", {PRO})
    SEE_REFERRALS = ("See referrals: of the own cases, sent to me, or about me.", {BA, CMTD, PRO, WN})
    SEE_REFERRAL_HEADERS = ("See the header of a referral that an invoice must match (R21).", {SEC})
    ACT_ON_REFERRAL = ("Act on a referral as its state and my role allow.", {BA, CMTD, PRO})
    SEND_PROVIDER_INVOICE = ("Send an invoice for a referral.", {PRO})
    REGISTER_SESSIONS = ("Register what became of each session of a referral, to bill it.", {PRO})
    SEE_PROVIDER_INVOICES = ("Open provider invoices (R41).", {SEC, PRO, BA})
    JUDGE_PROVIDER_INVOICE = ("Approve or dispute a provider invoice and release it.", {SEC})

    # billing
    RUN_CHARGES = ("Run the monthly charging.", {SEC})
    SET_MONEY = ("Set VAT, terms of payment, the least number of a pool, and when buyers are reminded.", {SEC})
    KEEP_BOOKS = ("Read the ledger, and take its figures out for the bookkeeper and the tax office.", {SEC})
    KEEP_REMINDERS = ("See who is reminded to pay, and hold reminders back for a coded reason.", {SEC})
    SEE_STATEMENT = ("See the own statement of account, and take out the own invoice lines.", {EMP, INS})
    KEEP_SERVICES = ("Give what the arbodienst's own services of a month cost an employer (R46).", {SEC})
    CREDIT_INVOICE = ("Give an issued invoice back with a credit note (R50).", {SEC})
    BEAR_COST = ("Let the arbodienst bear what it cannot charge without telling of somebody (R46).", {SEC})
    KEEP_DIRECT_CONTRACTS = ("Register providers that I contract myself, and hear if a specification is agreed.", {EMP})
    SEND_SPECIFICATION = ("Send the secretariat what stands behind an invoice to an employer (R55).", {PRO})
    JUDGE_SPECIFICATION = ("Judge such specifications, and connect who sends them (R55).", {SEC})
    SEE_INVOICES = ("See issued invoices.", {EMP, INS, SEC})
    PAY_INVOICE = ("Pay an invoice.", {EMP, INS})
    KEEP_PAYMENTS = ("Write down what the bank received, refund, and explain what the payment provider says.", {SEC})
    PAY_PROVIDERS = ("Pay providers what is due, and agree to what a colleague approved (R42).", {SEC})
    SEE_OWN_PAYOUTS = ("See what was paid to the own organisation and when, and give an account for it.", {PRO})
    SEE_REPORTS = ("See the yearly reports of interventions, with small numbers hidden (R76).", {BA})
    SEE_OWN_REPORT = ("See the yearly report of the own organisation, with small numbers hidden (R76).", {EMP})
    SEE_COSTS = ("See the cost overview, with small figures suppressed (R47).", {EMP})
    KEEP_BUDGET = ("Say up to how much nobody has to ask me, and answer what is above it (R56).", {EMP})
    SEE_BUDGET_REQUESTS = ("See what an employer was asked above his budget, and his answer (R12).", {EMP, CMWG})
    ASK_EMPLOYER = ("Ask the employer, without a cause or a provider, to agree to what is above his budget.", {BA})
    SEE_COFINANCING = ("See requests for co-financing.", {CMWG, INS})
    SUBMIT_COFINANCING = ("Submit a request for co-financing.", {CMWG})
    DECIDE_COFINANCING = ("Decide on a request for co-financing.", {INS})
    KEEP_POLICIES = ("Register what insurers agreed with employers, in versions, and end it (R61).", {NET})
    SEE_POLICIES = ("See policies: all, or those of the own insurer or employers.", {NET, INS, CMWG})
    SEE_PORTFOLIO = ("See the yearly report of the own requests and portfolio, with small numbers hidden (R62).", {INS})
    SEE_POLICY_BUDGET = ("See what is left of the budget of the own policies.", {INS})

    # trust
    HOLD_FILES = ("Keep everything of an employee beyond its term, for a coded reason, and end that (R71).", {BA})
    SEE_OWN_FILE = ("See everything about myself: absence, consents, referrals, and what comes next (R27).", {WN})
    RATE_HELP = ("Say once how satisfied I was with help that is over; nobody else reads it (R75).", {WN})
    READ_AUDIT = ("Read the audit trail: all of it, or what concerns me (R27, R68).", {FG, WN})
    SEE_EMERGENCIES = (
        "See who read what in an emergency, and what the second person found of it (R22).",
        {CMTD, BA, FG},
    )
    SEE_OPERATION = (
        "See how the installation runs: the queue, jobs that gave up, the last seal, anchor and backup; never content.",
        {SEC},
    )
    VERIFY_AUDIT = ("Prove that the audit trail is whole.", {FG})

    def __init__(self, sentence: str, roles: frozenset[Role] | set[Role]) -> None:
        self.sentence = sentence
        self.roles = frozenset(roles)


def allows(role: Role, permission: Permission) -> bool:
    """Tell whether `role` holds `permission`."""
    return role in permission.roles


def require(actor: Actor, permission: Permission) -> None:
    """Refuse an actor without `permission`: not found for strangers (R70), forbidden with the reason for members."""
    if not allows(actor.role, permission):
        raise refusal(actor, _("Uw rol mag dit niet."))


def require_system(actor: Actor) -> None:
    """Refuse whoever is not the system, for what nobody does himself."""
    if actor.role is not Role.SYSTEM:
        raise refusal(actor, _("Dit doet het systeem."))


def refusal(actor: Actor, reason: str) -> Forbidden | NotFound:
    """Return the refusal that fits the actor: to employer and insurer "not yours" is "not there" (R70)."""
    return NotFound(_("Niet gevonden.")) if actor.role in STRANGERS else Forbidden(reason)
