"""Steps of building the packages; `packaging/build.py` puts them together."""
