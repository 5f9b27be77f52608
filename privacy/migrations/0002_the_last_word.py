"""What the database itself refuses and allows: numbers given twice, history rewritten, rights of the roles."""

from django.db import migrations

from audit.grants import append_only, grant, row_trigger

SEQUENCES = ("privacy_request_number", "privacy_hold_number", "privacy_certificate_number")

DONE = """
BEGIN
    IF OLD.at IS NOT NULL THEN
        RAISE EXCEPTION 'recheck % is done and stays as it is', OLD.id USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
"""


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0001_initial"),
        ("audit", "0001_initial"),
    ]

    operations = [
        *(
            migrations.RunSQL(f"CREATE SEQUENCE {name} AS bigint MAXVALUE 999999999", f"DROP SEQUENCE {name}")
            for name in SEQUENCES
        ),
        *(grant(name, web="USAGE", kind="SEQUENCE", keeper="SELECT") for name in SEQUENCES),
        append_only("privacy_step"),
        append_only("privacy_message"),
        append_only("privacy_check"),
        append_only("privacy_certificate"),
        row_trigger(
            "privacy_recheck", "refuse_second_search", before="UPDATE", function="privacy_recheck_done", body=DONE
        ),
        grant(
            "privacy_request",
            web="SELECT, INSERT, UPDATE (kind, acts_as, language, guest_id, stay_id, state, result, decision, "
            "refusal_ground, is_complex, acknowledged_at, due_on, extended_at, extension_reason, paused_at, "
            "pause_reason, paused_days, decided_at, closed_at, officer_id, decided_by_id, approved_by_id, "
            "verified_at, failures, locked_until, follow_code_hash, duplicate_of_id, rating)",
        ),
        grant("privacy_step", web="SELECT, INSERT"),
        grant("privacy_message", web="SELECT, INSERT"),
        grant(
            "privacy_task",
            web="SELECT, INSERT, UPDATE (owner_id, due_on, done_at, done_by_id, second_by_id, envelope)",
        ),
        grant("privacy_appointment", web="SELECT, INSERT, UPDATE (at, kept)"),
        grant("privacy_check", web="SELECT, INSERT"),
        grant("privacy_onetimecode", web="SELECT, INSERT, UPDATE (expires_at, used_at, tries)", keeper=""),
        grant(
            "privacy_item",
            web="SELECT, INSERT, UPDATE (grounds, blockers, proposed, rule, until, chosen, override_reason, "
            "done_at), DELETE",
        ),
        grant("privacy_letter", web="SELECT, INSERT, UPDATE (sent_at, way)"),
        grant("privacy_delivery", web="SELECT, INSERT, UPDATE (expires_at, opened_at)", keeper=""),
        grant(
            "privacy_hold",
            web="SELECT, INSERT, UPDATE (reason, review_on, until, approved_by_id, approved_at, "
            "release_asked_by_id, released_by_id, released_at)",
        ),
        grant("privacy_hold_officers", web="SELECT, INSERT, DELETE"),
        grant(
            "privacy_profile",
            web="SELECT, INSERT, UPDATE (law, answer_days, answer_months, answer_target_working_days, "
            "extension_days, extension_months, ack_working_days, counts, asking_is_ground, status, "
            "confirmed_by_id, confirmed_on)",
        ),
        grant("privacy_holiday", web="SELECT, INSERT, UPDATE (is_working), DELETE"),
        grant(
            "privacy_rule",
            web="SELECT, INSERT, UPDATE (record, number, unit, start, at_once_on, kind, level, instrument, "
            "article, at_end, in_force_to, status, confirmed_by_id, confirmed_on)",
        ),
        grant(
            "privacy_papercard",
            web="SELECT, INSERT, UPDATE (occupant_id, place, custodian_id, state, signed_out_to_id, "
            "signed_out_at, destroyed_by_id, destroyed_with_id, destroyed_at)",
        ),
        grant(
            "privacy_processor",
            web="SELECT, INSERT, UPDATE (property_id, name, agreement_ref, scope, contact, signed_on, "
            "expires_on, ended_on, deletion_proof_on, reminded_at)",
        ),
        grant("privacy_told", web="SELECT, INSERT, UPDATE (task_id, told_at, confirmed_at)"),
        grant(
            "privacy_consent", web="SELECT, INSERT, UPDATE (withdrawn_at, withdrawn_by_id, withdrawn_channel)"
        ),
        grant("privacy_certificate", web="SELECT, INSERT"),
        grant("privacy_recheck", web="SELECT, INSERT, UPDATE (at, places, found)"),
        grant("privacy_review", web="SELECT, INSERT"),
        grant("privacy_finding", web="SELECT, INSERT, UPDATE (owner_id, due_on, done_at)"),
    ]
