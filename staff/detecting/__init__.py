"""How unusual access is noticed: rows of the log in, risks out; rules are data, their statements code."""
