"""Files whose text is put into a message. No Qt."""
