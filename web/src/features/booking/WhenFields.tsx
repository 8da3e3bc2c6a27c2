import { Anchor, Select, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { conflictsQuery } from "../../api/queries";
import { Section } from "../../ui/Page";
import { Notice } from "../../ui/ProblemNotice";
import { formatMinutes } from "../../ui/time";
import { When } from "../../ui/When";
import { formatIn, myZone, sameClock, zoneOptions } from "../../ui/zones";
import { addressesOf, conflictWords, isWritten, startOf } from "./booking";
import classes from "./booking.module.css";
import type { BookingForm } from "./useBooking";

const LENGTHS = [15, 30, 45, 60, 90, 120];

interface Props {
  form: BookingForm;
  /** The call that is moved is no conflict of its own. */
  moved?: string | undefined;
}

export function WhenFields({ form, moved }: Props) {
  const zones = useMemo(() => zoneOptions(), []);
  const { duration_minutes } = form.values;
  return (
    <Section title="When">
      <div className={classes.when}>
        <TextInput type="date" label="Day" {...form.getInputProps("day")} />
        <TextInput type="time" label="Time" {...form.getInputProps("time")} />
        <Select
          label="Time zone"
          data={zones}
          searchable
          allowDeselect={false}
          limit={60}
          {...form.getInputProps("time_zone")}
        />
        <Select
          label="Length"
          data={lengths(duration_minutes).map((minutes) => ({
            value: String(minutes),
            label: formatMinutes(minutes),
          }))}
          allowDeselect={false}
          value={String(duration_minutes)}
          onChange={(value) => form.setFieldValue("duration_minutes", Number(value))}
          error={form.errors.duration_minutes}
        />
      </div>
      <Clocks form={form} />
      <Conflicts form={form} moved={moved} />
    </Section>
  );
}

/** The usual ones, and the one it has. */
function lengths(minutes: number): number[] {
  return [...new Set([...LENGTHS, minutes])].sort((a, b) => a - b);
}

/** The time as each of them will read it: mine, and the guests' where their clocks differ. */
export function Clocks({ form }: { form: BookingForm }) {
  const start = startOf(form.values);
  if (start === null) return null;
  const iso = start.toISOString();
  const mine = myZone();
  const guests = form.values.invitees.filter(isWritten).map((guest, n) => ({
    key: guest.key,
    name: guest.name.trim() || `Guest ${n + 1}`,
    zone: guest.time_zone ?? form.values.time_zone,
  }));
  const elsewhere = guests.filter(({ zone }) => !sameClock(start, zone, mine));
  return (
    <dl className={classes.clocks} aria-live="polite" data-testid="clocks">
      <div>
        <dt>You</dt>
        <dd>
          {formatIn(iso, mine)}, {mine.replaceAll("_", " ")}
        </dd>
      </div>
      {elsewhere.map(({ key, name, zone }) => (
        <div key={key}>
          <dt>{name}</dt>
          <dd>
            {formatIn(iso, zone)}, {zone.replaceAll("_", " ")}
          </dd>
        </div>
      ))}
      {guests.length > 0 && elsewhere.length === 0 && (
        <div>
          <dt>Guests</dt>
          <dd>the same time</dd>
        </div>
      )}
    </dl>
  );
}

/** What else the owner and the guests have then: a warning, not a wall. */
export function Conflicts({ form, moved }: Props) {
  const { owner_id, duration_minutes, invitees } = form.values;
  const start = startOf(form.values);
  const email = addressesOf(invitees);
  const conflicts = useQuery({
    ...conflictsQuery({
      owner_id,
      starts_at: start?.toISOString() ?? "",
      duration_minutes,
      email,
      moved: moved ?? null,
    }),
    enabled: start !== null && owner_id !== "",
  });
  const items = conflicts.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Notice title={conflictWords(items, owner_id, email)}>
      {items.map((call) => (
        <Text key={call.call_id} size="sm" span display="block">
          <Anchor
            inherit
            underline="always"
            c="inherit"
            renderRoot={(props) => (
              <Link {...props} to="/calls/$callId" params={{ callId: call.call_id }} target="_blank" />
            )}
          >
            {call.title}
          </Anchor>
          , <When iso={call.starts_at} />, {formatMinutes(call.duration_minutes)}
        </Text>
      ))}
      {moved ? "You can move it there all the same." : "You can book it all the same."}
    </Notice>
  );
}
