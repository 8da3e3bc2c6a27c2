import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Call, Invitee } from "../../api/types";
import { callQuery } from "../../app/session";
import { Confirm } from "../../ui/Confirm";
import type { Done } from "./ChangeCall";
import { callApi } from "./call-api";
import { removalWords, toldWords } from "./removal-words";

interface Props {
  call: Call;
  guest: Invitee;
  onDone: (done: Done) => void;
}

/** Takes a guest out of the call for good, after saying what that does. */
export function RemoveGuest({ call, guest, onDone }: Props) {
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const name = guest.name || guest.email || "this guest";
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setAsking(true)} aria-label={`Remove ${name}`}>
        Remove
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Remove ${name} from this call?`}
        keep="Keep them"
        go="Remove"
        onGo={async () => {
          await callApi.remove(call.call_id, guest.invitee_id);
          onDone({ title: `${name} is removed`, words: toldWords(call, guest) });
          await queries.invalidateQueries({ queryKey: callQuery(call.call_id).queryKey });
        }}
      >
        {removalWords(call, guest)}
      </Confirm>
    </>
  );
}
