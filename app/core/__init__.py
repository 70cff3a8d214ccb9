"""Qt-free logic of the application."""
