"""What a person holds, by property and role: asked on every page, so planned once per connection."""

from django.db import migrations

STANDING = """
CREATE FUNCTION staff_standing(of_person bigint)
    RETURNS jsonb LANGUAGE plpgsql STABLE PARALLEL SAFE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN (
        SELECT jsonb_agg(jsonb_build_array(held.property, held.role, held.rights)) FROM (
            SELECT r.content_object_id AS property, p.role, jsonb_agg(a.codename) AS rights
            FROM staff_person_groups g
            JOIN staff_propertyright r ON r.group_id = g.group_id
            JOIN auth_permission a ON a.id = r.permission_id
            JOIN staff_post p ON p.group_id = g.group_id
            WHERE g.person_id = of_person
            GROUP BY r.content_object_id, p.role
        ) held
    );
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("staff", "0002_grants")]

    operations = [migrations.RunSQL(STANDING, "DROP FUNCTION staff_standing(bigint)")]
