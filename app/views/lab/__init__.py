"""The page of the Placement Lab: set-up, charts, race and history. It decides nothing."""
