"""Looks at requests and holds: each is a row of the log, committed before anything is shown. Never inside a deed."""

from privacy.services.looking_up.certificates import CertificateView, open_certificate, take_certificate
from privacy.services.looking_up.contacts import reveal_contact
from privacy.services.looking_up.files import RequestFile, open_request
from privacy.services.looking_up.followed import FollowedRequest, open_followed
from privacy.services.looking_up.guest_sheets import GuestSheet, open_request_sheet, open_stay_sheet
from privacy.services.looking_up.holds import HoldFile, HoldList, holds_due, list_holds, look_at_hold, open_document
from privacy.services.looking_up.lists import RequestList, list_requests
from privacy.services.looking_up.log import read_log
from privacy.services.looking_up.purges import (
    PurgeFile,
    export_purge,
    list_purges,
    open_purge,
    open_receipt,
    progress_of,
    rules_of_night,
)

__all__ = [
    "CertificateView",
    "FollowedRequest",
    "GuestSheet",
    "PurgeFile",
    "HoldFile",
    "HoldList",
    "RequestFile",
    "RequestList",
    "export_purge",
    "holds_due",
    "list_holds",
    "list_purges",
    "list_requests",
    "look_at_hold",
    "open_document",
    "open_certificate",
    "open_followed",
    "open_purge",
    "open_receipt",
    "open_request",
    "open_request_sheet",
    "open_stay_sheet",
    "progress_of",
    "read_log",
    "reveal_contact",
    "rules_of_night",
    "take_certificate",
]
