"""Calendar files that other programs read (RFC 5545)."""

from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar

from core.calendar_file import Entry, calendar_file

MADE = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
ENTRY = Entry("a@providerboog", date(2026, 3, 29), "Plan van aanpak; eerst, dan", "https://example.test/regie")


def test_a_day_is_a_day_also_when_the_clock_changes() -> None:
    """The last night of March has 23 hours in the Netherlands: a last day is a calendar day, and no span of time."""
    content = calendar_file("Providerboog", [ENTRY], MADE).decode()
    assert "DTSTART;VALUE=DATE:20260329\r\n" in content
    assert "DTEND;VALUE=DATE:20260330\r\n" in content
    assert "DTSTAMP:20260328T233000Z\r\n" in content
    assert "TZID" not in content


def test_another_program_reads_what_was_meant() -> None:
    parsed = Calendar.from_ical(calendar_file("Providerboog", [ENTRY], MADE))
    (event,) = parsed.walk("VEVENT")
    assert (str(event["UID"]), str(event["SUMMARY"]), str(event["URL"])) == (ENTRY.uid, ENTRY.summary, ENTRY.url)
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (ENTRY.day, ENTRY.day + timedelta(days=1))
    assert (str(event["TRANSP"]), str(event["CLASS"])) == ("TRANSPARENT", "PRIVATE")
    assert (str(parsed["VERSION"]), str(parsed["METHOD"])) == ("2.0", "PUBLISH")


def test_lines_are_as_long_as_they_may_be() -> None:
    """RFC 5545, 3.1: no line of more than 75 bytes, and every line ends with CRLF."""
    long = Entry("b", date(2026, 1, 1), "é" * 200, "https://example.test/" + "x" * 200)
    lines = calendar_file("Providerboog", [long], MADE).split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert lines[-1] == b""
    assert not any(b"\n" in line for line in lines)


def test_without_entries_it_is_an_empty_calendar() -> None:
    assert Calendar.from_ical(calendar_file("Providerboog", [], MADE)).walk("VEVENT") == []
