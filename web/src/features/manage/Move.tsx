import { Button, Chip, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "../../api/problem";
import { byDay, formatDay, formatShortDay, formatTime } from "../../ui/days";
import { Notice, ProblemNotice } from "../../ui/ProblemNotice";
import { formatWhen, formatZone } from "../../ui/time";
import { formatIn, myZone, sameClock } from "../../ui/zones";
import classes from "./manage.module.css";
import { type ManagementView, manageApi } from "./manage-api";

interface Props {
  link: string;
  view: ManagementView;
  onChanged: () => Promise<unknown>;
}

/** Another time, of those at which the host is free. */
export function Move({ link, view, onChanged }: Props) {
  const [chosen, setChosen] = useState<string | null>(null);
  const moving = useMutation({
    mutationFn: (starts_at: string) => manageApi.move(link, starts_at, view.revision),
    // What was free or which revision it is has changed, when it failed too.
    onSettled: async () => {
      setChosen(null);
      await onChanged();
    },
  });
  return (
    <>
      <Title order={2} size="h4" id="manage-move-title">
        Another time
      </Title>
      {moving.isSuccess && (
        <Notice title={`The call is now ${formatWhen(moving.data.starts_at)}`} good>
          Your link stays the same. {view.owner_name} is told, and your calendar gets the new time by mail.
        </Notice>
      )}
      {moving.error && <ProblemNotice problem={asProblem(moving.error)} />}
      {!view.may_move && (
        <Text size="sm">
          {isSoon(view) ? "It begins within the hour" : "Others come too"}, so it cannot be moved from here.
          Ask {view.owner_name} for another time.
        </Text>
      )}
      {view.may_move && view.free.length === 0 && (
        <Text size="sm">
          {view.owner_name} has no free time in the next two weeks. Write to them, and you will find one.
        </Text>
      )}
      {view.may_move && view.free.length > 0 && (
        <Times view={view} chosen={chosen} onChoose={setChosen}>
          <Button
            onClick={() => chosen !== null && moving.mutate(chosen)}
            disabled={chosen === null}
            loading={moving.isPending}
            data-testid="move-button"
          >
            {chosen === null ? "Choose a time" : `Move to ${formatWhen(chosen)}`}
          </Button>
        </Times>
      )}
    </>
  );
}

// Source: domain/free_times.py, LEAST_NOTICE.
const LEAST_NOTICE_MS = 3_600_000;

const isSoon = ({ starts_at, now }: ManagementView) =>
  Date.parse(starts_at) - Date.parse(now) <= LEAST_NOTICE_MS;

interface TimesProps {
  view: ManagementView;
  chosen: string | null;
  onChoose: (start: string | null) => void;
  children: React.ReactNode;
}

/** The day first, then its times: so it fits on a phone, and the button stays in sight. */
function Times({ view, chosen, onChoose, children }: TimesProps) {
  const [wanted, setWanted] = useState<string | null>(null);
  const days = byDay(view.free.map((starts_at) => ({ starts_at })));
  const [day, starts] = days.find(([name]) => name === wanted) ?? days[0] ?? ["", []];
  const isElsewhere = chosen !== null && !sameClock(new Date(chosen), view.time_zone, myZone());
  return (
    <>
      <Text size="sm" c="dimmed">
        {view.owner_name} is free at these times, in {formatZone(view.free[0] ?? view.starts_at)}.
      </Text>
      <Choice
        name="Day"
        testId="free-day"
        options={days.map(([name]) => ({ value: name, label: formatShortDay(name) }))}
        value={day}
        onChange={(name) => {
          setWanted(name);
          onChoose(null);
        }}
      />
      <Choice
        name={formatDay(day)}
        testId="free-time"
        options={starts.map(({ starts_at }) => ({ value: starts_at, label: formatTime(starts_at) }))}
        value={chosen}
        onChange={onChoose}
      />
      {isElsewhere && (
        <Text size="sm" c="dimmed">
          That is {formatIn(chosen, view.time_zone)}, {view.time_zone.replaceAll("_", " ")}.
        </Text>
      )}
      <div>{children}</div>
    </>
  );
}

interface ChoiceProps {
  name: string;
  testId: string;
  options: readonly { value: string; label: string }[];
  value: string | null;
  onChange: (value: string) => void;
}

/** One of a few, large enough for a thumb. */
function Choice({ name, testId, options, value, onChange }: ChoiceProps) {
  return (
    <fieldset className={classes.choice}>
      <legend className={classes.choiceName}>{name}</legend>
      <Chip.Group value={value} onChange={(chosen) => onChange(chosen as string)}>
        <div className={classes.chips}>
          {options.map((one) => (
            <Chip
              key={one.value}
              value={one.value}
              size="md"
              radius="md"
              variant="filled"
              classNames={{ label: classes.chip ?? "", iconWrapper: classes.tick ?? "" }}
              wrapperProps={{ "data-testid": testId }}
            >
              {one.label}
            </Chip>
          ))}
        </div>
      </Chip.Group>
    </fieldset>
  );
}
