"""Chats that tenants ask a worker for, and the times kept open for them."""
