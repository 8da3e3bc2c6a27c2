import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { asProblem } from "../../api/problem";
import type { QuestionSet } from "../../api/types";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { questionSetsApi } from "./question-sets-api";

/** Makes this set the one that is chosen first; nothing on a set that is. */
export function MakeDefault({ set }: { set: QuestionSet }) {
  const queries = useQueryClient();
  const making = useMutation({
    mutationFn: () => questionSetsApi.makeDefault(set.question_set_id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["question-sets"] }),
  });
  if (set.is_default) return null;
  return (
    <>
      <Button variant="default" onClick={() => making.mutate()} loading={making.isPending}>
        Make it the default
      </Button>
      {making.error && <ProblemNotice problem={asProblem(making.error)} />}
    </>
  );
}
