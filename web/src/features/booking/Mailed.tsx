import { Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Section } from "../../ui/Page";
import { callApi } from "../call/call-api";
import { Recipients } from "../call/Recipients";
import { asNewCall, mistakes } from "./booking";
import type { BookingForm } from "./useBooking";

const REST_MS = 500;

/** Who would be written to if it were booked so, and with what. */
export function Mailed({ form }: { form: BookingForm }) {
  const [booking] = useDebouncedValue(form.values, REST_MS);
  const isWhole = Object.keys(mistakes(booking, false, new Date())).length === 0;
  const body = isWhole ? asNewCall(booking, false, new Date()) : null;
  const recipients = useQuery({
    queryKey: ["calls", "recipients", body],
    queryFn: () => (body ? callApi.recipientsOf(body) : { items: [] }),
    enabled: body !== null,
    placeholderData: keepPreviousData,
  });
  const shown = isWhole && !recipients.error ? recipients.data : undefined;
  return (
    <Section title="Who is written to">
      {shown ? (
        <Recipients recipients={shown.items} />
      ) : (
        <Text size="sm" c="dimmed">
          {recipients.error
            ? "It cannot be shown now. Nothing is sent before you book."
            : "It stands here when the form is filled in. Nothing is sent before you book."}
        </Text>
      )}
    </Section>
  );
}
