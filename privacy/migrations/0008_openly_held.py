"""The stays that an open hold keeps, as the desk's pages ask beside each stay: planned once per connection.

In the statement of a page the view behind it took longer to plan than all else; so the pages ask once for all of them.
"""

from typing import ClassVar

from django.db import migrations

# ``HoldQuerySet.in_force`` over again; of the stay's own property, and never a confidential one.
OPENLY_HELD = """
CREATE FUNCTION privacy_openly_held(moment timestamptz) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 20
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off AS $$
BEGIN
    RETURN QUERY
    SELECT s.id FROM public.privacy_hold h JOIN public.privacy_heldstay l ON l.hold_id = h.id
        JOIN public.stays_stay s ON s.id = l.stay_id AND s.property_id = h.property_id
    WHERE NOT h.confidential AND h.placed_at <= moment AND (h.kind = 'authority' OR h.approved_at <= moment)
        AND (h.until IS NULL OR h.until > moment) AND (h.released_at IS NULL OR h.released_at > moment);
END
$$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("privacy", "0007_cards_ended")]
    operations: ClassVar = [migrations.RunSQL(OPENLY_HELD, "DROP FUNCTION privacy_openly_held(timestamptz)")]
