import { Button, Text, TextInput } from "@mantine/core";
import { useEffect, useState, useSyncExternalStore } from "react";
import type { JoinView } from "../../api/types";
import { speaks, type Way } from "../../room/consent";
import { inTrouble } from "../../room/microphone";
import type { Prospect } from "../../room/prospect";
import { PaperPage } from "../../ui/PaperPage";
import { Notice, ProblemNotice } from "../../ui/ProblemNotice";
import { ConsentChoice } from "./ConsentChoice";
import { Disclosure } from "./Disclosure";
import { InvitationHead } from "./InvitationHead";
import classes from "./join.module.css";
import { asksOf, presentWords } from "./join-words";
import { MicrophoneCheck, MicrophoneOff } from "./MicrophoneCheck";
import { SoundChecks } from "./SoundChecks";
import { wordsOf } from "./ways";

const CLOSED = ["/problems/call-not-open", "/problems/call-ended"];

interface Props {
  prospect: Prospect;
  join: JoinView;
  onLookAgain: () => void;
}

export function JoinForm({ prospect, join, onLookAgain }: Props) {
  const [name, setName] = useState(join.invitee_name);
  const { stage, way, problem } = useSyncExternalStore(prospect.subscribe, prospect.get);
  useEffect(() => prospect.choose(prospect.get().way), [prospect]);
  useEffect(() => {
    if (problem && CLOSED.includes(problem.type)) onLookAgain();
  }, [problem, onLookAgain]);
  const microphone = useSyncExternalStore(prospect.microphone.subscribe, prospect.microphone.get);
  const byText = speaks(way) && inTrouble(microphone.state);
  const nameMissing = name.trim() === "";
  const choose = (chosen: Way) => prospect.choose(chosen);
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (nameMissing) return;
    if (byText) choose("text");
    void prospect.join(name.trim());
  };
  return (
    <PaperPage title={join.title} above={<InvitationHead join={join} />}>
      {join.status === "live" && <Notice title={`The call is going on. ${presentWords(join)}`} />}
      <Disclosure join={join} />
      <form onSubmit={submit} style={{ display: "contents" }}>
        <TextInput
          label="Your name"
          size="md"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={nameMissing && "Write a name to join"}
          autoComplete="name"
          maxLength={80}
          data-testid="join-name"
        />
        <div className={classes.devices}>
          {speaks(way) ? (
            <MicrophoneCheck microphone={prospect.microphone} hello={prospect.hello} />
          ) : (
            <MicrophoneOff />
          )}
          <SoundChecks
            hello={prospect.hello}
            speaker={prospect.speaker}
            live={speaks(way) && microphone.state === "live"}
          />
        </div>
        <ConsentChoice way={way} asks={asksOf(join)} onChoose={choose} />
        {problem && <ProblemNotice problem={problem} />}
        <div className={classes.bottom}>
          <Button
            type="submit"
            size="lg"
            fullWidth
            loading={stage === "entering"}
            disabled={nameMissing}
            data-testid="join-button"
          >
            {byText ? "Join by text" : "Join the call"}
          </Button>
          <Text size="xs" c="dimmed" ta="center">
            {wordsOf(byText ? "text" : way, asksOf(join)).said}. You can change this at any time during the
            call.
          </Text>
        </div>
      </form>
    </PaperPage>
  );
}
