"""What is shared with whom about an employee: by each consent, and as it stands (R18, R20, R21, R24, R25, R58)."""

from collections.abc import Collection, Iterable

from cases.tables import ConsentScope
from core.language import _
from portal.blocks import Recipient

CARE, OPEN = "care", "open"


def of_giving(scope: ConsentScope) -> list[Recipient]:
    """Return who gets what from now on when a consent is given."""
    return {
        ConsentScope.PROVIDER: [_provider(_("Wie u gaat helpen"))],
        ConsentScope.EMPLOYER: [_employer_knows(), _case_manager(_("Dat u dit toestaat"))],
        ConsentScope.INSURER: [_insurer_knows(), _case_manager(_("Dat u dit toestaat"))],
        ConsentScope.REPORT_BACK: [_physician((_("Wat u kunt"), _("Wat uw hulpverlener inhoudelijk zag")))],
    }[scope]


def of_withdrawing(scope: ConsentScope, stops: Iterable[str]) -> list[Recipient]:
    """Return who no longer gets what when a consent is taken back; `stops` are the providers whose help ends by it."""
    all_of_it = _("Uw naam, het doel en de vraag: hij ziet ze meteen niet meer")
    helpers = [Recipient(name, CARE, (_("Dat de verwijzing is ingetrokken"),), (all_of_it,)) for name in stops]
    own_line = _("Een eigen regel op een nieuwe factuur")
    return {
        ConsentScope.PROVIDER: [*helpers, _unaware(_("Dat u dit hebt uitgezet"))],
        ConsentScope.EMPLOYER: [_unaware(own_line), _case_manager(_("Dat u dit niet meer toestaat"))],
        ConsentScope.INSURER: [
            Recipient(_("De verzekeraar van uw werkgever"), OPEN, (), (_("Een nieuwe aanvraag"),)),
            _case_manager(_("Dat u dit niet meer toestaat")),
        ],
        ConsentScope.REPORT_BACK: [_physician((_("Wat u kunt"),), (_("Wat uw hulpverlener inhoudelijk zag"),))],
    }[scope]


def as_it_stands(given: Collection[ConsentScope], open_kinds: Iterable[str]) -> list[Recipient]:
    """Return what everybody but the providers may know now; `open_kinds` are interventions that need not be hidden."""
    kinds = tuple(_("Dat dit loopt, en hoe ver: %(kind)s") % {"kind": kind} for kind in open_kinds)
    employer = _employer_knows() if ConsentScope.EMPLOYER in given else _unaware(_("Dat er een interventie is"))
    insurer = _insurer_knows() if ConsentScope.INSURER in given else _insurer_unaware()
    return [
        Recipient(_("Uw bedrijfsarts"), CARE, (_("Uw hele medische dossier"), _("Verslagen van wie u helpt"))),
        _secretariat(),
        Recipient(
            employer.name, OPEN, (_("Uw ziekteweek en de stappen van de wet"), *kinds, *employer.gets), employer.never
        ),
        insurer,
    ]


def _provider(name: str) -> Recipient:
    gets = (_("Uw naam en personeelsnummer"), _("De vier cijfers van uw postcode"), _("Het doel en de vraag"))
    return Recipient(name, CARE, gets, (_("De oorzaak van uw verzuim"), _("De rest van uw dossier")))


def _physician(gets: tuple[str, ...], never: tuple[str, ...] = ()) -> Recipient:
    return Recipient(_("Uw bedrijfsarts"), CARE, gets, never)


def _secretariat() -> Recipient:
    return Recipient(
        _("Medisch secretariaat"),
        CARE,
        (_("Facturen van wie u helpt"), _("Uw personeelsnummer")),
        (_("Uw naam"), _("Doel, vraag en verslag")),
    )


def _employer_knows() -> Recipient:
    return Recipient(
        _("Uw werkgever"),
        OPEN,
        (
            _("Dat er een interventie is"),
            _("Een totaalbedrag op een eigen regel"),
            _("Hij mag dit doorgeven aan een verzekeraar"),
        ),
        (_("Welke, als die vertrouwelijk is"), _("Wie u helpt, wanneer en waarom")),
    )


def _case_manager(told: str) -> Recipient:
    return Recipient(_("Casemanager van uw werkgever"), OPEN, (told,), (_("Waarom"), _("Medische gegevens")))


def _unaware(never: str) -> Recipient:
    return Recipient(_("Uw werkgever"), OPEN, (), (never, _("Wie u helpt, wanneer en waarom")))


def _insurer_knows() -> Recipient:
    return Recipient(
        _("De verzekeraar van uw werkgever"),
        OPEN,
        (_("De prijs, de ziekteweek en hoeveel dagen het scheelt"),),
        (_("Uw naam"), _("De oorzaak"), _("Wie u helpt en wanneer")),
    )


def _insurer_unaware() -> Recipient:
    return Recipient(_("De verzekeraar van uw werkgever"), OPEN, (), (_("Een aanvraag over u"),))
