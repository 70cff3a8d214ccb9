"""The parts of the composer: the text field, the chips above it and the context meter."""
