import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { api } from "../../api/client";
import { asProblem } from "../../api/problem";
import type { JoinView } from "../../api/types";
import { wayOf } from "../../room/consent";
import { Prospect } from "../../room/prospect";
import { PaperPage } from "../../ui/PaperPage";
import { Lobby } from "../room/Lobby";
import { ProspectRoom } from "../room/ProspectRoom";
import { EarlyPage, LinkProblem, OverPage } from "./ClosedPages";
import { InvitationHead } from "./InvitationHead";
import { JoinForm } from "./JoinForm";
import { asksOf } from "./join-words";
import { useLink } from "./link";

const LOOK_AGAIN_MS = 20_000;

export function JoinPage() {
  const link = useLink();
  if (link === null) return <LinkProblem problem={null} />;
  return <Invitation key={link} link={link} />;
}

interface Invited {
  join: JoinView;
  /** How far the server's clock is ahead of ours. */
  ahead_ms: number;
}

async function invitationOf(link: string): Promise<Invited> {
  const join = await api.join(link);
  return { join, ahead_ms: Date.parse(join.now) - Date.now() };
}

function Invitation({ link }: { link: string }) {
  const join = useQuery({
    // The link is a secret; this key never leaves the page's memory.
    queryKey: ["join", link],
    queryFn: () => invitationOf(link),
    refetchInterval: ({ state }) => (state.data?.join.why_not === "early" ? LOOK_AGAIN_MS : false),
    refetchOnWindowFocus: ({ state }) => state.data?.join.may_join === false,
  });
  if (join.isPending) return <Loading />;
  if (!join.data) {
    return (
      <LinkProblem
        problem={asProblem(join.error)}
        onRetry={() => void join.refetch()}
        retrying={join.isFetching}
      />
    );
  }
  const again = () => void join.refetch();
  return <Visit link={link} {...join.data} onLookAgain={again} />;
}

interface VisitProps extends Invited {
  link: string;
  onLookAgain: () => void;
}

/** One visit: the form until inside, then the room. What was open stays open while the invitation is read again. */
function Visit({ link, join, ahead_ms, onLookAgain }: VisitProps) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the consent given before only preselects, once.
  const prospect = useMemo(
    () => new Prospect(link, wayOf(join.consent, asksOf(join), join.prefers_text)),
    [link],
  );
  useEffect(() => () => prospect.dispose(), [prospect]);
  const { stage, room, place } = useSyncExternalStore(prospect.subscribe, prospect.get);
  if (place !== null) {
    return (
      <Lobby
        title={join.title}
        above={<InvitationHead join={join} />}
        place={place}
        onGiveUp={() => void prospect.giveUpWaiting()}
      />
    );
  }
  if (room !== null && stage !== "outside") {
    return <ProspectRoom prospect={prospect} room={room} join={join} onLookAgain={onLookAgain} />;
  }
  if (join.why_not === "early") {
    return <EarlyPage link={link} join={join} prospect={prospect} ahead_ms={ahead_ms} onOpen={onLookAgain} />;
  }
  if (!join.may_join) return <OverPage join={join} />;
  return <JoinForm prospect={prospect} join={join} onLookAgain={onLookAgain} />;
}

function Loading() {
  return (
    <PaperPage hiddenTitle="Loading your invitation">
      <div role="status" aria-label="Loading your invitation">
        <Skeleton height={16} width="50%" mb={12} />
        <Skeleton height={30} width="85%" mb={24} />
        <Skeleton height={64} mb={16} />
        <Skeleton height={64} mb={16} />
        <Skeleton height={210} mb={16} />
        <Skeleton height={50} />
      </div>
    </PaperPage>
  );
}
