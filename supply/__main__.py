"""`make audit`: says what is known, and fails on a hole; what could not be looked up it says and does not fail on."""

import sys

from supply.advisories import Looked, node_packages, python_packages
from supply.licences import licences, unclear


def say(line: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(f"{line}\n")


def tell(looked: Looked) -> None:
    """Tell what came of comparing packages with advisories."""
    say(f"{looked.where}: {looked.compared} packages compared, {len(looked.holes)} known holes")
    for hole in looked.holes:
        say(f"  {hole}")
    if looked.unproven:
        say(f"  NOT PROVEN: {looked.unproven}")


def main() -> int:
    """Look everything up and return 1 when a hole is known."""
    if "licences" in sys.argv[1:]:
        for package, version, said in licences():
            say(f"{package} {version}: {said}")
        return 0
    found = (python_packages(), node_packages())
    for each in found:
        tell(each)
    for name in unclear():
        say(f"licence to look at: {name}")
    return int(any(each.holes for each in found))


if __name__ == "__main__":
    sys.exit(main())
