"""Emergencies of the demo: one that was found to be needed, and one at which the physician has yet to look (R22)."""

from cases.emergencies import end_emergency, review_emergency
from cases.emergency_tables import EmergencyReason, EmergencyVerdict
from demo.people import demo_id
from demo.stage import Stage
from medical.cases.emergencies import NewEmergency, open_emergency, read_emergency_file

EMERGENCIES = (
    ("Z-101", "De werknemer belde en kon niet wachten; Cees is met vakantie. Ik zocht wie haar begeleidt.", True),
    ("Z-102", "De provider belde over de afspraak van morgen. Cees was niet te bereiken.", False),
)


def take_emergencies(stage: Stage) -> None:
    """Let a delegate who does not work for the bakery read two of its cases; a physician looks at the first."""
    holder, physician = stage.actors["cmtd2"], stage.actors["ba"]
    for reference, words, looked_at in EMERGENCIES:
        new = NewEmergency(
            sought=reference, employer_id=demo_id("organisation:zonneveld"), reason=EmergencyReason.COVER, words=words
        )
        with stage.acting(holder) as act:
            opened = open_emergency(act.session, act.actor, new)
        if opened is None:
            raise RuntimeError("the case of a story is there")
        with stage.acting(holder) as act:
            read_emergency_file(act.session, act.actor, opened)
        with stage.acting(holder) as act:
            end_emergency(act.session, act.actor, opened)
        if looked_at:
            with stage.acting(physician) as act:
                review_emergency(act.session, act.actor, opened, EmergencyVerdict.JUSTIFIED)
