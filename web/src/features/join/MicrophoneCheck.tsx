import { Button, NativeSelect, Text } from "@mantine/core";
import { useEffect, useState, useSyncExternalStore } from "react";
import { HEARD_LEVEL, type Hello } from "../../room/hello";
import type { Microphone, MicrophoneTrouble } from "../../room/microphone";
import { LevelMeter } from "../../ui/LevelMeter";
import noticeClasses from "../../ui/Notice.module.css";
import classes from "./join.module.css";

const SILENT_AFTER_MS = 6000;

const TROUBLE: Record<MicrophoneTrouble, { title: string; words: string }> = {
  denied: {
    title: "Your browser does not let this page use the microphone",
    words: "Open the site settings next to the address, allow the microphone, then try again.",
  },
  missing: {
    title: "No microphone was found",
    words: "Plug one in or switch it on, then try again.",
  },
  busy: {
    title: "Another program is using your microphone",
    words: "Close the other call or recording, then try again.",
  },
  unavailable: {
    title: "The microphone cannot be used here",
    words: "Open this link in a current browser, over a secure address.",
  },
};

interface Props {
  microphone: Microphone;
  hello: Hello;
}

export function MicrophoneCheck({ microphone, hello }: Props) {
  const { state, device_id, devices, level_waits } = useSyncExternalStore(
    microphone.subscribe,
    microphone.get,
  );
  if (state === "closed" || state === "asking") {
    return (
      <div className={classes.microphone} role="status">
        <Text size="sm">Allow the microphone when your browser asks.</Text>
      </div>
    );
  }
  if (state !== "live") return <Trouble trouble={state} onRetry={() => void microphone.open()} />;
  return (
    <div className={classes.microphone}>
      {devices.length > 1 ? (
        <NativeSelect
          label="Microphone"
          size="md"
          value={device_id ?? ""}
          data={devices.map(({ id, label }) => ({ value: id, label }))}
          onChange={(event) => {
            hello.stop();
            void microphone.open(event.currentTarget.value);
          }}
        />
      ) : (
        <Text fw={500}>Microphone</Text>
      )}
      <LevelMeter level={() => microphone.level()} />
      <Heard microphone={microphone} waits={level_waits} />
    </div>
  );
}

/** Stands in the meter's place, so that the choices below stay where they are. */
export function MicrophoneOff() {
  return (
    <div className={classes.microphone}>
      <Text fw={500}>Microphone</Text>
      <Text size="sm" c="dimmed">
        It stays off. You hear everybody and write.
      </Text>
    </div>
  );
}

/** Says in words what the meter shows, and notices a microphone that stays silent. */
function Heard({ microphone, waits }: { microphone: Microphone; waits: boolean }) {
  const [heard, setHeard] = useState<"not yet" | "yes" | "silent">("not yet");
  useEffect(() => {
    if (waits) return;
    const started = Date.now();
    const timer = setInterval(() => {
      if (microphone.level() > HEARD_LEVEL) {
        setHeard("yes");
        clearInterval(timer);
      } else if (Date.now() - started > SILENT_AFTER_MS) setHeard("silent");
    }, 100);
    return () => clearInterval(timer);
  }, [microphone, waits]);
  const words = {
    "not yet": waits
      ? "Your microphone is on. Tap the page to see its level."
      : "Say something to see the level move.",
    yes: "Your microphone works.",
    silent: "No sound yet. Say something, or check that the microphone is not muted.",
  };
  return (
    <Text size="sm" c="dimmed" role="status">
      {words[heard]}
    </Text>
  );
}

function Trouble({ trouble, onRetry }: { trouble: MicrophoneTrouble; onRetry: () => void }) {
  return (
    <div className={noticeClasses.notice} role="alert" data-trouble={trouble}>
      <div className={noticeClasses.words}>
        <Text fw={600} size="sm">
          {TROUBLE[trouble].title}
        </Text>
        <Text size="sm">{TROUBLE[trouble].words} Or join by text: you hear everybody and write.</Text>
        <Button variant="default" size="sm" mt={8} onClick={onRetry}>
          Try again
        </Button>
      </div>
    </div>
  );
}
