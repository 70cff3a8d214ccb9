"""Chats from files of this and other programs: taken whole or refused whole, with a reason."""
