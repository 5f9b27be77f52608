"""What an access review counts beside reveals: the check-ins of a property, as the room that does them declares."""

_check_ins: set[str] = set()


def check_in(code: str) -> str:
    """Declare that this action checks a guest in, and return its code."""
    _check_ins.add(code)
    return code


def check_ins() -> list[str]:
    """The actions that check a guest in."""
    return sorted(_check_ins)
