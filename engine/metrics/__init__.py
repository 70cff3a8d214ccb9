"""The one definition of every figure, and the values that carry them."""
