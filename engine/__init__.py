"""The headless inference engine of Slipstream. Knows nothing of Qt and nothing of `app`."""
