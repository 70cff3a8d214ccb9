"""Implementations of the inference backend protocol."""
