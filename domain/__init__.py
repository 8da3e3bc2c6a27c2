"""The words of the product as frozen dataclasses, and the rules between them. Standard library only."""

from zoneinfo import ZoneInfo, reset_tzpath

# Zones come from the pinned package tzdata and never from the machine: every process on every machine, and the tests,
# turn the same local time into the same instant.
reset_tzpath(())
ZoneInfo.clear_cache()
