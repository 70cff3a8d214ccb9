"""Measures whether a strategy changes what a model says, and says what is not shown."""
