import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client";
import { Confirm } from "../../ui/Confirm";
import { smtpQuery } from "./settings-queries";

/** Back to the installation's server, after saying what goes. */
export function SmtpBack({ host }: { host: string }) {
  const [asking, setAsking] = useState(false);
  const queries = useQueryClient();
  return (
    <div>
      <Button variant="subtle" size="sm" onClick={() => setAsking(true)} data-testid="smtp-back">
        Go back to the installation's server
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title="Use the installation's server?"
        keep={`Keep ${host}`}
        go="Use the installation's"
        onGo={async () => queries.setQueryData(smtpQuery.queryKey, await api.setSmtp({}))}
      >
        The settings of {host} and its password are deleted here. Mails that wait to be sent go out by the
        installation's server.
      </Confirm>
    </div>
  );
}
