"""Fills a database with COPY, in the product's own format, and beside it the plaintext twin."""
