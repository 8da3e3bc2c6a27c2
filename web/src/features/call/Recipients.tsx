import { Text } from "@mantine/core";
import type { Recipient } from "../../api/types";
import classes from "./call.module.css";
import { addressees } from "./notice-words";

/** Who is written to, and with what. */
export function Recipients({ recipients }: { recipients: readonly Recipient[] }) {
  if (recipients.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        Nobody is written to about this call.
      </Text>
    );
  }
  return (
    <ul className={classes.recipients} data-testid="recipients">
      {addressees(recipients).map(({ name, email, why, suppressed, notices }) => (
        <li key={email + why}>
          <Text size="sm">
            {name || email}{" "}
            <Text size="sm" c="dimmed" span>
              ({why}, {email})
            </Text>
          </Text>
          <Text size="sm" c="dimmed">
            {suppressed
              ? "Gets no mail: the address was dead, or its person asked for none."
              : notices.join(" · ")}
          </Text>
        </li>
      ))}
    </ul>
  );
}
