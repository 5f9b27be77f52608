"""A Valkey server of our own: the bell of the broker, on a Unix socket, without a file."""

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from hotelrecords.embedded import EngineTrouble
from hotelrecords.embedded.places import Place

PATIENCE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Broker:
    """Valkey at one place. It keeps nothing on disk: what is due is known to PostgreSQL."""

    place: Place

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self.place.runtime / "valkey.sock"

    @property
    def url(self) -> str:
        """The address for Celery."""
        return f"redis+socket://{self.socket}"

    def client(self) -> redis.Redis:
        """A client to close after use; it asks once."""
        return redis.Redis(unix_socket_path=str(self.socket), socket_timeout=2, retry=Retry(NoBackoff(), 0))

    def is_running(self) -> bool:
        """Whether it answers."""
        with self.client() as client, suppress(redis.RedisError, OSError):
            return bool(client.ping())
        return False

    def start(self) -> bool:
        """Start it; False when it was running already."""
        if self.is_running():
            return False
        done = self.place.account.run([self.place.programs.valkey, *self._options()])
        if done.returncode or not self._wait(running=True):
            raise EngineTrouble(f"Valkey does not start: {done.stderr.strip()} Its log: {self._log}")
        return True

    def stop(self) -> None:
        """Stop it and wait until it is gone."""
        if not self.is_running():
            return
        with self.client() as client, suppress(redis.RedisError, OSError):
            client.shutdown(nosave=True)
        self._wait(running=False)

    @property
    def _log(self) -> Path:
        return self.place.runtime / "valkey.log"

    def _options(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.place.runtime),
            "save": "",
            "appendonly": "no",
            "daemonize": "yes",
            "logfile": str(self._log),
            "maxmemory": "128mb",
            "maxmemory-policy": "noeviction",
        }
        return [part for name, value in options.items() for part in (f"--{name}", value)]

    def _wait(self, *, running: bool) -> bool:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if self.is_running() == running:
                return True
            time.sleep(0.05)
        return False
