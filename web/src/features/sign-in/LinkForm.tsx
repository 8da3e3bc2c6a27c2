import { Anchor, Button, Group, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../api/client";
import { fieldErrors, formProblem } from "../../api/fields";
import { Notice, ProblemNotice } from "../../ui/ProblemNotice";
import { useNow } from "../../ui/useNow";

const AGAIN_AFTER_MS = 30_000;

interface Props {
  /** Where the link goes once it is used. */
  next: string;
  /** A local copy keeps its mails to itself. */
  isLocal: boolean;
  /** Nothing above it on the page is to be done first. */
  isFirst: boolean;
}

/** Asks for a link by mail. The answer is the same whether the address is known or not. */
export function LinkForm({ next, isLocal, isFirst }: Props) {
  const [sent_at, setSentAt] = useState<number | null>(null);
  const form = useForm({
    initialValues: { email: "" },
    validate: { email: (email) => (/^[^@\s]+@[^@\s]+$/.test(email.trim()) ? null : "Write your address") },
  });
  const sending = useMutation({
    mutationFn: ({ email }: { email: string }) => api.sendSignInLink(email.trim(), next),
    onSuccess: () => setSentAt(Date.now()),
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  const problem = sending.error && <ProblemNotice problem={formProblem(sending.error)} />;
  if (sent_at !== null) {
    return (
      <Stack gap="sm">
        <Notice title="We have sent a link, if that address is known here" good>
          It goes to {form.values.email.trim()} and works for 15 minutes.
          {isLocal && <InMailbox />}
        </Notice>
        {problem}
        <Group gap="xs">
          <SendAgain
            key={sent_at}
            free_at={sent_at + AGAIN_AFTER_MS}
            sending={sending.isPending}
            onSend={() => sending.mutate(form.values)}
          />
          <Button variant="subtle" onClick={() => setSentAt(null)}>
            Use another address
          </Button>
        </Group>
      </Stack>
    );
  }
  return (
    <form noValidate onSubmit={form.onSubmit((values) => sending.mutate(values))}>
      <Stack gap="sm">
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="email"
          size="md"
          maxLength={254}
          {...form.getInputProps("email")}
        />
        {problem}
        <Button
          type="submit"
          size="md"
          variant={isFirst ? "filled" : "default"}
          loading={sending.isPending}
          fullWidth
        >
          Send me a link to sign in
        </Button>
      </Stack>
    </form>
  );
}

function InMailbox() {
  return (
    <>
      {" "}
      On this local copy mails are kept in{" "}
      <Anchor component={Link} to="/mailbox" inherit underline="always">
        the mailbox
      </Anchor>
      , which the demo people can open.
    </>
  );
}

function SendAgain({ free_at, sending, onSend }: { free_at: number; sending: boolean; onSend: () => void }) {
  const left_s = Math.ceil((free_at - useNow(1000)) / 1000);
  return (
    <Button variant="default" className="tabular" onClick={onSend} disabled={left_s > 0} loading={sending}>
      {left_s > 0 ? `Send again in ${left_s} s` : "Send again"}
    </Button>
  );
}
