import { ActionIcon, Group, NativeSelect, NumberInput, PasswordInput, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconArrowDown, IconArrowUp, IconTrash } from "@tabler/icons-react";
import forms from "../../ui/Form.module.css";
import { SECURITY, type ServerRow } from "./mail-servers";

interface Props {
  form: UseFormReturnType<{ items: ServerRow[] }>;
  n: number;
}

/** One server of the organization, and its place in the order. */
export function ServerFields({ form, n }: Props) {
  const { items } = form.values;
  const at = (field: keyof ServerRow) => form.getInputProps(`items.${n}.${field}`);
  return (
    <>
      <Group gap={4} justify="flex-end">
        <ActionIcon
          variant="default"
          aria-label={`Try server ${n + 1} earlier`}
          disabled={n === 0}
          onClick={() => form.reorderListItem("items", { from: n, to: n - 1 })}
        >
          <IconArrowUp size={18} aria-hidden />
        </ActionIcon>
        <ActionIcon
          variant="default"
          aria-label={`Try server ${n + 1} later`}
          disabled={n === items.length - 1}
          onClick={() => form.reorderListItem("items", { from: n, to: n + 1 })}
        >
          <IconArrowDown size={18} aria-hidden />
        </ActionIcon>
        <ActionIcon
          variant="default"
          aria-label={`Remove server ${n + 1}`}
          onClick={() => form.removeListItem("items", n)}
        >
          <IconTrash size={18} aria-hidden />
        </ActionIcon>
      </Group>
      <div className={forms.fields}>
        <TextInput label="Server" placeholder="smtp.example.org" {...at("host")} />
        <NumberInput
          label="Port"
          min={1}
          max={65535}
          clampBehavior="none"
          allowDecimal={false}
          hideControls
          {...at("port")}
        />
      </div>
      <NativeSelect label="Security" data={SECURITY} {...at("security")} />
      <div className={forms.fields}>
        <TextInput
          label="User name"
          description="Empty when the server asks for none."
          autoComplete="off"
          {...at("user_name")}
        />
        <PasswordInput
          label="Password"
          description={
            items[n]?.has_password
              ? "Leave it empty to keep the one there is."
              : "Kept encrypted, never shown."
          }
          autoComplete="new-password"
          visibilityToggleButtonProps={{ "aria-label": "Show the password" }}
          {...at("password")}
        />
      </div>
      <div className={forms.fields}>
        <TextInput label="Sender's name" placeholder="Parley" {...at("sender_name")} />
        <TextInput label="Sender's address" type="email" {...at("sender_email")} />
      </div>
      <NumberInput
        label="Mails in a minute"
        description="Empty: as many as the server takes. What is too much waits."
        min={1}
        clampBehavior="none"
        allowDecimal={false}
        hideControls
        {...at("mails_a_minute")}
      />
    </>
  );
}
