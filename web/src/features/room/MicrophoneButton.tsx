import { Button } from "@mantine/core";
import { IconMicrophone, IconMicrophoneOff } from "@tabler/icons-react";
import { useState } from "react";
import { LevelMeter } from "../../ui/LevelMeter";

interface Props {
  on: boolean;
  level: () => number;
  onToggle: (on: boolean) => Promise<void>;
}

/** Mutes and unmutes; shows the level while on, so that silence is never a guess. */
export function MicrophoneButton({ on, level, onToggle }: Props) {
  const [busy, setBusy] = useState(false);
  const toggle = async () => {
    setBusy(true);
    await onToggle(!on).finally(() => setBusy(false));
  };
  return (
    <Button
      variant={on ? "default" : "light"}
      onClick={() => void toggle().catch(() => undefined)}
      loading={busy}
      aria-pressed={!on}
      aria-label={on ? "Mute your microphone" : "Unmute your microphone"}
      leftSection={
        on ? <IconMicrophone size={18} aria-hidden /> : <IconMicrophoneOff size={18} aria-hidden />
      }
      data-testid="mic-toggle"
    >
      {on ? <LevelMeter small level={level} /> : "Muted"}
    </Button>
  );
}
