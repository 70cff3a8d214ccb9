"""Chooses strategy and draft length from measurements."""
