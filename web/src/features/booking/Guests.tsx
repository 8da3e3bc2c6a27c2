import { ActionIcon, Button, Select, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useMemo } from "react";
import { Section } from "../../ui/Page";
import { zoneOptions } from "../../ui/zones";
import { MOST_GUESTS } from "./booking";
import classes from "./booking.module.css";
import type { BookingForm } from "./useBooking";

/** Who is invited; each of them gets a link of their own. */
export function Guests({ form, onAdd }: { form: BookingForm; onAdd: () => void }) {
  const { invitees, time_zone } = form.values;
  const zones = useMemo(() => zoneOptions(), []);
  return (
    <Section title="Guests">
      {invitees.map((guest, n) => (
        <fieldset key={guest.key} className={classes.guest}>
          <legend className={classes.legend}>Guest {n + 1}</legend>
          <TextInput
            label="Name"
            autoComplete="off"
            maxLength={200}
            {...form.getInputProps(`invitees.${n}.name`)}
          />
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="off"
            maxLength={254}
            {...form.getInputProps(`invitees.${n}.email`)}
          />
          <Select
            label="Time zone"
            placeholder={`As the call: ${time_zone.replaceAll("_", " ")}`}
            data={zones}
            searchable
            clearable
            limit={60}
            clearButtonProps={{ "aria-label": "As the call" }}
            {...form.getInputProps(`invitees.${n}.time_zone`)}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            className={classes.remove ?? ""}
            aria-label={`Remove guest ${n + 1}`}
            onClick={() => form.removeListItem("invitees", n)}
          >
            <IconTrash size={18} aria-hidden />
          </ActionIcon>
        </fieldset>
      ))}
      {form.errors.invitees && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {form.errors.invitees}
        </Text>
      )}
      <div>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={onAdd}
          disabled={invitees.length >= MOST_GUESTS}
        >
          Add a guest
        </Button>
        {invitees.length >= MOST_GUESTS && (
          <Text size="sm" c="dimmed" mt={4}>
            Ten people fit into a room: nine guests and whoever leads.
          </Text>
        )}
      </div>
    </Section>
  );
}
