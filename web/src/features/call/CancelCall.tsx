import { Button, Text, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Call } from "../../api/types";
import { callQuery } from "../../app/session";
import { Confirm } from "../../ui/Confirm";
import { callApi } from "./call-api";
import { cancelWords } from "./notice-words";

const LONGEST_REASON = 500;

/** Calls a call off, after saying who learns of it. */
export function CancelCall({ call }: { call: Call }) {
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  return (
    <>
      <Button variant="default" size="sm" onClick={() => setAsking(true)}>
        Cancel the call
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Cancel “${call.title}”?`}
        keep="Keep the call"
        go="Cancel the call"
        onGo={async () => {
          const now = await callApi.cancel(call.call_id, reason.trim(), call.revision);
          queries.setQueryData(callQuery(call.call_id).queryKey, now);
          void queries.invalidateQueries({ queryKey: ["calls"] });
        }}
      >
        <Text size="sm" data-testid="who-is-told">
          {cancelWords(call)}
        </Text>
        <Textarea
          mt="sm"
          label="Reason"
          description="Stands in the mail. It may stay empty."
          maxLength={LONGEST_REASON}
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </Confirm>
    </>
  );
}
