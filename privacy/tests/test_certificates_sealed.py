"""A certificate and its proof in the sealed log, checked offline."""

import subprocess
import sys
from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.test import Client
from django.utils import timezone

from audit import services as audit
from audit.tests.conftest import house as sealed_house  # noqa: F401
from privacy.models import Purge
from privacy.services import certificates, purging
from privacy.tests.factories import RoomFactory, make_person, make_property
from privacy.tests.purges import gone_stay
from privacy.tests.sheets import LATER
from privacy.tests.test_certificates import VERIFIER, check_offline
from privacy.tests.visits import at_desk
from staff.services import found_property
from stays.models import Stay

YEARS = timedelta(days=4 * 366)


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


def test_the_page_of_a_purge_says_whether_its_receipt_is_sealed(sealed_house):  # noqa: F811
    now, client, room = timezone.now(), Client(), RoomFactory(property=make_property())
    officer = make_person(room.property, "privacy_officer")
    stay = gone_stay(make_person(room.property, "front_desk"), room)
    Stay.objects.filter(pk=stay.pk).update(arrived_at=now - YEARS, departed_at=now - YEARS)
    _small, run = purging.plan_night(house=room.property, at=now)
    purging.approve_purge(purge=run, actor=officer, at=now)
    assert purging.run_purge(purge=run, at=now + timedelta(days=1))
    at_desk(client, officer, room.property)
    address = f"/purges/{run.number}/"
    assert "sealed within minutes; the proof joins the file then" in client.get(address).content.decode()
    sealed_house.seal()
    proof = certificates.log_proof(Purge.objects.get(pk=run.pk).receipt)
    assert f"entry {proof.index}; the proof is in the file" in client.get(address).content.decode()
    assert client.get(f"{address}receipt/").json()["log_proof"] == str(proof)


def check_in_log(tmp_path, content, house):
    path = tmp_path / "certificate.json"
    path.write_bytes(content)
    command = [sys.executable, "-I", str(VERIFIER.with_name("verify_log.py")), str(path), "--key", str(house.verifier)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout
