"""The Placement Lab: measures placements and strategies against each other, without a window."""
