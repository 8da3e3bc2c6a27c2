import { Anchor, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Asked } from "../../ui/Asked";
import { When } from "../../ui/When";
import { momentWords } from "./history-words";
import classes from "./leads.module.css";
import { type LeadMoment, leadsApi } from "./leads-api";

/** How the lead came and what happened since, the newest first. */
export function History({ leadId }: { leadId: string }) {
  const history = useQuery({
    queryKey: ["leads", leadId, "history"],
    queryFn: () => leadsApi.history(leadId),
  });
  return (
    <Asked query={history} loading="Loading the history" shape={{ rows: 3, height: 36 }}>
      {({ items }) => (
        <ol className={classes.history}>
          {items.map((moment) => (
            <li key={`${moment.what} ${moment.at} ${moment.call_id}`} data-testid="lead-moment">
              <Text size="sm">
                {momentWords(moment)} <Title moment={moment} />
              </Text>
              <Text size="xs" c="dimmed">
                <When iso={moment.at} />
                {moment.by_name && `, ${moment.by_name}`}
              </Text>
            </li>
          ))}
        </ol>
      )}
    </Asked>
  );
}

function Title({ moment: { call_id, title } }: { moment: LeadMoment }) {
  if (call_id === null || title === null) return null;
  return (
    <Anchor
      size="sm"
      c="inherit"
      underline="always"
      renderRoot={(props) => <Link {...props} to="/calls/$callId" params={{ callId: call_id }} />}
    >
      {title}
    </Anchor>
  );
}
