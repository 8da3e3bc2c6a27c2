import { Button, Divider, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api } from "../../api/client";
import { asProblem } from "../../api/problem";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { DemoWay } from "./DemoWay";
import { LinkForm } from "./LinkForm";
import { waysQuery } from "./sign-in-queries";

/** The ways in that this installation has. `next` is where it goes from there. */
export function WaysIn({ next }: { next: string }) {
  const ways = useQuery(waysQuery);
  if (ways.isPending) return <Waiting />;
  if (ways.error) {
    return (
      <ProblemNotice
        problem={asProblem(ways.error)}
        onRetry={() => void ways.refetch()}
        retrying={ways.isFetching}
      />
    );
  }
  const { google, email_link, demo } = ways.data;
  if (!google && !email_link && !demo) {
    return <Text>Signing in is not set up on this server yet. Whoever runs it can tell you when it is.</Text>;
  }
  return (
    <>
      {demo && <DemoWay next={next} />}
      {demo && (google || email_link) && <Divider label="or as yourself" />}
      {google && (
        <Button component="a" href={api.googleUrl(next)} variant="default" size="md">
          Sign in with Google
        </Button>
      )}
      {google && email_link && <Divider label="or" />}
      {email_link && <LinkForm next={next} isLocal={demo} isFirst={!demo} />}
    </>
  );
}

export function Waiting() {
  return (
    <Stack gap="sm" role="status" aria-label="Loading">
      <Skeleton height={42} />
      <Skeleton height={42} />
    </Stack>
  );
}
