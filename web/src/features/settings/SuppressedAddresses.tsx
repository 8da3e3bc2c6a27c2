import { Button, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { SuppressedAddress } from "../../api/settings";
import { Asked } from "../../ui/Asked";
import { Confirm } from "../../ui/Confirm";
import forms from "../../ui/Form.module.css";
import { When } from "../../ui/When";
import { mailApi } from "./mail-api";
import classes from "./settings.module.css";
import { suppressedQuery } from "./settings-queries";

const WHY: Record<SuppressedAddress["reason"], string> = {
  bounced: "Their server says that there is nobody with this address",
  complained: "They complained about a mail",
  asked: "They asked for it",
  set: "Set by an admin",
};

/** Who gets no mail, and their way off that list. */
export function SuppressedAddresses() {
  const addresses = useQuery(suppressedQuery);
  return (
    <Asked query={addresses} loading="Loading the addresses" shape={{ rows: 2, height: 44 }}>
      {({ items }) =>
        items.length === 0 ? (
          <Text size="sm" c="dimmed">
            Every address can be written to.
          </Text>
        ) : (
          <ul className={classes.addresses} data-testid="suppressed">
            {items.map((one) => (
              <Line key={`${one.address} ${one.scope}`} one={one} />
            ))}
          </ul>
        )
      }
    </Asked>
  );
}

function Line({ one }: { one: SuppressedAddress }) {
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  return (
    <li>
      <div className={forms.said}>
        <Text size="sm" fw={600}>
          {one.address}
        </Text>
        <Text size="sm" c="dimmed">
          {one.scope === "reminders" ? "No reminders" : "No mail at all"} · {WHY[one.reason]} ·{" "}
          <When iso={one.created_at} />
        </Text>
        {one.detail && (
          <Text size="sm" c="dimmed">
            {one.detail}
          </Text>
        )}
      </div>
      <Button
        variant="default"
        size="xs"
        onClick={() => setAsking(true)}
        aria-label={`Write to ${one.address} again`}
      >
        Write again
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Write to ${one.address} again?`}
        keep="Leave it"
        go="Write again"
        onGo={async () => {
          await mailApi.lift(one);
          await queries.invalidateQueries(suppressedQuery);
        }}
      >
        {one.reason === "bounced"
          ? "If the address is still dead, the next mail bounces and it comes back to this list."
          : "They did not want these mails. Write again only if they told you so."}
      </Confirm>
    </li>
  );
}
