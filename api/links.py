"""Where `domain/links.py` was; kept until nobody imports it from here."""

from domain.links import Link, Links

__all__ = ["Link", "Links"]
