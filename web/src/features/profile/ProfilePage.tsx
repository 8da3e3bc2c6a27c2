import { Text } from "@mantine/core";
import { useState } from "react";
import { LeaveGuard } from "../../app/LeaveGuard";
import { useSignedIn } from "../../app/session";
import { Page, Section } from "../../ui/Page";
import { Devices } from "../devices/Devices";
import { AboutForm } from "./AboutForm";

/** Who one is here, and where one is signed in. */
export function ProfilePage() {
  const me = useSignedIn();
  const [unsaved, setUnsaved] = useState(false);
  return (
    <Page title="Profile" below={`${me.email}, ${me.role} at ${me.organization_name}`}>
      <Section title="About you">
        <AboutForm me={me} onDirty={setUnsaved} />
      </Section>
      <Section title="Signed-in devices">
        <Text size="sm" c="dimmed" maw="var(--parley-reading)">
          If you do not know one of these, end it. Tell an admin, too.
        </Text>
        <Devices owner={null} />
      </Section>
      <LeaveGuard when={unsaved} />
    </Page>
  );
}
