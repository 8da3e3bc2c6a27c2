import { Button, Text } from "@mantine/core";
import { IconAlertCircle, IconCircleCheck } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { asProblem } from "../../api/problem";
import type { MailServerTest } from "../../api/settings";
import forms from "../../ui/Form.module.css";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { mailApi } from "./mail-api";
import { mailServersQuery } from "./settings-queries";

interface Props {
  serverId: string;
  address: string;
  unsaved: boolean;
}

/** A real mail by this server to whoever asks. */
export function MailTest({ serverId, address, unsaved }: Props) {
  const queries = useQueryClient();
  const test = useMutation({
    // One that took too long is still under way: it is looked at again, not made again.
    mutationFn: (open: MailServerTest | undefined) =>
      open ? mailApi.testResult(serverId, open.test_id) : mailApi.test(serverId),
    // A server that lets us in again has no problem any more.
    onSuccess: () => queries.invalidateQueries(mailServersQuery),
  });
  const { data } = test;
  const open = data?.ok === null ? data : undefined;
  return (
    <>
      <div className={forms.bar}>
        <Button
          variant="default"
          size="sm"
          onClick={() => test.mutate(open)}
          loading={test.isPending}
          disabled={unsaved}
          data-testid="mail-test"
        >
          {open ? "Look again" : "Send me a test mail"}
        </Button>
        <Text size="sm" c="dimmed" role="status" className={forms.said}>
          {unsaved && "Save first: the test takes what is saved."}
          {!unsaved && test.isPending && "The mail is on its way."}
          {!unsaved && !test.isPending && !data && `It goes to ${address}.`}
          {!unsaved && !test.isPending && data && <Outcome test={data} />}
        </Text>
      </div>
      {test.error && <ProblemNotice problem={asProblem(test.error)} />}
    </>
  );
}

function Outcome({ test: { ok, detail } }: { test: MailServerTest }) {
  if (ok === null) return <>{detail}</>;
  return (
    <>
      {ok ? <IconCircleCheck size={16} aria-hidden /> : <IconAlertCircle size={16} aria-hidden />}
      {ok ? " It works. " : " It could not be sent. "}
      {detail}
    </>
  );
}
