import { Button, Group, Modal, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../api/client";
import { asProblem } from "../../api/problem";
import type { QuestionSet } from "../../api/types";
import { ProblemNotice } from "../../ui/ProblemNotice";

/** Takes a set out of what is offered, after saying what that means. */
export function Archive({ set }: { set: QuestionSet }) {
  const [isAsking, setAsking] = useState(false);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const archiving = useMutation({
    mutationFn: () => api.archiveQuestionSet(set.question_set_id),
    onSuccess: async () => {
      await navigate({ to: "/question-sets", ignoreBlocker: true });
      await queries.invalidateQueries({ queryKey: ["question-sets"] });
    },
  });
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        Archive
      </Button>
      <Modal opened={isAsking} onClose={() => setAsking(false)} title={`Archive “${set.title}”?`} centered>
        <Text size="sm">
          It is no longer offered for new calls and leaves this list. Calls that were booked with it keep it,
          with {set.questions.length === 1 ? "its question" : `all ${set.questions.length} questions`}.
        </Text>
        {archiving.error && <ProblemNotice problem={asProblem(archiving.error)} />}
        <Group mt="md" gap="xs" justify="flex-end">
          <Button variant="default" onClick={() => setAsking(false)} data-autofocus>
            Keep it
          </Button>
          <Button onClick={() => archiving.mutate()} loading={archiving.isPending}>
            Archive
          </Button>
        </Group>
      </Modal>
    </>
  );
}
