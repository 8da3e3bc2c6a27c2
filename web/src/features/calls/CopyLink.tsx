import { Button, Menu, Modal, TextInput } from "@mantine/core";
import { IconCheck, IconLink } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { Invitee } from "../../api/types";

const SAID_MS = 2000;

/** Copies a guest's personal link; shows it to be copied by hand where the browser does not allow copying. */
export function CopyLink({ invitees }: { invitees: readonly Invitee[] }) {
  const [copied, setCopied] = useState(false);
  const [byHand, setByHand] = useState<string | null>(null);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async (link: string) => {
    try {
      await navigator.clipboard.writeText(link);
      setCopied(true);
    } catch {
      setByHand(link);
    }
  };
  const [first, ...others] = invitees;
  if (first === undefined) return null;
  const button = (
    <Button
      size="xs"
      variant="default"
      leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconLink size={16} aria-hidden />}
      {...(others.length === 0 ? { onClick: () => void copy(first.join_link) } : {})}
    >
      <span aria-live="polite">{copied ? "Copied" : "Copy guest link"}</span>
    </Button>
  );
  return (
    <>
      {others.length === 0 ? button : <ByName button={button} invitees={invitees} onPick={copy} />}
      <Modal opened={byHand !== null} onClose={() => setByHand(null)} title="Copy the guest link" centered>
        <TextInput
          label="Your browser does not let this page copy. Copy it from here"
          value={byHand ?? ""}
          readOnly
          data-autofocus
          onFocus={(event) => event.currentTarget.select()}
        />
      </Modal>
    </>
  );
}

interface ByNameProps {
  button: React.ReactElement;
  invitees: readonly Invitee[];
  onPick: (link: string) => Promise<void>;
}

function ByName({ button, invitees, onPick }: ByNameProps) {
  return (
    <Menu>
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Each guest has a link of their own</Menu.Label>
        {invitees.map((invitee) => (
          <Menu.Item key={invitee.invitee_id} onClick={() => void onPick(invitee.join_link)}>
            {invitee.name || invitee.email}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
