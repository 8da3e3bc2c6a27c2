"""The worker in the room: it hears everyone, asks, coaches, publishes and archives."""
