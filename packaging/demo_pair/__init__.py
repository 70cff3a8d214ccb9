"""How the demonstration pair is made. Needs an environment of its own; see README.md."""
