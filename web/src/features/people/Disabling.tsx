import { Button, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "../../api/problem";
import { Confirm } from "../../ui/Confirm";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { peopleApi } from "./people-api";
import { askAgain } from "./people-queries";
import { disablingWords } from "./people-words";
import type { User } from "./types";

/** Takes a person out of everything after saying so, and lets them in again. */
export function Disabling({ user, isMe }: { user: User; isMe: boolean }) {
  if (isMe) {
    return (
      <Text size="sm" c="dimmed">
        You cannot disable yourself. Another admin can.
      </Text>
    );
  }
  return user.status === "disabled" ? <Enable user={user} /> : <Disable user={user} />;
}

function Disable({ user }: { user: User }) {
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  return (
    <div>
      <Button variant="default" onClick={() => setAsking(true)}>
        Disable {user.name}
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Disable ${user.name}?`}
        keep="Keep them in"
        go="Disable"
        onGo={async () => {
          await peopleApi.disable(user.user_id);
          await askAgain(queries);
        }}
      >
        {disablingWords(user).map((sentence) => (
          <Text key={sentence} size="sm" mb="xs">
            {sentence}
          </Text>
        ))}
      </Confirm>
    </div>
  );
}

function Enable({ user }: { user: User }) {
  const queries = useQueryClient();
  const enabling = useMutation({
    mutationFn: () => peopleApi.enable(user.user_id),
    onSuccess: () => askAgain(queries),
  });
  return (
    <div>
      <Text size="sm" mb="xs">
        They can sign in again, with the same role and teams.
      </Text>
      {enabling.error && <ProblemNotice problem={asProblem(enabling.error)} />}
      <Button variant="default" onClick={() => enabling.mutate()} loading={enabling.isPending}>
        Enable {user.name}
      </Button>
    </div>
  );
}
