"""The words of the product as frozen dataclasses, and the rules between them. Standard library only."""
