import { Anchor, Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { asProblem } from "../../api/problem";
import { demoQuery } from "../../app/session";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { useDemoSignIn } from "./DemoSignIn";
import { DEMO_PEOPLE } from "./sign-in-words";

/** On a local copy: one click, and one is somebody. */
export function DemoWay({ next }: { next: string }) {
  const demo = useQuery(demoQuery);
  const signIn = useDemoSignIn();
  return (
    <>
      <Text>This is a demo on your own machine. Nobody outside it can see what you do here.</Text>
      {DEMO_PEOPLE.map(({ as, name }, n) => (
        <Button
          key={as}
          size="md"
          variant={n === 0 ? "filled" : "default"}
          onClick={() => signIn.mutate({ as, next })}
          loading={signIn.isPending && signIn.variables.as === as}
        >
          Continue as {name}
        </Button>
      ))}
      {signIn.error && <ProblemNotice problem={asProblem(signIn.error)} />}
      {demo.data && (
        <Text size="sm" c="dimmed">
          Or be the guest:{" "}
          <Anchor href={demo.data.join_link} inherit underline="always">
            join “{demo.data.call.title}”
          </Anchor>
        </Text>
      )}
    </>
  );
}
