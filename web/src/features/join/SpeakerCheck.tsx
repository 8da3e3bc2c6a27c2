import { Button, NativeSelect, Text } from "@mantine/core";
import { IconVolume } from "@tabler/icons-react";
import { useEffect, useSyncExternalStore } from "react";
import { chime, type Speaker } from "../../room/speaker";
import classes from "./join.module.css";

interface Props {
  speaker: Speaker;
  /** The names of speakers are known once the microphone was allowed. */
  allowed: boolean;
}

/** Where the others will be heard, and a sound to try it. */
export function SpeakerCheck({ speaker, allowed }: Props) {
  const { devices, device_id, state } = useSyncExternalStore(speaker.subscribe, speaker.get);
  useEffect(() => {
    if (allowed) void speaker.list();
  }, [allowed, speaker]);
  return (
    <div className={classes.check}>
      {devices.length > 1 && (
        <NativeSelect
          label="Speaker"
          size="md"
          className={classes.wholeRow ?? ""}
          value={device_id ?? devices[0]?.id ?? ""}
          data={devices.map(({ id, label }) => ({ value: id, label }))}
          onChange={(event) => speaker.choose(event.currentTarget.value)}
        />
      )}
      <Button
        variant="default"
        size="sm"
        onClick={() => void speaker.play(chime())}
        leftSection={<IconVolume size={16} aria-hidden />}
        data-testid="speaker-button"
        data-state={state}
      >
        Test the speaker
      </Button>
      <Text size="sm" c="dimmed" role="status">
        {state === "playing"
          ? "You should hear two notes."
          : state === "blocked"
            ? "The sound could not be played. Choose another speaker or check the volume."
            : "Plays two notes."}
      </Text>
    </div>
  );
}
