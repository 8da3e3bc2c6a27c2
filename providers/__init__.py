"""The outside parts, chosen by name: speech and language models, and the media server's control side."""
