"""Questions for the first free slot in the words of the portal, the same for who asks and who answers."""

from core.language import _
from network.slot_tables import Urgency
from network.slots import Standing


def urgency_words(urgency: Urgency) -> str:
    """Return how soon somebody has to begin."""
    return {
        Urgency.NORMAL: _("geen haast"),
        Urgency.SOON: _("binnen twee weken"),
        Urgency.URGENT: _("binnen enkele dagen"),
    }[urgency]


def region_words(region: str | None) -> str:
    """Return where somebody is looked for."""
    return region or _("heel Nederland")


def standing_words(standing: Standing) -> tuple[str, str]:
    """Return how a question stands for one of those who were asked, and in which tone."""
    return {
        Standing.ASKED: (_("gevraagd"), "warn"),
        Standing.FIRST: (_("plek vrijgehouden"), "good"),
        Standing.USED: (_("plek gebruikt"), "good"),
        Standing.LAPSED: (_("niet meer vrijhouden"), "quiet"),
        Standing.DECLINED: (_("geen plek"), "quiet"),
        Standing.NOT_NEEDED: (_("niet meer nodig"), "quiet"),
    }[standing]
