"""When a service must be invoiced, and from when somebody is warned of that (R52)."""

from datetime import date, timedelta

LAST_DAY, WARNING_DAY = 15, 10
ONE_MONTH_ON = timedelta(days=31)


def first_of_month(day: date) -> date:
    """Return the first day of the month of `day`."""
    return day.replace(day=1)


def next_month(day: date) -> date:
    """Return the first day of the month after that of `day`."""
    return first_of_month(first_of_month(day) + ONE_MONTH_ON)


def invoice_due_by(supplied_on: date) -> date:
    """Return the last day on which the invoice for a service may go out: the 15th of the month after (R52)."""
    return next_month(supplied_on).replace(day=LAST_DAY)


def warns_from(supplied_on: date) -> date:
    """Return the day from which the secretariat is warned: the 10th of the month after (R52)."""
    return next_month(supplied_on).replace(day=WARNING_DAY)


def warned_before(day: date) -> date:
    """Return the first day of supply of which nobody is warned on `day`: what was supplied before it, somebody is."""
    this_month = first_of_month(day)
    return this_month if day.day >= WARNING_DAY else first_of_month(this_month - timedelta(days=1))
