"""The deeds of the room of requests, a module for each noun."""
