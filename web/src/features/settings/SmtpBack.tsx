import { Button, Group, Modal, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client";
import { asProblem } from "../../api/problem";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { smtpQuery } from "./settings-queries";

/** Back to the installation's server, after saying what goes. */
export function SmtpBack({ host }: { host: string }) {
  const [asking, setAsking] = useState(false);
  const queries = useQueryClient();
  const back = useMutation({
    mutationFn: () => api.setSmtp({}),
    onSuccess: (now) => {
      setAsking(false);
      queries.setQueryData(smtpQuery.queryKey, now);
    },
  });
  return (
    <div>
      <Button variant="subtle" size="sm" onClick={() => setAsking(true)} data-testid="smtp-back">
        Go back to the installation's server
      </Button>
      <Modal opened={asking} onClose={() => setAsking(false)} title="Use the installation's server?" centered>
        <Text size="sm">
          The settings of {host} and its password are deleted here. Mails that wait to be sent go out by the
          installation's server.
        </Text>
        {back.error && <ProblemNotice problem={asProblem(back.error)} />}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={() => setAsking(false)}>
            Keep {host}
          </Button>
          <Button onClick={() => back.mutate()} loading={back.isPending} data-testid="smtp-back-confirm">
            Use the installation's
          </Button>
        </Group>
      </Modal>
    </div>
  );
}
