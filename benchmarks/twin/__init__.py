"""The same three pages from plaintext columns and without a row of the log: what sealing costs is the difference.

They have the product's middleware, its templates and its queries for what is not personal.
"""
