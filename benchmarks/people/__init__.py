"""Guests who do not exist, with the name frequencies of those who do, from a fixed seed."""
