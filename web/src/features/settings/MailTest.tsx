import { Button, Text } from "@mantine/core";
import { IconAlertCircle, IconCircleCheck } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { api } from "../../api/client";
import { asProblem } from "../../api/problem";
import { ProblemNotice } from "../../ui/ProblemNotice";
import classes from "./settings.module.css";

/** A real mail to whoever asks. */
export function MailTest({ address, unsaved }: { address: string; unsaved: boolean }) {
  const test = useMutation({ mutationFn: api.testSmtp });
  const { data } = test;
  return (
    <>
      <div className={classes.bar}>
        <Button
          variant="default"
          size="sm"
          onClick={() => test.mutate()}
          loading={test.isPending}
          disabled={unsaved}
          data-testid="smtp-test"
        >
          Send me a test mail
        </Button>
        <Text size="sm" c="dimmed" role="status" className={classes.said}>
          {unsaved && "Save first: the test takes what is saved."}
          {!unsaved && test.isPending && "The mail is on its way."}
          {!unsaved && !test.isPending && !data && `It goes to ${address}.`}
          {!unsaved && data && (
            <>
              {data.ok ? (
                <IconCircleCheck size={16} aria-hidden />
              ) : (
                <IconAlertCircle size={16} aria-hidden />
              )}
              {data.ok ? " It works. " : " It could not be sent. "}
              {data.detail}
            </>
          )}
        </Text>
      </div>
      {test.error && <ProblemNotice problem={asProblem(test.error)} />}
    </>
  );
}
