"""One module per feature of the window: each builds its parts and connects them."""
