"""The self-painted transcript."""
