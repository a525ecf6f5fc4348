"""What kind of browser it is: to bind a session to it, and to tell people which of their sessions is which."""

FAMILIES = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
PLATFORMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)
LONGEST = 60


def browser_of(user_agent: str) -> str:
    """Return the family of a browser and the system on which it runs, without versions: "Firefox, Linux".

    Versions are left out, for a browser renews itself while somebody works. Of a program that is no browser its own
    name is returned.
    """
    family = _first(FAMILIES, user_agent) or user_agent.partition("/")[0].strip() or "-"
    platform = _first(PLATFORMS, user_agent)
    return (f"{family}, {platform}" if platform else family)[:LONGEST]


def _first(marks: tuple[tuple[str, str], ...], user_agent: str) -> str | None:
    return next((name for mark, name in marks if mark in user_agent), None)
