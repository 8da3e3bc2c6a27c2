import { ActionIcon, TextInput } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useState } from "react";
import { asProblem } from "../../api/problem";
import classes from "./prospect-room.module.css";

const LONGEST = 2000;

/** The written word: as good as the spoken one. What could not be sent stays in the field. */
export function MessageField({ onSend }: { onSend: (text: string) => Promise<void> }) {
  const [text, setText] = useState("");
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const send = async (event: React.FormEvent) => {
    event.preventDefault();
    const said = text.trim();
    if (said === "" || sending) return;
    setSending(true);
    setError(null);
    try {
      await onSend(said);
      setText("");
    } catch (problem) {
      setError(`${asProblem(problem).title}. Your words are still here.`);
    }
    setSending(false);
  };
  return (
    <form className={classes.message} onSubmit={(event) => void send(event)}>
      <TextInput
        size="md"
        aria-label="Write to the call"
        placeholder="Type instead of talking"
        value={text}
        maxLength={LONGEST}
        error={error}
        onChange={(event) => setText(event.currentTarget.value)}
        data-testid="message-field"
        autoComplete="off"
        rightSection={
          <ActionIcon
            type="submit"
            variant="subtle"
            aria-label="Send"
            loading={sending}
            disabled={text.trim() === ""}
          >
            <IconSend size={18} aria-hidden />
          </ActionIcon>
        }
      />
    </form>
  );
}
