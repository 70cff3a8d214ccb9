"""The headless front end: the same engine and figures without a window."""
