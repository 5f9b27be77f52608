"""Tags of the pages of requests."""
