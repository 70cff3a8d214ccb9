"""The parts of the conversation store. `app.core.conversation_store` is the way in."""
