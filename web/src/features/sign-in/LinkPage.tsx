import { Anchor, Button, Skeleton, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api } from "../../api/client";
import type { LinkView } from "../../api/identity";
import { asProblem, isProblem, type Problem } from "../../api/problem";
import { safeNext, useEntering, useMe } from "../../app/session";
import { PaperPage } from "../../ui/PaperPage";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { LinkForm } from "./LinkForm";
import { NewProfile, type Profile } from "./NewProfile";
import { linkQuery, waysQuery } from "./sign-in-queries";

const UNKNOWN = "/problems/link-unknown";

/** A link from a mail. Looking at it changes nothing, so that a mail scanner that opens it leaves it good. */
export function LinkPage({ link }: { link: string }) {
  const enter = useEntering();
  const use = useMutation({
    mutationFn: ({ name, time_zone }: Profile & Pick<LinkView, "next">) =>
      api.signInByLink({ link, name, time_zone }),
    onSuccess: (me, { next }) => enter(me, safeNext(next)),
  });
  const view = useQuery({ ...linkQuery(link), enabled: !use.isPending && !use.isSuccess });
  if (isProblem(view.error, UNKNOWN) || isProblem(use.error, UNKNOWN)) return <DeadLink />;
  if (view.data) {
    const { next } = view.data;
    return (
      <Opened
        view={view.data}
        problem={use.error && asProblem(use.error)}
        entering={use.isPending}
        onEnter={(profile) => use.mutate({ ...profile, next })}
      />
    );
  }
  if (view.error) {
    return (
      <PaperPage title="Your link cannot be read yet">
        <ProblemNotice
          problem={asProblem(view.error)}
          onRetry={() => void view.refetch()}
          retrying={view.isFetching}
        >
          <Text size="sm">The link stays as it was.</Text>
        </ProblemNotice>
      </PaperPage>
    );
  }
  return (
    <PaperPage hiddenTitle="Reading your link">
      <Skeleton height={30} width="70%" />
      <Skeleton height={48} />
      <Skeleton height={42} />
    </PaperPage>
  );
}

interface OpenedProps {
  view: LinkView;
  problem: Problem | null;
  entering: boolean;
  onEnter: (profile: Profile) => void;
}

function Opened({ view, problem, entering, onEnter }: OpenedProps) {
  const isInvitation = view.purpose === "invitation";
  return (
    <PaperPage
      title={isInvitation ? `${view.organization_name} invites you to Parley` : "Sign in to Parley"}
      above={<img src="/favicon.svg" alt="" width={40} height={40} />}
    >
      <Text>
        {isInvitation ? "You will sign in with " : "You sign in as "}
        {!isInvitation && <strong>{view.name}, </strong>}
        <strong>{view.email}</strong>
        {isInvitation ? "." : `, at ${view.organization_name}.`}
      </Text>
      <Instead view={view} />
      {problem && <ProblemNotice problem={problem} />}
      {view.needs_profile ? (
        <NewProfile name={view.name} entering={entering} onEnter={onEnter} />
      ) : (
        <Button size="md" loading={entering} onClick={() => onEnter({ name: null, time_zone: null })}>
          Sign in
        </Button>
      )}
      <Text size="sm" c="dimmed">
        The link works once. If this is not you, close the page: nothing has happened yet.
      </Text>
    </PaperPage>
  );
}

/** Somebody else is signed in here. */
function Instead({ view }: { view: LinkView }) {
  const me = useMe().data;
  if (me === undefined) return null;
  if (me.email === view.email && me.organization_name === view.organization_name) return null;
  return <Text>On this device {me.name} is signed in now; it will be you instead.</Text>;
}

function DeadLink() {
  const ways = useQuery(waysQuery).data;
  return (
    <PaperPage title="This link does not work any more">
      <Text>
        It has been used, is too old, or was cut off on its way.
        {ways?.email_link ? " Have a new one sent to you." : ""} If it was an invitation, whoever invited you
        can send it again.
      </Text>
      {ways?.email_link && <LinkForm next={safeNext(undefined)} isLocal={ways.demo} isFirst />}
      <Anchor component={Link} to="/sign-in" underline="always">
        See all ways to sign in
      </Anchor>
    </PaperPage>
  );
}
