"""What a model folder is: manifest, registry, inspection, pairing."""
