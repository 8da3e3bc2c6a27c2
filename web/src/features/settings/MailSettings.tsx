import { Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { SmtpSettings } from "../../api/settings";
import type { Me } from "../../api/types";
import { Asked } from "../../ui/Asked";
import { MailTest } from "./MailTest";
import { SmtpForm } from "./SmtpForm";
import classes from "./settings.module.css";
import { smtpQuery } from "./settings-queries";

interface Props {
  me: Me;
  onDirty: (dirty: boolean) => void;
}

/** Which server sends the organization's mails. */
export function MailSettings({ me, onDirty }: Props) {
  const smtp = useQuery(smtpQuery);
  return (
    <Asked query={smtp} loading="Loading the mail server" shape={{ rows: 2, height: 60 }}>
      {(data) => <Chosen data={data} me={me} onDirty={onDirty} />}
    </Asked>
  );
}

function Chosen({ data, me, onDirty }: { data: SmtpSettings } & Props) {
  const [wanted, setWanted] = useState(false);
  const [dirty, setDirty] = useState(false);
  const isOwn = data.source === "own";
  return (
    <>
      <Text size="sm" maw="72ch" data-testid="smtp-source">
        {sourceWords(data)}
      </Text>
      <MailTest address={me.email} unsaved={dirty} />
      {isOwn || wanted ? (
        <SmtpForm
          key={data.source}
          data={data}
          onDirty={(now) => {
            setDirty(now);
            onDirty(now);
          }}
          onBack={() => setWanted(false)}
        />
      ) : (
        <div className={classes.bar}>
          <Button variant="default" onClick={() => setWanted(true)} data-testid="smtp-own">
            Use our own mail server
          </Button>
        </div>
      )}
    </>
  );
}

function sourceWords({ source, host, port, sender_email }: SmtpSettings): string {
  switch (source) {
    case "mailbox":
      return "Mails do not leave this installation: they go to the mailbox here.";
    case "installation":
      if (host === "") return "No mail server is set where Parley is installed, so mails are not sent.";
      return `The installation's server ${host}:${port} sends your mails as ${sender_email}.`;
    case "own":
      return `Your own server ${host}:${port} sends your mails as ${sender_email}.`;
  }
}
