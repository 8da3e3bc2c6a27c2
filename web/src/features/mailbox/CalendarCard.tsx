import { Anchor, Text } from "@mantine/core";
import { IconCalendarEvent, IconCalendarX } from "@tabler/icons-react";
import type { MailboxCalendar } from "../../api/settings";
import { formatTime } from "../../ui/days";
import { formatZone } from "../../ui/time";
import { When } from "../../ui/When";
import { formatIn, myZone, sameClock } from "../../ui/zones";
import classes from "./mailbox.module.css";

/** The calendar entry that comes with a mail, in the reader's time. */
export function CalendarCard({ calendar }: { calendar: MailboxCalendar }) {
  const { starts_at, ends_at, time_zone, location, organizer, attendees } = calendar;
  const isCancelled = calendar.method.toUpperCase() === "CANCEL";
  const Icon = isCancelled ? IconCalendarX : IconCalendarEvent;
  const isElsewhere = !sameClock(new Date(starts_at), time_zone, myZone());
  return (
    <section className={classes.calendar} aria-label="Calendar entry" data-testid="mail-calendar">
      <Icon size={24} stroke={1.6} aria-hidden className={classes.calendarIcon} />
      <div className={classes.calendarWords}>
        <Text fw={600}>
          {isCancelled && "Cancelled: "}
          {calendar.summary}
        </Text>
        <Text size="sm">
          <When iso={starts_at} /> to {formatTime(ends_at)}, {formatZone(starts_at)}
        </Text>
        {isElsewhere && (
          <Text size="sm" c="dimmed">
            In the entry: {formatIn(starts_at, time_zone)}, {time_zone.replaceAll("_", " ")}
          </Text>
        )}
        {location && (
          <Text size="sm" className={classes.where}>
            {/^https?:/.test(location) ? (
              <Anchor href={location} target="_blank" rel="noreferrer" inherit underline="always">
                {location}
              </Anchor>
            ) : (
              location
            )}
          </Text>
        )}
        {organizer && (
          <Text size="sm" c="dimmed">
            Organized by {organizer}
          </Text>
        )}
        {attendees.length > 0 && (
          <Text size="sm" c="dimmed">
            With {attendees.join(", ")}
          </Text>
        )}
      </div>
    </section>
  );
}
