"""The page of the models: installed ones, new ones, downloads, and the choice of a pair."""
