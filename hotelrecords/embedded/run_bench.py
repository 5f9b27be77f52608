"""Behind ``script/bench``: a database of its own that writes as safely as a real one, then the measurements."""

import os
import subprocess
import sys

from hotelrecords.embedded import EngineTrouble, environment, roles
from hotelrecords.embedded.places import CHECKOUT, find_place
from hotelrecords.embedded.site import Site

SETTINGS = {"max_connections": "150", "shared_buffers": "1GB", "maintenance_work_mem": "512MB", "max_wal_size": "4GB"}


def main(arguments: list[str]) -> int:
    """Run ``python -m benchmarks`` with these arguments; the answer is its exit code."""
    os.chdir(CHECKOUT)
    site = Site(find_place("bench"), SETTINGS)
    try:
        site.start_engines()
        site.prepare_empty()
        values = environment.for_process(site.values, roles.WEB)
        addresses = {name: site.values[name] for name in ("DATABASE_OWNER_URL", "DATABASE_KEEPER_URL")}
        return subprocess.run([sys.executable, "-m", "benchmarks", *arguments], env=values | addresses).returncode
    except EngineTrouble as trouble:
        print(trouble, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    finally:
        site.stop_engines()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
