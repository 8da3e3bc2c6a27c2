import { Button, Chip, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "../../api/problem";
import { byDay, formatDay, formatTime } from "../../ui/days";
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
          This call cannot be moved from here: others come too, or it begins soon. Ask {view.owner_name} for
          another time.
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

interface TimesProps {
  view: ManagementView;
  chosen: string | null;
  onChoose: (start: string) => void;
  children: React.ReactNode;
}

function Times({ view, chosen, onChoose, children }: TimesProps) {
  const first = view.free[0] ?? view.starts_at;
  const isElsewhere = chosen !== null && !sameClock(new Date(chosen), view.time_zone, myZone());
  return (
    <>
      <Text size="sm" c="dimmed">
        {view.owner_name} is free at these times, in {formatZone(first)}.
      </Text>
      <Chip.Group value={chosen} onChange={(start) => onChoose(start as string)}>
        <ul className={classes.days}>
          {byDay(view.free.map((starts_at) => ({ starts_at }))).map(([day, starts]) => (
            <li key={day}>
              <fieldset className={classes.day}>
                <legend className={classes.dayName}>{formatDay(day)}</legend>
                {starts.map(({ starts_at }) => (
                  <Chip
                    key={starts_at}
                    value={starts_at}
                    size="md"
                    radius="md"
                    variant="outline"
                    wrapperProps={{ "data-testid": "free-time" }}
                  >
                    {formatTime(starts_at)}
                  </Chip>
                ))}
              </fieldset>
            </li>
          ))}
        </ul>
      </Chip.Group>
      {isElsewhere && (
        <Text size="sm" c="dimmed">
          That is {formatIn(chosen, view.time_zone)}, {view.time_zone.replaceAll("_", " ")}.
        </Text>
      )}
      <div>{children}</div>
    </>
  );
}
