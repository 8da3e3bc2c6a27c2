import { Button, Group, Modal, Text } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";

/** Asks before unsaved work is left behind: inside the app with our words, at closing the tab with the browser's. */
export function LeaveGuard({ when }: { when: boolean }) {
  const blocker = useBlocker({
    shouldBlockFn: () => when,
    enableBeforeUnload: () => when,
    withResolver: true,
  });
  const isAsking = blocker.status === "blocked";
  return (
    <Modal opened={isAsking} onClose={() => blocker.reset?.()} title="Leave without saving?" centered>
      <Text size="sm">What you changed on this page is not saved. If you leave now, it is gone.</Text>
      <Group mt="md" gap="xs" justify="flex-end">
        <Button variant="default" onClick={() => blocker.proceed?.()}>
          Leave without saving
        </Button>
        <Button onClick={() => blocker.reset?.()} data-autofocus>
          Stay here
        </Button>
      </Group>
    </Modal>
  );
}
