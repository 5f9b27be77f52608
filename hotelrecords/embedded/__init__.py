"""PostgreSQL and Valkey, started for you from Python wheels: for one machine, for tests and for measuring.

They are the same software as in production, on Unix sockets only. Where root starts them they run as an
unprivileged user, and no permission of any folder is ever widened for it.
"""


class EngineTrouble(Exception):
    """An engine cannot do what it should; the message is a sentence for the person who started it."""
