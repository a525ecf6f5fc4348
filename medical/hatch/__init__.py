"""The hatch: what leaves the medical room, in frozen values that name nobody's health."""
