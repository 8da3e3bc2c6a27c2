import { Button, Group, Text, Textarea, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "../../api/problem";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { type ManagementView, manageApi } from "./manage-api";

interface Props {
  link: string;
  view: ManagementView;
  /** They came by the mail's link for this. */
  isWanted: boolean;
  onOut: () => void;
}

/** Giving up: asked for twice, since it cannot be taken back. */
export function CannotCome({ link, view, isWanted, onOut }: Props) {
  const [isAsking, setAsking] = useState(isWanted);
  const [reason, setReason] = useState("");
  const cancelling = useMutation({
    mutationFn: () => manageApi.cancel(link, reason.trim()),
    onSuccess: onOut,
  });
  return (
    <>
      <Title order={2} size="h4" id="manage-cancel-title">
        I cannot come
      </Title>
      {!view.may_cancel && (
        <Text size="sm">It cannot be given up from here any more. Write to {view.owner_name}.</Text>
      )}
      {view.may_cancel && !isAsking && (
        <div>
          <Button variant="default" onClick={() => setAsking(true)}>
            I cannot come
          </Button>
        </div>
      )}
      {view.may_cancel && isAsking && (
        <>
          <Text size="sm">
            Your link stops working. If you are the only guest, the call is cancelled; otherwise it goes on
            without you. {view.owner_name} is told.
          </Text>
          <Textarea
            label="Why, if you want to say"
            description={`${view.owner_name} reads it.`}
            autosize
            minRows={2}
            maxRows={6}
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {cancelling.error && <ProblemNotice problem={asProblem(cancelling.error)} />}
          <Group gap="xs">
            <Button
              color="red.9"
              onClick={() => cancelling.mutate()}
              loading={cancelling.isPending}
              data-testid="give-up-button"
            >
              Give up my place
            </Button>
            <Button variant="default" onClick={() => setAsking(false)}>
              Keep my place
            </Button>
          </Group>
        </>
      )}
    </>
  );
}
