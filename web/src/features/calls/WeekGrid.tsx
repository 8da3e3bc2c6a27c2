import { Text, Title } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { CSSProperties } from "react";
import type { CallDay } from "../../api/generated";
import { Asked } from "../../ui/Asked";
import { dayName, formatShortDay, formatTime, plusDays } from "../../ui/days";
import { formatMinutes } from "../../ui/time";
import { useNow } from "../../ui/useNow";
import { CALL_STATUS, people } from "./call-words";
import {
  clustersOf,
  crowdOf,
  formatHour,
  formatWeekZone,
  hoursOf,
  minuteOf,
  type Place,
  weekQuery,
} from "./week-grid";
import classes from "./week-grid.module.css";

const MINUTE_MS = 60_000;

/** Seven days beside each other, the hours below; on a phone one day under another, without the empty ones. */
export function WeekGrid({ monday }: { monday: Date }) {
  const week = useQuery({ ...weekQuery(monday), placeholderData: keepPreviousData });
  return (
    <Asked query={week} loading="Loading the week" shape={{ rows: 1, height: 560 }}>
      {({ items }) => (
        <>
          <Text size="sm" c="dimmed">
            {items.length === 0 && "No calls in this week. “Book a call” sends a guest their link. "}
            Times in {formatWeekZone(monday)}.
          </Text>
          <Days monday={monday} found={items} />
        </>
      )}
    </Asked>
  );
}

function Days({ monday, found }: { monday: Date; found: readonly CallDay[] }) {
  const days = Array.from({ length: 7 }, (_, n) => plusDays(monday, n)).map((day) => ({
    day,
    clusters: clustersOf(found.find((one) => one.day === dayName(day))?.calls ?? []),
  }));
  const [first, last] = hoursOf(days.flatMap(({ clusters }) => clusters.flat()));
  const hours = Array.from({ length: last - first }, (_, n) => first + n);
  return (
    <div className={classes.week} style={numbers({ first, hours: hours.length })} data-testid="week-grid">
      <div className={classes.hours} aria-hidden>
        {hours.map((hour) => (
          <span key={hour}>{formatHour(hour)}</span>
        ))}
      </div>
      {days.map(({ day, clusters }) => (
        <Day key={dayName(day)} day={day} clusters={clusters} hours={[first, last]} />
      ))}
    </div>
  );
}

interface DayProps {
  day: Date;
  clusters: readonly Place[][];
  hours: [number, number];
}

function Day({ day, clusters, hours: [first, last] }: DayProps) {
  const now = new Date(useNow(MINUTE_MS));
  const isToday = dayName(now) === dayName(day);
  const heading = `day-${dayName(day)}`;
  const minute = minuteOf(now);
  return (
    <section
      className={classes.day}
      aria-labelledby={heading}
      data-today={isToday || undefined}
      data-empty={clusters.length === 0 || undefined}
    >
      <Title order={3} size="sm" fw={isToday ? 700 : 500} id={heading} className={classes.name ?? ""}>
        {formatShortDay(dayName(day))}
        {isToday && <span className={classes.today}>Today</span>}
      </Title>
      <div className={classes.track}>
        {isToday && minute >= first * 60 && minute < last * 60 && (
          <div className={classes.now} style={numbers({ from: minute })} data-testid="now-line" aria-hidden />
        )}
        {clusters.length > 0 && (
          <ol className={classes.calls}>
            {clusters.map((cluster) => (
              <Cluster key={cluster[0]?.call.call_id} cluster={cluster} />
            ))}
          </ol>
        )}
        {clusters.length === 0 && isToday && <p className={classes.free}>Nothing is booked for today.</p>}
      </div>
    </section>
  );
}

function Cluster({ cluster }: { cluster: readonly Place[] }) {
  const crowd = crowdOf(cluster);
  return (
    <>
      {cluster.map((place) => (
        <Block key={place.call.call_id} place={place} />
      ))}
      {crowd && (
        <li
          className={classes.place}
          style={numbers({ from: crowd.from, to: crowd.to, lane: 1, lanes: 2 })}
          data-crowd
        >
          <Link
            to="/calls"
            search={({ view: _, ...old }) => old}
            resetScroll={false}
            className={classes.call}
          >
            {crowd.count} more, in the list
          </Link>
        </li>
      )}
    </>
  );
}

function Block({ place: { call, from, to, lane, lanes, isCrowdedOut } }: { place: Place }) {
  const word = call.status === "scheduled" ? null : CALL_STATUS[call.status].word;
  const time = formatTime(call.starts_at);
  const who = people(call);
  return (
    <li
      className={classes.place}
      style={numbers({ from, to, lane, lanes })}
      data-crowded-out={isCrowdedOut || undefined}
    >
      <Link
        to="/calls/$callId"
        params={{ callId: call.call_id }}
        className={classes.call}
        data-status={call.status}
        data-testid="week-call"
        title={`${time}, ${formatMinutes(call.duration_minutes)}: ${call.title}. ${who}`}
      >
        <span className={classes.time}>
          {time}
          {word && `, ${word}`}
        </span>{" "}
        <span className={classes.title}>{call.title}</span> <span className={classes.who}>{who}</span>
      </Link>
    </li>
  );
}

/** For the style sheet, which draws with them: `first` and `hours`, and of a call `from`, `to`, `lane`, `lanes`. */
function numbers(values: Record<string, number>): CSSProperties {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`--${name}`, value]));
}
