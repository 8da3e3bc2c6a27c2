import { Switch, Text } from "@mantine/core";
import { Section } from "../../ui/Page";
import { withSwitch } from "./booking";
import classes from "./booking.module.css";
import { SWITCHES } from "./switches";
import type { BookingForm } from "./useBooking";

export function SwitchList({ form }: { form: BookingForm }) {
  const { switches } = form.values;
  return (
    <Section title="What happens in the call">
      <div className={classes.switches}>
        {SWITCHES.map(({ name, word, on, off }) => {
          const needsTranscript = (name === "coaching" || name === "sentiment") && !switches.transcript;
          return (
            <Switch
              key={name}
              label={word}
              description={needsTranscript ? "Off: it needs the transcript." : switches[name] ? on : off}
              checked={switches[name]}
              disabled={needsTranscript}
              error={form.errors[`switches.${name}`]}
              onChange={(event) =>
                form.setFieldValue("switches", withSwitch(switches, name, event.currentTarget.checked))
              }
            />
          );
        })}
      </div>
      {form.errors.switches && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {form.errors.switches}
        </Text>
      )}
    </Section>
  );
}
