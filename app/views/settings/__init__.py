"""The settings dialog, made of what the preferences say about themselves."""
