import { Button, Text } from "@mantine/core";
import { IconAlertCircle, IconCircleCheck } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { api } from "../../api/client";
import { asProblem } from "../../api/problem";
import forms from "../../ui/Form.module.css";
import { ProblemNotice } from "../../ui/ProblemNotice";

/** One real request to what is saved, with its result and time. */
export function ProviderTest({
  part,
  unsaved,
}: {
  part: "speech_to_text" | "language_model";
  unsaved: boolean;
}) {
  const test = useMutation({ mutationFn: () => api.testProvider(part) });
  const { data } = test;
  return (
    <>
      <div className={forms.bar}>
        <Button
          variant="default"
          size="sm"
          onClick={() => test.mutate()}
          loading={test.isPending}
          disabled={unsaved}
          data-testid={`test-${part}`}
        >
          Test
        </Button>
        <Text size="sm" c="dimmed" role="status" className={forms.said}>
          {unsaved && "Save first: the test takes what is saved."}
          {!unsaved && test.isPending && "One short request is under way."}
          {!unsaved && data && (
            <>
              {data.ok ? (
                <IconCircleCheck size={16} aria-hidden />
              ) : (
                <IconAlertCircle size={16} aria-hidden />
              )}
              {data.ok
                ? ` It works, in ${data.took_ms} ms. `
                : ` It does not work, after ${data.took_ms} ms. `}
              {data.detail}
            </>
          )}
        </Text>
      </div>
      {test.error && <ProblemNotice problem={asProblem(test.error)} />}
    </>
  );
}
