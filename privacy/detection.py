"""What the office tells those who notice unusual access: what shows who asks, and what leaves the house."""

from privacy import actions
from staff.detecting import kinds

kinds.looks(kinds.VIEW, actions.REQUEST_VIEWED, actions.LETTER_VIEWED, actions.CONSENTS_VIEWED)
kinds.looks(kinds.REVEAL, actions.CONTACT_REVEALED, actions.CALLBACK_NUMBER_OPENED)
kinds.looks(kinds.EXPORT, actions.COPY_OPENED, actions.TRANSFER_OPENED)
kinds.takings(actions.COPY_OPENED, actions.TRANSFER_OPENED)
