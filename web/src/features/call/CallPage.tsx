import { Anchor, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { asProblem } from "../../api/problem";
import type { Call } from "../../api/types";
import { callQuery } from "../../app/session";
import { Asked } from "../../ui/Asked";
import { Page, Section } from "../../ui/Page";
import { Notice } from "../../ui/ProblemNotice";
import { When } from "../../ui/When";
import { ToRoom } from "../calls/CallRow";
import { CallStatusBadge } from "../calls/CallStatusBadge";
import { isAhead, isOpen } from "../calls/call-words";
import { CancelCall } from "./CancelCall";
import { ChangeCall, type Done } from "./ChangeCall";
import { Show } from "./Claim";
import { CopyCall } from "./CopyCall";
import { Coverage } from "./Coverage";
import classes from "./call.module.css";
import { Facts } from "./Facts";
import { Invitations } from "./Invitations";
import { Nudges } from "./Nudges";
import { ReviewPanel } from "./ReviewPanel";
import { Transcript } from "./Transcript";
import type { Place } from "./transcript";
import { WhoIsWrittenTo } from "./WhoIsWrittenTo";

const LOOK_AGAIN_MS = 10_000;

/** One call: before it begins, while it goes on, and what came of it. */
export function CallPage() {
  const { callId } = useParams({ from: "/shell/calls/$callId" });
  const call = useQuery({
    ...callQuery(callId),
    refetchInterval: ({ state }) => (state.data && isOpen(state.data) ? LOOK_AGAIN_MS : false),
  });
  if (call.data) {
    const { title, status, lead } = call.data;
    const below = (
      <>
        <When iso={call.data.starts_at} />
        {lead && ` · ${lead.name}, ${lead.company}`}
      </>
    );
    return (
      <Page
        key={callId}
        title={title}
        above={<Back />}
        below={below}
        wide={status === "ended"}
        actions={
          <>
            <CallStatusBadge status={status} />
            {isOpen(call.data) && <ToRoom call={call.data} size="sm" />}
          </>
        }
      >
        {status === "ended" ? <After call={call.data} /> : <Before call={call.data} />}
      </Page>
    );
  }
  const isGone = call.error !== null && asProblem(call.error).status === 404;
  return (
    <Page title={isGone ? "This call is not here" : "The call"} above={<Back />} hidden={call.error === null}>
      <Asked query={call} loading="Loading the call" shape={{ rows: 4, height: 72 }}>
        {() => null}
      </Asked>
    </Page>
  );
}

function Back() {
  return (
    <Anchor component={Link} to="/calls" size="sm" underline="always">
      Calls
    </Anchor>
  );
}

function Before({ call }: { call: Call }) {
  const booked = useLocation({ select: (location) => location.state.booked === true });
  const [done, setDone] = useState<Done | null>(null);
  const isUp = isOpen(call);
  return (
    <>
      {isUp && done && (
        <Notice title={done.title} good>
          {done.words}
        </Notice>
      )}
      {isUp && !done && booked && <Booked call={call} />}
      {call.status === "live" && (
        <Notice title="The call is going on" good>
          {call.participants_present === 1
            ? "One person is in the room."
            : `${call.participants_present} people are in the room.`}
          {call.agent_dismissed && " The agent was asked to leave."}
        </Notice>
      )}
      {call.status === "cancelled" && (
        <Notice title="This call was cancelled">
          {call.cancelled_at && (
            <>
              <When iso={call.cancelled_at} />.{" "}
            </>
          )}
          Nobody can join it.
          {call.cancel_reason && (
            <>
              <br />
              Why: {call.cancel_reason}
            </>
          )}
        </Notice>
      )}
      {call.status === "no_show" && (
        <Notice title="Nobody came">
          None of the guests was there ten minutes after the start, so the room was closed. Copy the call to
          try again.
        </Notice>
      )}
      {isOpen(call) && call.agent_missing_at && (
        <Notice title="The agent cannot come">
          The people in the room were told. They can talk all the same.
        </Notice>
      )}
      <Actions call={call} onDone={setDone} />
      <Invitations call={call} />
      {isAhead(call) && <WhoIsWrittenTo call={call} />}
      <Facts call={call} />
      <Coverage call={call} />
    </>
  );
}

function Actions({ call, onDone }: { call: Call; onDone: (done: Done) => void }) {
  return (
    <Group gap="xs">
      {isAhead(call) && <ChangeCall call={call} onDone={onDone} />}
      <CopyCall call={call} />
      {isAhead(call) && <CancelCall call={call} />}
    </Group>
  );
}

function Booked({ call }: { call: Call }) {
  const names = call.invitees.filter((invitee) => invitee.email).map((invitee) => invitee.name);
  const mailed = new Intl.ListFormat("en").format(names);
  return (
    <Notice title="The call is booked" good>
      {call.switches.mail && names.length > 0
        ? `${mailed} ${names.length === 1 ? "gets" : "get"} an invitation by mail with a personal link.`
        : "Nothing is mailed. Copy the links below and pass them on."}
    </Notice>
  );
}

/** The review on the left, the words it rests on beside it. */
function After({ call }: { call: Call }) {
  const { at } = useSearch({ from: "/shell/calls/$callId" });
  const navigate = useNavigate({ from: "/calls/$callId" });
  const [place, setPlace] = useState<Place | null>(
    at ? { segment_id: at, quote: null, pressed: false } : null,
  );
  // The address follows, so that a link to these words can be shared.
  const show = useCallback(
    (to: Place) => {
      setPlace({ ...to });
      // The first jump can be gone back from; more of them would only pile up.
      void navigate({ search: { at: to.segment_id }, replace: at !== undefined, resetScroll: false });
    },
    [navigate, at],
  );
  return (
    <Show.Provider value={show}>
      <div className={classes.after}>
        <div className={classes.review}>
          <Anchor href="#transcript" size="sm" underline="always" className={classes.toWords ?? ""}>
            To the transcript
          </Anchor>
          <ReviewPanel call={call} />
          <Coverage call={call} />
          <Nudges call={call} />
          <Facts call={call} />
          <Invitations call={call} />
        </div>
        <div className={classes.words}>
          <Section title="Transcript" id="transcript">
            {call.switches.transcript ? (
              <Transcript callId={call.call_id} place={place} />
            ) : (
              <Text size="sm" c="dimmed">
                The transcript was switched off for this call.
              </Text>
            )}
          </Section>
        </div>
      </div>
    </Show.Provider>
  );
}
