"""Behind ``script/server``: a whole site on this machine, from an empty folder to the sign-in page."""

import os
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hotelrecords.embedded import EngineTrouble, banner, living, locks
from hotelrecords.embedded.places import CHECKOUT, find_place
from hotelrecords.embedded.processes import Processes
from hotelrecords.embedded.site import Site

PATIENCE_SECONDS = 60
SECONDS_BETWEEN_LOOKS = 3


def main(arguments: list[str]) -> int:
    """Serve until stopped; ``code`` prints the current one-time code instead. The answer is the exit code."""
    if arguments == ["code"]:
        print(banner.code_line())
        return 0
    if arguments:
        print("script/server serves; script/server code prints the current one-time code.", file=sys.stderr)
        return 2
    os.chdir(CHECKOUT)
    try:
        return serve()
    except EngineTrouble as trouble:
        print(trouble, file=sys.stderr)
        return 1


def serve() -> int:
    """Start everything, run until a signal comes or a process ends, stop everything."""
    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)
    port = wanted_port()
    os.environ["PORT"] = str(port)
    site = Site(find_place("server"))
    with only_server(site.place.local):
        Processes(site.place.local, {}).end_leftovers()
        refuse_taken(port)
        try:
            return run(site, port)
        except KeyboardInterrupt:
            return 130
        finally:
            for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(sign, signal.SIG_IGN)
            site.stop_engines()
            print("Stopped.", flush=True)


def run(site: Site, port: int) -> int:
    """Prepare what is not yet there, then run the processes."""
    say("Starting PostgreSQL and Valkey")
    site.start_engines()
    site.prepare()
    processes = Processes(site.place.local, site.values)
    threading.Thread(target=greet, args=(port, processes.logs), daemon=True).start()
    closing = threading.Event()
    watch = threading.Thread(target=watch_engines, args=(site, closing))
    watch.start()
    try:
        return processes.run()
    finally:
        closing.set()
        watch.join()


def watch_engines(site: Site, closing: threading.Event) -> None:
    """Start an engine again that was killed; meanwhile the pages say that the records cannot be reached."""
    while not closing.wait(SECONDS_BETWEEN_LOOKS):
        try:
            for name, engine in (("PostgreSQL", site.cluster), ("Valkey", site.broker)):
                if engine.start():
                    say(f"{name} had ended and was started again")
        except EngineTrouble as trouble:
            say(str(trouble))


def interrupt(*_signal: object) -> None:
    """A closed terminal or a polite end is the same as Ctrl-C."""
    os.kill(os.getpid(), signal.SIGINT)


def greet(port: int, logs: Path) -> None:
    """Once the site answers, say where it is and how to get in."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=2):
            print(banner.greeting(port, logs), flush=True)
            return
        time.sleep(0.2)
    say(f"The site does not answer after {PATIENCE_SECONDS} seconds: see {logs}/web.log")


def wanted_port() -> int:
    """The port of the environment, 8000 by default."""
    told = os.environ.get("PORT", "8000")
    if not told.isdigit() or not 0 < int(told) < 65536:
        raise EngineTrouble(f"PORT must be a number from 1 to 65535, not {told!r}.")
    return int(told)


def refuse_taken(port: int) -> None:
    """EngineTrouble when another program listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((os.environ.get("HOST", "127.0.0.1"), port))
        except OSError as error:
            raise EngineTrouble(
                f"Port {port} cannot be used ({error.strerror}). Stop the program that listens there, "
                f"or choose another port: PORT={port + 1} script/server"
            ) from None


@contextmanager
def only_server(local: Path) -> Iterator[None]:
    """One server for one folder. Children of a killed one hold its lock until they are ended."""
    path, note = local / "server.lock", local / "server.pid"
    handle = locks.try_alone(path)
    if handle is None:
        with suppress(OSError, ValueError):
            if "hotelrecords.embedded.serve" in living.command_of(int(note.read_text())):
                raise EngineTrouble("Hotel Records is running from this folder already. Stop it first (Ctrl-C there).")
        Processes(local, {}).end_leftovers()
        handle = locks.wait_alone(path, seconds=20)
    if handle is None:
        raise EngineTrouble(f"Another start from this folder is under way ({path} is locked).")
    note.write_text(str(os.getpid()))
    try:
        yield
    finally:
        note.unlink(missing_ok=True)
        os.close(handle)


def say(what: str) -> None:
    """One line about a step under way."""
    print(f"  {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
