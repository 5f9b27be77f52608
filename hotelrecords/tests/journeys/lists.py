"""Handing in a list from another system, as a clerk does it in the browser."""

from playwright.sync_api import expect

from hotelrecords.tests.journeys.visiting import Visit
from stays.models import ImportFile


def hand_in(clerk: Visit, name: str, kind: str, content: bytes) -> ImportFile:
    """Send a file, and wait until it waits for the clerk."""
    clerk.go("imports")
    clerk.turn_to("import_new")
    clerk.field("kind").first.check()
    clerk.field("file").set_input_files({"name": name, "mimeType": kind, "buffer": content})
    clerk.send()
    expect(clerk.page.locator("#counts")).to_be_visible()
    return ImportFile.objects.latest("pk")
