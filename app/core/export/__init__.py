"""Chats as files: Markdown, HTML and JSON. Values in, text out; words come from the caller."""
