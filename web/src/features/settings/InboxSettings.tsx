import { Button, NativeSelect, NumberInput, PasswordInput, Text, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Inbox } from "../../api/settings";
import { Asked } from "../../ui/Asked";
import { Confirm } from "../../ui/Confirm";
import forms from "../../ui/Form.module.css";
import { Notice } from "../../ui/ProblemNotice";
import { SaveBar } from "../../ui/SaveBar";
import { useSaved } from "../../ui/useSaved";
import { mailApi } from "./mail-api";
import { inboxQuery } from "./settings-queries";

interface Props {
  onDirty: (dirty: boolean) => void;
}

const SECURITY = [
  { value: "tls", label: "TLS (usual, port 993)" },
  { value: "starttls", label: "STARTTLS (port 143)" },
  { value: "none", label: "None (only on this machine)" },
];

type Entered = Omit<Inbox, "problem">;

const EMPTY: Entered = { host: "", port: 993, security: "tls", user_name: "", folder: "INBOX" };

/** Where the answers of guests' calendars arrive, and bounces that come later. */
export function InboxSettings({ onDirty }: Props) {
  const inbox = useQuery(inboxQuery);
  const [wanted, setWanted] = useState(false);
  return (
    <Asked query={inbox} loading="Loading the inbox" shape={{ rows: 1, height: 60 }}>
      {(data) => (
        <>
          <Text size="sm" c="dimmed" maw="72ch">
            {data
              ? "Answers to invitations, and mails that come back, are read from this inbox (IMAP) and shown at the guest."
              : "Answers to invitations are not read. With an inbox (IMAP), a guest's yes or no stands in the call."}
          </Text>
          {data?.problem && (
            <Notice title="It cannot be read now">{data.problem} It is tried again every minute.</Notice>
          )}
          {data || wanted ? (
            <Form data={data} onDirty={onDirty} onDropped={() => setWanted(false)} />
          ) : (
            <div>
              <Button variant="default" onClick={() => setWanted(true)}>
                Read an inbox
              </Button>
            </div>
          )}
        </>
      )}
    </Asked>
  );
}

interface FormProps extends Props {
  data: Inbox | null;
  onDropped: () => void;
}

function Form({ data, onDirty, onDropped }: FormProps) {
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const saved = useSaved({
    initial: { ...entered(data ?? EMPTY), password: "" },
    validate: complaints,
    save: ({ password, port, ...values }) =>
      mailApi.setInbox({ ...values, port: Number(port), password: password || null }),
    onSaved: (now) => {
      queries.setQueryData(inboxQuery.queryKey, now);
      return { ...entered(now), password: "" };
    },
    onDirty,
  });
  const { form } = saved;
  return (
    <form onSubmit={saved.submit} className={forms.form} aria-label="Inbox for answers">
      <div className={forms.fields}>
        <TextInput label="Server" placeholder="imap.example.org" {...form.getInputProps("host")} />
        <NumberInput
          label="Port"
          min={1}
          max={65535}
          clampBehavior="none"
          allowDecimal={false}
          hideControls
          {...form.getInputProps("port")}
        />
      </div>
      <NativeSelect label="Security" data={SECURITY} {...form.getInputProps("security")} />
      <div className={forms.fields}>
        <TextInput label="User name" autoComplete="off" {...form.getInputProps("user_name")} />
        <PasswordInput
          label="Password"
          description={data ? "Leave it empty to keep the one there is." : "Kept encrypted, never shown."}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ "aria-label": "Show the password" }}
          {...form.getInputProps("password")}
        />
      </div>
      <TextInput label="Folder" maxLength={200} {...form.getInputProps("folder")} />
      <SaveBar saved={saved} />
      {data && (
        <div>
          <Button variant="subtle" size="sm" onClick={() => setAsking(true)}>
            Read no inbox any more
          </Button>
          <Confirm
            opened={asking}
            onClose={() => setAsking(false)}
            title="Read no inbox any more?"
            keep={`Keep ${data.host}`}
            go="Read it no more"
            onGo={async () => {
              await mailApi.dropInbox();
              queries.setQueryData(inboxQuery.queryKey, null);
              onDropped();
            }}
          >
            The settings of {data.host} and its password are deleted here. What was read already is kept.
          </Confirm>
        </div>
      )}
    </form>
  );
}

function entered({ host, port, security, user_name, folder }: Entered): Entered {
  return { host, port, security, user_name, folder };
}

function complaints({ host, port, user_name, folder }: Entered): Record<string, string> {
  const isPort = Number.isInteger(Number(port)) && Number(port) >= 1 && Number(port) <= 65535;
  return {
    ...(host.trim() === "" ? { host: "Write the server's name" } : {}),
    ...(isPort ? {} : { port: "Write a port, from 1 to 65535" }),
    ...(user_name.trim() === "" ? { user_name: "Write the user name" } : {}),
    ...(folder.trim() === "" ? { folder: "Write a folder, like INBOX" } : {}),
  };
}
