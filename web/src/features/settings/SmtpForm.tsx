import { Button, NativeSelect, NumberInput, PasswordInput, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef } from "react";
import { api } from "../../api/client";
import type { SmtpSecurity, SmtpSettings } from "../../api/settings";
import { SaveBar } from "./SaveBar";
import { SmtpBack } from "./SmtpBack";
import classes from "./settings.module.css";
import { smtpQuery } from "./settings-queries";
import { useSaved } from "./useSaved";

interface Values {
  host: string;
  port: number | string;
  security: SmtpSecurity;
  user_name: string;
  /** "" keeps the one there is. */
  password: string;
  sender_name: string;
  sender_email: string;
}

const SECURITY = [
  { value: "starttls", label: "STARTTLS (usual, port 587)" },
  { value: "tls", label: "TLS (port 465)" },
  { value: "none", label: "None (only inside your own network)" },
];

interface Props {
  data: SmtpSettings;
  onDirty: (dirty: boolean) => void;
  /** Without saving: the installation's server stays in use. */
  onBack: () => void;
}

/** The organization's own mail server. */
export function SmtpForm({ data, onDirty, onBack }: Props) {
  const queries = useQueryClient();
  const isOwn = data.source === "own";
  const latest = useRef(onDirty);
  latest.current = onDirty;
  const dirty = useCallback((now: boolean) => latest.current(now), []);
  const saved = useSaved<Values, SmtpSettings>({
    initial: isOwn ? valuesOf(data) : EMPTY,
    validate: complaints,
    save: ({ password, port, user_name, sender_name, ...values }) =>
      api.setSmtp({
        ...values,
        port: Number(port),
        user_name: user_name.trim() || null,
        password: password || null,
        sender_name: sender_name.trim() || null,
      }),
    onSaved: (now) => {
      queries.setQueryData(smtpQuery.queryKey, now);
      return valuesOf(now);
    },
    onDirty: dirty,
  });
  const { form } = saved;
  const keepsPassword = isOwn && data.has_password;
  return (
    <form onSubmit={saved.submit} className={classes.form} aria-label="Our own mail server">
      <div className={classes.fields}>
        <TextInput label="Server" placeholder="smtp.example.org" {...form.getInputProps("host")} />
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
      <div className={classes.fields}>
        <TextInput
          label="User name"
          description="Empty when the server asks for none."
          autoComplete="off"
          {...form.getInputProps("user_name")}
        />
        <PasswordInput
          label="Password"
          description={
            keepsPassword ? "Leave it empty to keep the one there is." : "Kept encrypted, never shown."
          }
          autoComplete="new-password"
          visibilityToggleButtonProps={{ "aria-label": "Show the password" }}
          {...form.getInputProps("password")}
        />
      </div>
      <div className={classes.fields}>
        <TextInput label="Sender's name" placeholder="Parley" {...form.getInputProps("sender_name")} />
        <TextInput label="Sender's address" type="email" {...form.getInputProps("sender_email")} />
      </div>
      <SaveBar saved={saved} />
      {isOwn ? (
        <SmtpBack host={data.host} />
      ) : (
        <div>
          <Button variant="subtle" size="sm" onClick={onBack}>
            Keep the installation's server
          </Button>
        </div>
      )}
    </form>
  );
}

const EMPTY: Values = {
  host: "",
  port: 587,
  security: "starttls",
  user_name: "",
  password: "",
  sender_name: "",
  sender_email: "",
};

function valuesOf(data: SmtpSettings): Values {
  const { host, port, security, user_name, sender_name, sender_email } = data;
  return { host, port, security, user_name: user_name ?? "", password: "", sender_name, sender_email };
}

function complaints({ host, port, sender_email }: Values) {
  const isPort = Number.isInteger(Number(port)) && Number(port) >= 1 && Number(port) <= 65535;
  return {
    ...(host.trim() === "" ? { host: "Write the server's name" } : {}),
    ...(isPort ? {} : { port: "Write a port, from 1 to 65535" }),
    ...(/^\S+@\S+$/.test(sender_email) ? {} : { sender_email: "Write an address, like calls@example.org" }),
  };
}
