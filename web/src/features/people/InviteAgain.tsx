import { Button, Text } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { asProblem } from "../../api/problem";
import forms from "../../ui/Form.module.css";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { peopleApi } from "./people-api";
import type { User } from "./types";

/** The invitation once more, with a new link. */
export function InviteAgain({ user }: { user: User }) {
  const sending = useMutation({ mutationFn: () => peopleApi.inviteAgain(user.user_id) });
  return (
    <>
      {sending.error && <ProblemNotice problem={asProblem(sending.error)} />}
      <div className={forms.bar}>
        <Button
          variant="default"
          onClick={() => sending.mutate()}
          loading={sending.isPending}
          disabled={sending.isSuccess}
        >
          Send the invitation again
        </Button>
        <Text size="sm" c="dimmed" role="status" className={forms.said ?? ""}>
          {sending.isSuccess ? (
            <>
              <IconCheck size={16} aria-hidden /> On its way to {user.email}.
            </>
          ) : (
            `A mail with a new link goes to ${user.email}.`
          )}
        </Text>
      </div>
    </>
  );
}
