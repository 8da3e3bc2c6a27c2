import { Button, Text } from "@mantine/core";
import { IconMicrophone, IconPlayerStop } from "@tabler/icons-react";
import { useEffect, useSyncExternalStore } from "react";
import { Hello, type HelloView } from "../../room/hello";
import classes from "./join.module.css";

const WORDS: Record<HelloView["state"], string> = {
  idle: "Hear yourself as the others will. It stays in your browser and is never sent.",
  recording: "Speak now, for three seconds.",
  playing: "This is how you sound.",
  done: "That was you. It is forgotten already.",
  failed: "Your browser could not record. The call itself may still work.",
};

/** Records a moment in the browser and plays it back, so that nobody wonders how they sound. */
export function HelloCheck({ hello }: { hello: Hello }) {
  const { state, heard } = useSyncExternalStore(hello.subscribe, hello.get);
  useEffect(() => () => hello.stop(), [hello]);
  if (!Hello.isPossible) return null;
  const busy = state === "recording" || state === "playing";
  const silent = state === "done" && !heard;
  return (
    <div className={classes.check}>
      <Button
        variant="default"
        size="sm"
        onClick={() => (busy ? hello.stop() : void hello.start())}
        leftSection={
          busy ? <IconPlayerStop size={16} aria-hidden /> : <IconMicrophone size={16} aria-hidden />
        }
        data-testid="hello-button"
        data-state={state}
      >
        {busy ? "Stop" : state === "idle" ? "Say hello" : "Say hello again"}
      </Button>
      <Text size="sm" c="dimmed" role="status" data-testid="hello-words">
        {silent
          ? "Nothing was heard. Check that the microphone is not muted, or choose another."
          : WORDS[state]}
      </Text>
    </div>
  );
}
