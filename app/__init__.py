"""The desktop application. Depends on `engine`, never the other way."""
