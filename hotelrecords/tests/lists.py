"""A list of bookings handed in at the desk of the world."""

from datetime import timedelta
from uuid import uuid4

from hotelrecords.tests.world import World
from stays.services import importing


def an_import(world: World) -> dict[str, object]:
    """The number of an import that waits for the clerk: one row is good."""
    day = world.here.today(world.at)
    row = f"司马{uuid4().hex[:8]},{day},{day + timedelta(days=1)}"
    file = importing.take_in_file(
        actor=world.people["front_desk"],
        property=world.here,
        kind="bookings",
        content=f"name,arrival,departure\n{row}\n".encode(),
        at=world.at,
    )
    importing.go_on(file=file, at=world.at)
    return {"number": file.pk}
