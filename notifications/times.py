"""Instants as people in a zone read them, in English whatever the machine's locale is."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone_of(*names: str | None) -> ZoneInfo:
    """The first of the IANA names that is known here; UTC when none is."""
    for name in names:
        try:
            return ZoneInfo(name or "")
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return ZoneInfo("UTC")


def day_of(at: datetime) -> str:
    """Such as "Monday, 23 November 2026"."""
    return f"{at:%A}, {at.day} {at:%B} {at.year}"


def short_time(at: datetime, zone: ZoneInfo) -> str:
    """Such as "Mon 23 Nov, 08:00"."""
    local = at.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b}, {local:%H:%M}"


def span_of(starts_at: datetime, minutes: int, zone: ZoneInfo) -> str:
    """Such as "14:00–15:00 (Europe/Berlin, UTC+1)"."""
    begins, ends = starts_at.astimezone(zone), (starts_at + timedelta(minutes=minutes)).astimezone(zone)
    until = f"{ends:%H:%M}" if begins.date() == ends.date() else f"{ends:%H:%M} on {ends:%A}"
    return f"{begins:%H:%M}–{until} ({zone_and_offset(begins, zone)})"


def zone_and_offset(at: datetime, zone: ZoneInfo) -> str:
    """Such as "Europe/Berlin, UTC+1": the offset at that instant."""
    offset = offset_of(at.astimezone(zone))
    return offset if zone.key in ("UTC", "Etc/UTC") else f"{zone.key.replace('_', ' ')}, {offset}"


def offset_of(at: datetime) -> str:
    minutes = int((at.utcoffset() or timedelta()).total_seconds() // 60)
    if minutes == 0:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")


def both_spans(starts_at: datetime, minutes: int, reader: ZoneInfo, host: ZoneInfo) -> str:
    """The reader's time, and the host's in brackets where the clocks differ at that instant."""
    here, there = starts_at.astimezone(reader), starts_at.astimezone(host)
    span = f"{day_of(here)}, {span_of(starts_at, minutes, reader)}"
    if here.utcoffset() == there.utcoffset():
        return span
    day = "" if here.date() == there.date() else f"{there:%A} "
    return f"{span} [{day}{there:%H:%M} {zone_and_offset(there, host)}]"


def length_of(minutes: int) -> str:
    """Such as "45 min" or "1 h 30 min"."""
    hours, rest = divmod(minutes, 60)
    return " ".join(
        part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "") if part
    )
