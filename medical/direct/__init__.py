"""Specifications of an employer's own providers: named, judged, and let out as a yes or no."""
