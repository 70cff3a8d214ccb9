"""The page of the devices. It decides nothing."""
