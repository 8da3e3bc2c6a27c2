import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { asProblem } from "../../api/problem";
import type { Call } from "../../api/types";
import { SignedIn } from "../../app/SignedIn";
import { callQuery } from "../../app/session";
import { Rep } from "../../room/rep";
import { PaperPage } from "../../ui/PaperPage";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { Lobby } from "./Lobby";
import { BackToCalls, RepPrejoin } from "./RepPrejoin";
import { RepRoom } from "./RepRoom";

export function RepRoomPage() {
  const { callId } = useParams({ from: "/calls/$callId/room" });
  return <SignedIn>{() => <CallRoomPage key={callId} callId={callId} />}</SignedIn>;
}

function CallRoomPage({ callId }: { callId: string }) {
  const call = useQuery(callQuery(callId));
  if (call.data) return <Stay call={call.data} onLookAgain={() => void call.refetch()} />;
  if (call.isPending) {
    return (
      <PaperPage hiddenTitle="Loading the call">
        <Skeleton height={16} width="40%" />
        <Skeleton height={30} width="80%" />
        <Skeleton height={50} />
      </PaperPage>
    );
  }
  return (
    <PaperPage title="This call cannot be shown">
      <ProblemNotice
        problem={asProblem(call.error)}
        onRetry={() => void call.refetch()}
        retrying={call.isFetching}
      />
      <BackToCalls />
    </PaperPage>
  );
}

function Stay({ call, onLookAgain }: { call: Call; onLookAgain: () => void }) {
  const rep = useMemo(() => new Rep(call.call_id), [call.call_id]);
  useEffect(() => () => rep.dispose(), [rep]);
  const { stage, room, place } = useSyncExternalStore(rep.subscribe, rep.get);
  if (place !== null) {
    return <Lobby title={call.title} place={place} onGiveUp={() => rep.giveUpWaiting()} />;
  }
  if (room !== null && stage !== "outside") {
    return <RepRoom rep={rep} room={room} call={call} onLookAgain={onLookAgain} />;
  }
  return <RepPrejoin rep={rep} call={call} />;
}
