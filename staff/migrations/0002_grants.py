"""What web and keeper may do with the tables of people, rights and sessions, other packages' tables among them.

The cache's table is the one ``createcachetable`` would make. Reverse: the rights go, and the cache with them.
"""

from django.db import migrations

from audit.grants import grant

READ = "SELECT"
FULL = "SELECT, INSERT, UPDATE, DELETE"

# UPDATE of the key alone lets a row be locked and nothing of it be changed.
RIGHTS = {
    "staff_person": "SELECT, INSERT, UPDATE",
    "staff_person_groups": "SELECT, INSERT, DELETE",
    "staff_person_user_permissions": READ,
    "staff_property": "SELECT, INSERT, UPDATE",
    "staff_propertyright": "SELECT, INSERT",
    "staff_post": "SELECT, INSERT, UPDATE (id)",
    "staff_shift": "SELECT, INSERT, UPDATE",
    "staff_enrolment": FULL,
    "auth_group": "SELECT, INSERT, UPDATE",
    "auth_group_permissions": READ,
    "auth_permission": READ,
    "django_content_type": READ,
    "guardian_groupobjectpermission": READ,
    "guardian_userobjectpermission": READ,
    "account_emailaddress": READ,
    "account_emailconfirmation": READ,
    "mfa_authenticator": FULL,
}
PASSING = ("django_session", "usersessions_usersession", "cache_entry")

CACHE = """
CREATE TABLE cache_entry (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("sessions", "0001_initial"),
        ("guardian", "0003_remove_groupobjectpermission_guardian_gr_content_ae6aec_idx_and_more"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("usersessions", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(CACHE, "DROP TABLE cache_entry"),
        migrations.RunSQL("CREATE INDEX cache_entry_expires ON cache_entry (expires)", migrations.RunSQL.noop),
        *(grant(table, web=rights) for table, rights in RIGHTS.items()),
        *(grant(table, web=FULL, keeper="") for table in PASSING),
    ]
