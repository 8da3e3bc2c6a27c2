import { useCallback, useState } from "react";
import { LeaveGuard } from "../../app/LeaveGuard";
import { useSignedIn } from "../../app/session";
import { Page, Section } from "../../ui/Page";
import { MailSettings } from "./MailSettings";
import { OrganizationSection } from "./OrganizationSection";
import { ProvidersSection } from "./ProvidersSection";

type Part = "organization" | "providers" | "mail";

/** What holds for the whole organization. Reps read it, managers and admins change it. */
export function SettingsPage() {
  const me = useSignedIn();
  const mayChange = me.role === "manager" || me.role === "admin";
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
  const onMail = useCallback((dirty: boolean) => note("mail", dirty), [note]);
  return (
    <Page title="Settings" below={me.organization_name}>
      <Section title="Organization">
        <OrganizationSection mayChange={mayChange} onDirty={onOrganization} />
      </Section>
      <Section title="Voice and language">
        <ProvidersSection mayChange={mayChange} onDirty={onProviders} />
      </Section>
      <Section title="Mail">
        <MailSettings me={me} mayChange={mayChange} onDirty={onMail} />
      </Section>
      <LeaveGuard when={unsaved.size > 0} />
    </Page>
  );
}
