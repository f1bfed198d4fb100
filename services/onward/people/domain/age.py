"""How old a person was on the day of an event."""

from datetime import date

_OLDEST = 120
_ADULT = 18


def years_between(born: date, day: date) -> int:
    """Completed years. Someone born on 29 February completes one on 1 March of a year that has no 29 February."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def age_from_birth(born: date, day: date) -> int | None:
    """The age on *day*, or None where the date cannot be right: in the future, or more than 120 years ago."""
    age = years_between(born, day)
    return age if 0 <= age <= _OLDEST else None


def age_from_statement(stated: int, said_on: date, day: date) -> int | None:
    """
    The age on *day* of someone who was said to be *stated* years old on an earlier day.

    The youngest they can be by then. None where they may be either a child or an adult: nobody is made the one or the
    other by a number that has grown old, so the date of birth is asked for.
    """
    if said_on >= day:
        return stated
    youngest = stated + years_between(said_on, day)
    return None if youngest == _ADULT - 1 or youngest > _OLDEST else youngest
