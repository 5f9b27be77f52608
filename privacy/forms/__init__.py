"""What is typed about requests: parsed and validated, never saved."""
