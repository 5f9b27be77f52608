"""What the desk of the world has to do during the stay in house, made through the product's own services."""

from hotelrecords.tests.world import World
from stays import services as desk
from stays.models import MinorDuty, Registration, Stay


def a_minor_duty(world: World) -> int:
    """Something owed to a minor of the party in house."""
    duty, _is_new = MinorDuty.objects.get_or_create(stay=world.in_house, kind="report", defaults={"due_at": world.at})
    return duty.pk


def a_report(world: World) -> int:
    """The registration of the guest in house."""
    return Registration.objects.get(occupant__stay=world.in_house).pk


def given_up(world: World) -> str:
    """An expected stay that was cancelled."""
    if Stay.objects.get(pk=world.expected.pk).status == Stay.Status.EXPECTED:
        clerk = world.people["front_desk"]
        desk.cancel_stay(actor=clerk, stay=world.expected, reason="guest_cancelled", at=world.at)
    return world.expected.reference


def a_note(world: World) -> int:
    """Feedback that waits for the desk."""
    clerk = world.people["front_desk"]
    return desk.add_note(actor=clerk, stay=world.in_house, kind="feedback", text="早餐很好", owner=clerk).pk


def a_handover(world: World) -> int:
    """Words for the next shift."""
    clerk = world.people["front_desk"]
    return desk.write_handover(actor=clerk, property=world.here, text="电梯维修", at=world.at).pk


def a_visitor(world: World) -> int:
    """Somebody who came to see the guest in house."""
    return world.in_house.visitors.get().pk
