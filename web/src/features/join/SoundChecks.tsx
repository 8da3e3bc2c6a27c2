import { Button, NativeSelect, Text } from "@mantine/core";
import { IconMicrophone, IconPlayerStop, IconVolume } from "@tabler/icons-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { Hello, type HelloView } from "../../room/hello";
import { chime, type Speaker, type SpeakerView } from "../../room/speaker";
import classes from "./join.module.css";

interface Props {
  hello: Hello;
  speaker: Speaker;
  /** The microphone is on: there is something to record, and the browser names the speakers. */
  live: boolean;
}

const NEVER_SENT = "Hear how you sound. It is never sent.";

/** Two tries before the call: how one sounds, and whether one hears. */
export function SoundChecks({ hello, speaker, live }: Props) {
  const said = useSyncExternalStore(hello.subscribe, hello.get);
  const heard = useSyncExternalStore(speaker.subscribe, speaker.get);
  useEffect(() => () => hello.stop(), [hello]);
  useEffect(() => {
    if (live) void speaker.list();
  }, [live, speaker]);
  // Only who has tried the speaker may need another one; until then the choices below stay in sight.
  const [tried, setTried] = useState(false);
  const recorded = live && Hello.isPossible;
  const busy = said.state === "recording" || said.state === "playing";
  const play = () => {
    hello.stop();
    setTried(true);
    void speaker.play(chime());
  };
  return (
    <div className={classes.checks}>
      {recorded && (
        <Button
          variant="default"
          size="sm"
          onClick={() => (busy ? hello.stop() : void hello.start())}
          leftSection={
            busy ? <IconPlayerStop size={16} aria-hidden /> : <IconMicrophone size={16} aria-hidden />
          }
          data-testid="hello-button"
          data-state={said.state}
        >
          {busy ? "Stop" : "Say hello"}
        </Button>
      )}
      <Button
        variant="default"
        size="sm"
        onClick={play}
        leftSection={<IconVolume size={16} aria-hidden />}
        data-testid="speaker-button"
        data-state={heard.state}
      >
        Test the speaker
      </Button>
      <Text size="sm" c="dimmed" role="status" className={classes.wholeRow ?? ""} data-testid="hello-words">
        {recorded ? (helloWords(said) ?? speakerWords(heard) ?? NEVER_SENT) : speakerWords(heard)}
      </Text>
      {tried && heard.devices.length > 1 && (
        <NativeSelect
          label="Speaker"
          size="md"
          className={classes.wholeRow ?? ""}
          value={heard.device_id ?? heard.devices[0]?.id ?? ""}
          data={heard.devices.map(({ id, label }) => ({ value: id, label }))}
          onChange={(event) => speaker.choose(event.currentTarget.value)}
        />
      )}
    </div>
  );
}

function helloWords({ state, heard }: HelloView): string | null {
  switch (state) {
    case "idle":
      return null;
    case "recording":
      return "Speak now, for three seconds.";
    case "playing":
      return "This is how you sound.";
    case "done":
      return heard
        ? "That was you. It is forgotten already."
        : "Nothing was heard. Check that the microphone is not muted, or choose another.";
    case "failed":
      return "Your browser could not record. The call itself may still work.";
  }
}

function speakerWords({ state }: SpeakerView): string | null {
  if (state === "quiet") return null;
  return state === "playing"
    ? "You should hear two notes."
    : "The sound could not be played. Choose another speaker or check the volume.";
}
