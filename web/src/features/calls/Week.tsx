import { ActionIcon, Button, Group, SegmentedControl, Text, Title } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { callListQuery } from "../../api/queries";
import type { Call } from "../../api/types";
import { Asked } from "../../ui/Asked";
import { byDay, dayName, formatDay, formatWeek, mondayOf, plusDays } from "../../ui/days";
import { More } from "../../ui/More";
import { Section } from "../../ui/Page";
import { CallRow } from "./CallRow";
import classes from "./calls.module.css";
import { WeekGrid } from "./WeekGrid";

export type WeekView = "list" | "grid";

/** One week, as a list by day or as a grid of its days. */
export function Week({ monday, view }: { monday: Date; view: WeekView }) {
  const isThisWeek = dayName(monday) === dayName(mondayOf(new Date()));
  const aside = (
    <Group gap="xs">
      <ViewSwitch view={view} />
      <Turn monday={monday} isThisWeek={isThisWeek} />
    </Group>
  );
  return (
    <Section title={formatWeek(monday)} id="week" aside={aside}>
      {view === "grid" ? <WeekGrid monday={monday} /> : <WeekList monday={monday} isThisWeek={isThisWeek} />}
    </Section>
  );
}

/** Today and what is live have their own place above, so this week leaves them out. */
function WeekList({ monday, isThisWeek }: { monday: Date; isThisWeek: boolean }) {
  const calls = useInfiniteQuery({
    ...callListQuery({
      starts_from: monday.toISOString(),
      starts_before: plusDays(monday, 7).toISOString(),
      order: "earliest",
    }),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <Asked query={calls} loading="Loading the week" shape={{ rows: 3, height: 76 }}>
        {(data) => {
          const today = dayName(new Date());
          const above = (call: Call) => isThisWeek && call.status === "live";
          const items = data.pages.flatMap((page) => page.items).filter((call) => !above(call));
          const days = byDay(items).filter(([day]) => day !== today);
          if (days.length === 0) {
            return (
              <Text size="sm" c="dimmed">
                {isThisWeek ? "No other calls this week." : "No calls in this week."}
              </Text>
            );
          }
          return days.map(([day, items]) => (
            <div key={day} className={classes.day}>
              <Title order={3} size="h6" c="dimmed">
                {formatDay(day)}
              </Title>
              <ul className={classes.list}>
                {items.map((call) => (
                  <CallRow key={call.call_id} call={call} underDay />
                ))}
              </ul>
            </div>
          ));
        }}
      </Asked>
      <More query={calls} />
    </>
  );
}

function ViewSwitch({ view }: { view: WeekView }) {
  const navigate = useNavigate({ from: "/calls" });
  const show = (chosen: string) =>
    void navigate({
      search: ({ view: _, ...old }) => (chosen === "grid" ? { ...old, view: chosen } : old),
      replace: true,
      resetScroll: false,
    });
  return (
    <SegmentedControl
      size="xs"
      aria-label="How to show the week"
      data={[
        { value: "list", label: "List" },
        { value: "grid", label: "Days" },
      ]}
      value={view}
      onChange={show}
    />
  );
}

type Shown = { week?: string; search?: string; view?: string };

function Turn({ monday, isThisWeek }: { monday: Date; isThisWeek: boolean }) {
  const to = (days: number) => (old: Shown) => ({ ...old, week: dayName(plusDays(monday, days)) });
  const toNow = ({ week: _, ...old }: Shown) => old;
  const icon = { size: 18, "aria-hidden": true } as const;
  return (
    <Group gap={4}>
      <ActionIcon
        variant="default"
        aria-label="Previous week"
        renderRoot={(props) => <Link {...props} to="/calls" search={to(-7)} resetScroll={false} />}
      >
        <IconChevronLeft {...icon} />
      </ActionIcon>
      {!isThisWeek && (
        <Button
          variant="default"
          size="compact-sm"
          renderRoot={(props) => <Link {...props} to="/calls" search={toNow} resetScroll={false} />}
        >
          This week
        </Button>
      )}
      <ActionIcon
        variant="default"
        aria-label="Next week"
        renderRoot={(props) => <Link {...props} to="/calls" search={to(7)} resetScroll={false} />}
      >
        <IconChevronRight {...icon} />
      </ActionIcon>
    </Group>
  );
}
