"""The processes of the Procfile, each with its own environment and its own log file."""

import contextlib
import os
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from honcho.environ import parse_procfile
from honcho.manager import Manager

from hotelrecords.embedded import environment, living
from hotelrecords.embedded.places import CHECKOUT
from hotelrecords.embedded.roles import KEEPER, WEB

# Who serves pages has the web role; only the keeper has more.
ROLE_OF = {"web": WEB, "worker": WEB, "beat": WEB, "keeper": KEEPER}
MARK = "HOTELRECORDS_PROCESS"


class LogFiles:
    """Stands for honcho's printer: each process writes its own file, the console stays free."""

    width = 0

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        self.folder = folder

    def write(self, message: Any) -> None:
        """Append what a process said, or what honcho says about it."""
        said = message.data.decode("utf-8", "replace") if isinstance(message.data, bytes) else message.data
        if message.name == "system":
            said = f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S} {said}"
            self._tell(said)
        with (self.folder / f"{message.name}.log").open("a") as file:
            file.write(said if said.endswith("\n") else f"{said}\n")

    def _tell(self, said: str) -> None:
        if "stopped (rc=" in said and "rc=0" not in said and "rc=-15" not in said:
            print(f"{said.strip()}: see {self.folder}", file=sys.stderr, flush=True)


class Processes:
    """What ``script/server`` starts beside the engines."""

    def __init__(self, local: Path, values: Mapping[str, str]) -> None:
        self.pids = local / "pids"
        self.logs = local / "log"
        self.values = values
        self.manager = Manager(LogFiles(self.logs))

    def run(self) -> int:
        """Run them until one ends or a signal comes; the answer is the exit code."""
        self.pids.mkdir(mode=0o700, exist_ok=True)
        self._begin_logs()
        for name, command in parse_procfile((CHECKOUT / "Procfile").read_text()).processes.items():
            noted = f'echo $$ > "{self.pids / name}"; {command}'
            self.manager.add_process(name, noted, env=self.environment(name), cwd=str(CHECKOUT))
        self.manager.loop()
        for name in ROLE_OF:
            (self.pids / name).unlink(missing_ok=True)
        return int(self.manager.returncode or 0)

    def environment(self, name: str) -> dict[str, str]:
        """The environment of one process."""
        own = environment.for_process(self.values, ROLE_OF[name])
        own["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{own.get('PATH', '')}"
        return own | {MARK: f"{name}@{CHECKOUT}", "BEAT_SCHEDULE": str(self.pids / "beat-schedule")}

    def end_leftovers(self) -> None:
        """End what an earlier start left behind when it was killed."""
        left = []
        for name in ROLE_OF:
            with contextlib.suppress(OSError, ValueError):
                pid = int((self.pids / name).read_text())
                if living.has_in_environment(pid, f"{MARK}={name}@{CHECKOUT}"):
                    left.append(pid)
        living.end_group(*left)

    def _begin_logs(self) -> None:
        """Keep the logs of the last start beside the new ones."""
        for path in self.logs.glob("*.log"):
            path.replace(path.with_suffix(".log.before"))
