"""What belongs together: the request (or task) under way, its id, its number and who acts in it."""

from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID, uuid4


@dataclass(slots=True)
class Trace:
    """One request or task, as its rows in the log will name it.

    ``request_n`` is the number the database gave to its first row. It is kept when that row is rolled back,
    so the row of the refusal fills the gap.
    """

    request_id: UUID
    session_ref: UUID | None = None
    request_n: int | None = None
    actor: int | None = None
    property: int | None = None


_current: ContextVar[Trace | None] = ContextVar("audit_trace", default=None)


def begin(session_ref: UUID | None = None, request_id: UUID | None = None) -> Trace:
    """Begin a trace, or add the session to the one already begun under this request id."""
    trace = _current.get()
    if trace is None or trace.request_id != request_id:
        trace = Trace(request_id=request_id or uuid4())
        _current.set(trace)
    trace.session_ref = session_ref
    return trace


def end() -> None:
    """Forget the trace: whatever comes next in this thread belongs to somebody else."""
    _current.set(None)


def current() -> Trace | None:
    """The trace under way, or None outside requests and tasks."""
    return _current.get()


def request_id() -> UUID | None:
    """The id of the request under way: always made here, never taken from the client."""
    trace = _current.get()
    return trace.request_id if trace else None
