"""Backups that forget with the house: data, keys, ledger and keyring apart, encrypted, proved by restoring them.

Set A: data, without keys and search; any age is harmless, for what was erased has no key. Set B: the keys, of the
same moment, in another place, for a few days. Set C: the erasure ledger, copied off after each erasure. Set D: the
keyring, one file that is replaced, never added to.
"""
