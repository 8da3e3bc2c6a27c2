import { queryOptions, useQuery } from "@tanstack/react-query";
import type { Call } from "../../api/types";
import { Asked } from "../../ui/Asked";
import { Section } from "../../ui/Page";
import { callApi } from "./call-api";
import { Recipients } from "./Recipients";

const recipientsQuery = ({ call_id, revision, invitees }: Call) =>
  queryOptions({
    queryKey: ["calls", call_id, "recipients", revision, invitees.length],
    queryFn: () => callApi.recipients(call_id),
  });

/** All that is mailed about a call that goes its usual way. */
export function WhoIsWrittenTo({ call }: { call: Call }) {
  const recipients = useQuery(recipientsQuery(call));
  return (
    <Section title="Who is written to">
      <Asked query={recipients} loading="Loading who is written to" shape={{ rows: 2, height: 40 }}>
        {({ items }) => <Recipients recipients={items} />}
      </Asked>
    </Section>
  );
}
