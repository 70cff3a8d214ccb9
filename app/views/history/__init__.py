"""Widgets of the history: the list of chats, and what shows messages in other ways."""
