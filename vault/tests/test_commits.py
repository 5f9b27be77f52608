"""What is committed when, seen from a second connection."""

import psycopg2
import pytest
from django.db import connection, transaction

from vault import services as vault
from vault.sealing import SealBroken

from .factories import GuestFactory
from .test_services import LOOKED, look


def test_a_look_is_on_record_also_when_nothing_can_be_opened(own_database):
    guest = GuestFactory()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE vault_envelope SET ciphertext = set_byte(ciphertext, 40, get_byte(ciphertext, 40) # 1)"
            " WHERE id = %s",
            [guest.envelopes["name"]],
        )
    with pytest.raises(SealBroken):
        look(guest.envelopes["name"])
    stranger = psycopg2.connect(**connection.get_connection_params())
    with stranger, stranger.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_event WHERE action = %s", [LOOKED])
        assert cursor.fetchone() == (1,)
    stranger.close()


def test_a_deed_opens_inside_its_transaction_only(own_database):
    guest = GuestFactory()
    with pytest.raises(RuntimeError):
        vault.open_for_deed([guest.envelopes["name"]])
    with transaction.atomic():
        opened = vault.open_for_deed([guest.envelopes["name"]])
    assert opened[guest.envelopes["name"]].name.plain == "张伟"


def test_a_document_is_locked_inside_a_transaction_only(own_database):
    with pytest.raises(RuntimeError):
        vault.subject_by_document("resident_id", "11010519491231002X", lock=True)


def test_two_desks_with_one_document_wait_for_each_other(own_database):
    other = psycopg2.connect(**connection.get_connection_params())
    with transaction.atomic():
        assert vault.subject_by_document("resident_id", "11010519491231002X", lock=True) is None
        with connection.cursor() as cursor:
            cursor.execute("SELECT classid, objid FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2")
            held = cursor.fetchone()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", held)
            assert cursor.fetchone() == (False,)
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", held)
        assert cursor.fetchone() == (True,)
    other.close()
