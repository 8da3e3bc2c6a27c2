import { useState } from "react";
import { LeaveGuard } from "../../app/LeaveGuard";
import { useSignedIn } from "../../app/session";
import { Page, Section } from "../../ui/Page";
import { AboutForm } from "./AboutForm";
import { Devices } from "./Devices";

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
        <Devices />
      </Section>
      <LeaveGuard when={unsaved} />
    </Page>
  );
}
