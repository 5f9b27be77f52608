"""A witness for another house's log: a small server that cosigns checkpoints which only grew."""

from argparse import ArgumentParser
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.notes import COSIGNATURE, NoteRefused, Signer, Verifier
from audit.seal_key import SealKeyTrouble, make_key
from audit.witnessing import MOST_BODY, Answer, Ledger


class Command(BaseCommand):
    """Needs no database. Put a proxy with TLS before it where the network is not your own."""

    help = "Cosigns the checkpoints of other logs (C2SP tlog-witness): refuses a fork and a rollback."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who it is, where it keeps what it knows, and whom it witnesses."""
        parser.add_argument("--name", required=True, help="the witness's name, such as harbour.example/witness")
        parser.add_argument("--folder", type=Path, required=True, help="its key and what it has cosigned")
        parser.add_argument("--log", action="append", required=True, metavar="KEY", help="verifier key of a log")
        parser.add_argument("--listen", default="127.0.0.1:8099", metavar="ADDRESS:PORT")

    def handle(self, *args: Any, name: str, folder: Path, log: list[str], listen: str, **options: Any) -> None:
        """Listen until stopped."""
        host, _colon, port = listen.rpartition(":")
        try:
            signer = Signer(name, make_key(folder / "witness.key"), COSIGNATURE)
            ledger = Ledger(folder / "witness.json", signer, [Verifier.parse(text) for text in log])
            server = ThreadingHTTPServer((host, int(port)), handler(ledger))
        except (SealKeyTrouble, NoteRefused, OSError, ValueError) as trouble:
            raise CommandError(str(trouble)) from None
        self.stdout.write(f"{signer.verifier}\nlistening on {host}:{server.server_address[1]}")
        self.stdout.flush()
        server.serve_forever()


def handler(ledger: Ledger) -> type[BaseHTTPRequestHandler]:
    """Answers requests out of a ledger."""

    class Requests(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not length.isdecimal() or int(length) > MOST_BODY:
                self._answer(Answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too long\n"))
                return
            body = self.rfile.read(int(length))
            if self.path.rstrip("/").endswith("/add-checkpoint"):
                self._answer(ledger.add_checkpoint(body.decode("utf-8", "replace")))
            else:
                self._answer(Answer(HTTPStatus.NOT_FOUND, "only add-checkpoint is known here\n"))

        def _answer(self, answer: Answer) -> None:
            content = answer.body.encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            return

    return Requests
