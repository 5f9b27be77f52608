"""The pages of guests' requests: one service call each."""
