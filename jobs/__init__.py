"""Work that nobody waits for, and the steward that watches over rooms and agents."""
