import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { formProblem } from "../../api/fields";
import type { Call, Invitee } from "../../api/types";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { callApi } from "./call-api";

/** What a guest was told last, once more. */
export function SendAgain({ call, guest }: { call: Call; guest: Invitee }) {
  const queries = useQueryClient();
  const sending = useMutation({
    mutationFn: () => callApi.sendAgain(call.call_id, guest.invitee_id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["calls", call.call_id] }),
  });
  return (
    <>
      <Button
        size="xs"
        variant="default"
        onClick={() => sending.mutate()}
        loading={sending.isPending}
        disabled={sending.isSuccess}
        aria-label={`Send the mail to ${guest.name || guest.email} again`}
      >
        <span aria-live="polite">{sending.isSuccess ? "Sent again" : "Send again"}</span>
      </Button>
      {sending.error && <ProblemNotice problem={formProblem(sending.error)} />}
    </>
  );
}
