"""The demo network itself: how it is made and loaded."""
