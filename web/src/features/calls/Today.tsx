import { Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { callListQuery } from "../../api/queries";
import type { Call } from "../../api/types";
import { Asked } from "../../ui/Asked";
import { dayName, midnight, plusDays } from "../../ui/days";
import { More } from "../../ui/More";
import { Section } from "../../ui/Page";
import { useNow } from "../../ui/useNow";
import { CallRow } from "./CallRow";
import classes from "./calls.module.css";

const LOOK_AGAIN_MS = 15_000;

/** Live ones first, whenever they began; then today's in their order. */
export function inTodaysOrder(live: readonly Call[], today: readonly Call[]): Call[] {
  const found = new Map([...live, ...today].map((call) => [call.call_id, call]));
  const rank = (call: Call) => (call.status === "live" ? 0 : 1);
  return [...found.values()].sort(
    (a, b) => rank(a) - rank(b) || Date.parse(a.starts_at) - Date.parse(b.starts_at),
  );
}

export function Today() {
  const day = dayName(new Date(useNow(LOOK_AGAIN_MS)));
  const start = midnight(day) ?? new Date();
  const live = useInfiniteQuery({ ...callListQuery({ status: "live" }), refetchInterval: LOOK_AGAIN_MS });
  const today = useInfiniteQuery({
    ...callListQuery({
      starts_from: start.toISOString(),
      starts_before: plusDays(start, 1).toISOString(),
      order: "earliest",
    }),
    refetchInterval: LOOK_AGAIN_MS,
  });
  return (
    <Section title="Today">
      <Asked query={today} loading="Loading today's calls" shape={{ rows: 2, height: 76 }}>
        {(data) => {
          const running = live.data?.pages.flatMap((page) => page.items) ?? [];
          const calls = inTodaysOrder(
            running,
            data.pages.flatMap((page) => page.items),
          );
          if (calls.length === 0) {
            return (
              <Text size="sm" c="dimmed">
                Nothing is booked for today. “Book a call” sends a guest their link.
              </Text>
            );
          }
          // One that began yesterday names its day; then all do, so that the titles stand under each other.
          const underDay = calls.every((call) => dayName(new Date(call.starts_at)) === day);
          return (
            <ul className={classes.list}>
              {calls.map((call) => (
                <CallRow key={call.call_id} call={call} underDay={underDay} />
              ))}
            </ul>
          );
        }}
      </Asked>
      <More query={today} />
    </Section>
  );
}
