"""Search in what is sealed."""
