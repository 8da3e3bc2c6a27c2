import { Text } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import type { Moment } from "../../api/types";
import { Asked } from "../../ui/Asked";
import { When } from "../../ui/When";
import classes from "./call.module.css";
import { callApi } from "./call-api";
import { momentWords } from "./notice-words";

const LOOK_AGAIN_MS = 10_000;

export const timelineQuery = (callId: string, inviteeId: string) =>
  queryOptions({
    queryKey: ["calls", callId, "timelines", inviteeId],
    queryFn: () => callApi.timeline(callId, inviteeId),
    refetchInterval: LOOK_AGAIN_MS,
  });

/** A reminder of a time that was given up tells nothing. */
const isTold = ({ what, kind }: Moment) => !(what === "mail_superseded" && kind === "reminder");

/** What happened between us and one guest, from the first mail to the room. */
export function Timeline({ callId, inviteeId, id }: { callId: string; inviteeId: string; id: string }) {
  const timeline = useQuery(timelineQuery(callId, inviteeId));
  return (
    <div id={id} className={classes.timeline} data-testid="timeline">
      <Asked query={timeline} loading="Loading what happened" shape={{ rows: 2, height: 24 }}>
        {({ items }) =>
          items.filter(isTold).length === 0 ? (
            <Text size="sm" c="dimmed">
              Nothing has happened yet.
            </Text>
          ) : (
            <ol className={classes.moments}>
              {items.filter(isTold).map((moment, n) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: moments have no name, and only come behind each other
                <Line key={n} moment={moment} />
              ))}
            </ol>
          )
        }
      </Asked>
    </div>
  );
}

function Line({ moment }: { moment: Moment }) {
  const { word, more } = momentWords(moment);
  return (
    <li data-what={moment.what}>
      <Text size="sm" component="span" className={classes.momentAt ?? ""} c="dimmed">
        {moment.at && <When iso={moment.at} />}
      </Text>
      <Text size="sm" component="span">
        {word}
        {more && (
          <Text size="sm" c="dimmed" span>
            {" · "}
            {more}
          </Text>
        )}
      </Text>
    </li>
  );
}
