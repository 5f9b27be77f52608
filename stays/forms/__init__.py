"""What was typed at the desk: parsed and validated, nothing saved."""
