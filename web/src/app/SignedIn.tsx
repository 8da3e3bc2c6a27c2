import { Skeleton } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import { asProblem } from "../api/problem";
import { keepRenewed } from "../api/session";
import type { Me } from "../api/types";
import { PaperPage } from "../ui/PaperPage";
import { ProblemNotice } from "../ui/ProblemNotice";
import { GoTo } from "./GoTo";
import { useMe } from "./session";

/** Shows its children to whom is signed in; sends the others to sign in and back. */
export function SignedIn({ children }: { children: (me: Me) => ReactNode }) {
  const me = useMe();
  const isIn = me.data !== undefined;
  const wasIn = useRef(false);
  if (isIn) wasIn.current = true;
  useEffect(() => (isIn ? keepRenewed() : undefined), [isIn]);
  if (me.data) return children(me.data);
  if (me.isPending) return <Waiting />;
  const problem = asProblem(me.error);
  if (problem.status === 401) return <GoTo href={signInFor(location, wasIn.current)} />;
  return (
    <PaperPage title="Parley">
      <ProblemNotice problem={problem} onRetry={() => void me.refetch()} retrying={me.isFetching} />
    </PaperPage>
  );
}

/** The sign-in page, with the way back; it says why to whoever was in already. */
function signInFor({ pathname, search }: Location, wasIn: boolean): string {
  const next = pathname + search;
  return `/sign-in?${new URLSearchParams(wasIn ? { next, problem: "signed-out" } : { next })}`;
}

function Waiting() {
  return (
    <PaperPage hiddenTitle="Loading">
      <Skeleton height={28} width="60%" />
      <Skeleton height={120} />
    </PaperPage>
  );
}
