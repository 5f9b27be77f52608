"""A certificate and its proof in the sealed log, checked offline."""

import subprocess
import sys
from uuid import uuid4

from django.db import transaction

from audit import services as audit
from audit.tests.conftest import house as sealed_house  # noqa: F401
from privacy.services import certificates
from privacy.tests.sheets import LATER
from privacy.tests.test_certificates import VERIFIER, check_offline
from staff.services import found_property


def test_the_proof_joins_the_file_once_it_is_sealed(sealed_house, tmp_path):  # noqa: F811
    """Defence: the digest in ``verify_certificate`` of the log's verifier."""
    harbour = found_property(code="harbour", name_en="Harbour Hotel", name_zh="海港酒店")
    sealed_house.seal()
    with transaction.atomic():
        made = certificates.sign_certificate(
            property=harbour, request=None, reason="no_purpose", erased={uuid4(): "name"}, who=audit.SYSTEM, at=LATER
        )
    assert certificates.log_proof(made) is None
    waiting = check_in_log(tmp_path, certificates.certificate_file(made), sealed_house)
    assert waiting == (1, "BROKEN: certificate.json has no log_proof yet: ask for the file again, "
                          "it is sealed within minutes\n")  # fmt: skip
    sealed_house.seal()
    file = certificates.certificate_file(made)
    number = certificates.log_proof(made).index
    told = f"The certificate stands in the signed log as entry {number} of {sealed_house.state.size}.\n"
    assert check_in_log(tmp_path, file, sealed_house) == (0, told)
    assert check_offline(tmp_path, file)[0] == 0
    forged = file.replace(b'"name": 1', b'"name": 2')
    assert check_in_log(tmp_path, forged, sealed_house) == (
        1, "BROKEN: the certificate is not the one that the log says was made\n",
    )  # fmt: skip


def check_in_log(tmp_path, content, house):
    path = tmp_path / "certificate.json"
    path.write_bytes(content)
    command = [sys.executable, "-I", str(VERIFIER.with_name("verify_log.py")), str(path), "--key", str(house.verifier)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout
