"""The words of the window: found in the sources, kept in a catalogue for Qt Linguist."""
