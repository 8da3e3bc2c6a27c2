import { Button, Group, Modal, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { asProblem } from "../api/problem";
import { ProblemNotice } from "./ProblemNotice";

interface Props {
  opened: boolean;
  onClose: () => void;
  /** A question: "Delete the team Sales?" */
  title: string;
  /** What exactly it does. */
  children: ReactNode;
  keep: string;
  go: string;
  /** Does it; what it throws is shown, and the question stays. */
  onGo: () => Promise<unknown>;
}

/** Asks before something that cannot be taken back in one step. */
export function Confirm({ opened, onClose, title, children, keep, go, onGo }: Props) {
  const going = useMutation({ mutationFn: onGo, onSuccess: onClose });
  const close = () => {
    going.reset();
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title={title} centered>
      <Text size="sm" component="div">
        {children}
      </Text>
      {going.error && <ProblemNotice problem={asProblem(going.error)} />}
      <Group justify="flex-end" mt="md" gap="xs">
        <Button variant="default" onClick={close} data-autofocus>
          {keep}
        </Button>
        <Button color="red.9" onClick={() => going.mutate()} loading={going.isPending}>
          {go}
        </Button>
      </Group>
    </Modal>
  );
}
