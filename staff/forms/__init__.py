"""What people type about accounts, shifts, properties, roles and the log: parsed and bounded, never saved here."""
