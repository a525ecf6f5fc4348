"""Pictures drawn from values: geometry in Python, drawing in `templates/components`."""
