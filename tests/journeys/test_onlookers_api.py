"""The main job over JSON, seen by who only looks on: the employee, the privacy officer, another arbodienst."""

from tests.journeys import given
from tests.journeys.caller import eventually
from tests.journeys.given import ACCOUNTS, LABOUR_EXPERT, PSYCHOLOGIST, Json
from tests.journeys.house import House


def test_the_employee_sees_what_is_about_herself_and_who_looked(house: House) -> None:
    """R27."""
    wendy, physician = house.caller("werknemer"), house.caller("ba")
    # Given her referral, which the physician reads
    [mine] = wendy.get("/referrals")["results"]
    physician.get(f"/referrals/{mine['id']}")

    # Then she sees it whole, and that he looked, and nothing of anybody else
    seen = wendy.get(f"/referrals/{mine['id']}")
    assert {"goal", "question", "cause", "events"} <= seen.keys()
    trail = wendy.get("/audit/events", page_size=100)["results"]
    assert ("medical:referral:read", "Anna de Wit") in {(event["tag"], event["name"]) for event in trail}
    assert wendy.get("/audit/events", tag="billing")["total"] == 0

    # When she withdraws a consent, which she alone can weigh
    given_now = wendy.get(f"/cases/{mine['case_id']}/consents")["results"]
    employer = next(each for each in given_now if each["scope"] == "employer")
    wendy.delete(f"/consents/{employer['id']}")

    # Then it holds no longer, and she can give it again
    again = {"scope": "employer", "form": "written", "given_on": given.day()}
    assert wendy.post(f"/cases/{mine['case_id']}/consents", again, 201)["in_force"] is True
    wendy.get("/audit/verify", 403)


def test_the_privacy_officer_proves_the_trail_whole(house: House) -> None:
    """R68."""
    officer = house.caller("fg")
    # Given acts of today
    case = given.ready_case(house)
    known = officer.get("/audit/events", page_size=1)["total"]

    # When the worker has sealed them
    def sealed() -> Json | None:
        found = officer.get("/audit/verify")
        return found if found["sealed"] >= known else None

    # Then the chain is whole, and who judged the case is in it, without a word of content
    assert eventually(sealed)["whole"] is True
    judged = officer.get("/audit/events", tag="medical:assessment", page_size=5)["results"]
    assert judged[0]["name"] == "Anna de Wit"
    assert case.reference not in str(officer.get("/audit/events", page_size=100))


def test_another_arbodienst_finds_nothing_of_this_one(house: House) -> None:
    # Given a case and a referral of the first
    case = given.ready_case(house)
    referral = given.refer(house, case, given.find(house, LABOUR_EXPERT, intervention="ADO"))
    # Then at the second they are not there
    stranger = house.caller("ba2")
    for path in (f"/cases/{case.id}", f"/cases/{case.id}/timeline", f"/referrals/{referral['id']}"):
        stranger.get(path, 404)
    stranger.put(f"/cases/{case.id}/assessment", {"cause": "X02", "medical": False}, 404)
    stranger.post(f"/referrals/{referral['id']}/withdraw", {"reason": "mistake"}, 404)
    house.caller(ACCOUNTS[PSYCHOLOGIST]).get(f"/referrals/{referral['id']}", 404)
    assert house.caller("werkgever3").get("/invoices")["total"] == 0
