import { useCallback, useState } from "react";
import type { Me } from "../../api/types";
import { LeaveGuard } from "../../app/LeaveGuard";
import { useSignedIn } from "../../app/session";
import { Empty, Page, Section } from "../../ui/Page";
import { InboxSettings } from "./InboxSettings";
import { MailSettings } from "./MailSettings";
import { OrganizationSection } from "./OrganizationSection";
import { ProvidersSection } from "./ProvidersSection";
import { SuppressedAddresses } from "./SuppressedAddresses";

type Part = "organization" | "providers" | "mail" | "inbox";

/** What holds for the whole organization. */
export function SettingsPage() {
  const me = useSignedIn();
  if (me.role !== "admin") {
    return (
      <Page title="Settings">
        <Empty title="Settings are for admins">
          Ask an admin of {me.organization_name} to look or to change something for you.
        </Empty>
      </Page>
    );
  }
  return <Settings me={me} />;
}

function Settings({ me }: { me: Me }) {
  const [unsaved, setUnsaved] = useState<ReadonlySet<Part>>(new Set());
  const note = useCallback((part: Part, dirty: boolean) => {
    setUnsaved((known) => {
      if (known.has(part) === dirty) return known;
      const next = new Set(known);
      if (dirty) next.add(part);
      else next.delete(part);
      return next;
    });
  }, []);
  const onOrganization = useCallback((dirty: boolean) => note("organization", dirty), [note]);
  const onProviders = useCallback((dirty: boolean) => note("providers", dirty), [note]);
  const onInbox = useCallback((dirty: boolean) => note("inbox", dirty), [note]);
  const onMail = useCallback((dirty: boolean) => note("mail", dirty), [note]);
  return (
    <Page title="Settings" below={me.organization_name}>
      <Section title="Organization">
        <OrganizationSection onDirty={onOrganization} />
      </Section>
      <Section title="Voice and language">
        <ProvidersSection onDirty={onProviders} />
      </Section>
      <Section title="Mail">
        <MailSettings me={me} onDirty={onMail} />
      </Section>
      <Section title="Answers to invitations">
        <InboxSettings onDirty={onInbox} />
      </Section>
      <Section title="Addresses that get no mail">
        <SuppressedAddresses />
      </Section>
      <LeaveGuard when={unsaved.size > 0} />
    </Page>
  );
}
