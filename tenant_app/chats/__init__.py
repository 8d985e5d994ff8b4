"""A tenant asks for a chat: a key-work session, or an appointment with the housing officer."""
