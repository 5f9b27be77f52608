"""The front desk over HTTP: what was asked, one call of a service, a page."""
