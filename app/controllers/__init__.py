"""Join the engine's events to models and views."""
