import { Anchor, Button, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { asProblem } from "../../api/problem";
import { GoTo } from "../../app/GoTo";
import { demoQuery, safeNext, useMe } from "../../app/session";
import { PaperPage } from "../../ui/PaperPage";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { useDemoSignIn } from "./DemoSignIn";

export function SignInPage() {
  const next = safeNext(useSearch({ from: "/" }).next);
  const me = useMe();
  const signedOut = me.error !== null && asProblem(me.error).status === 401;
  if (me.data) return <GoTo href={next} />;
  return (
    <PaperPage title="Sign in to Parley" above={<img src="/favicon.svg" alt="" width={40} height={40} />}>
      {me.isPending && <Skeleton height={96} />}
      {signedOut && <WaysIn next={next} />}
      {me.error && !signedOut && (
        <ProblemNotice
          problem={asProblem(me.error)}
          onRetry={() => void me.refetch()}
          retrying={me.isFetching}
        />
      )}
    </PaperPage>
  );
}

function WaysIn({ next }: { next: string }) {
  const demo = useQuery(demoQuery);
  const signIn = useDemoSignIn();
  if (demo.isPending) return <Skeleton height={96} />;
  const problem = demo.error && asProblem(demo.error);
  if (problem?.status === 404) {
    return <Text>Signing in is not set up on this server yet. Whoever runs it can tell you when it is.</Text>;
  }
  if (problem) return <ProblemNotice problem={problem} onRetry={() => void demo.refetch()} />;
  return (
    <Stack gap="sm">
      <Text>This is a demo on your own machine. Nobody outside it can see what you do here.</Text>
      <Button
        size="md"
        onClick={() => signIn.mutate({ as: "manager", next })}
        loading={signIn.isPending && signIn.variables.as === "manager"}
      >
        Continue as the demo manager
      </Button>
      <Button
        size="md"
        variant="default"
        onClick={() => signIn.mutate({ as: "rep", next })}
        loading={signIn.isPending && signIn.variables.as === "rep"}
      >
        Continue as the demo rep
      </Button>
      {signIn.error && <ProblemNotice problem={asProblem(signIn.error)} />}
      {demo.data && (
        <Text size="sm" c="dimmed">
          Or be the guest:{" "}
          <Anchor href={demo.data.join_link} inherit underline="always">
            join “{demo.data.call.title}”
          </Anchor>
        </Text>
      )}
    </Stack>
  );
}
