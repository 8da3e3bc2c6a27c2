import { useLocation, useSearch } from "@tanstack/react-router";
import { useRef } from "react";
import { asProblem } from "../../api/problem";
import { GoTo } from "../../app/GoTo";
import { safeNext, useMe } from "../../app/session";
import { PaperPage } from "../../ui/PaperPage";
import { Notice, ProblemNotice } from "../../ui/ProblemNotice";
import { LinkPage } from "./LinkPage";
import { refusalOf } from "./sign-in-words";
import { Waiting, WaysIn } from "./WaysIn";

/** Where one signs in: by a link from a mail, whose secret stands behind the `#`, or by the ways that there are. */
export function SignInPage() {
  const here = useLocation({ select: ({ pathname, hash }) => (pathname === "/sign-in" ? hash : null) });
  // On the way to the next page, which may still be loading, the address is that page's already.
  const link = useRef(here ?? "");
  if (here !== null) link.current = here;
  return link.current === "" ? <WaysPage /> : <LinkPage key={link.current} link={link.current} />;
}

function WaysPage() {
  const search = useSearch({ from: "/sign-in" });
  const next = safeNext(search.next);
  const refusal = refusalOf(search.problem);
  const me = useMe();
  if (me.data) return <GoTo href={next} />;
  const problem = me.error && asProblem(me.error);
  return (
    <PaperPage title="Sign in to Parley" above={<img src="/favicon.svg" alt="" width={40} height={40} />}>
      {refusal && <Notice title={refusal.title}>{refusal.detail}</Notice>}
      {problem && problem.status !== 401 && (
        <ProblemNotice problem={problem} onRetry={() => void me.refetch()} retrying={me.isFetching} />
      )}
      {me.isPending && <Waiting />}
      {problem?.status === 401 && <WaysIn next={next} />}
    </PaperPage>
  );
}
