import { Button, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Asked } from "../../ui/Asked";
import { When } from "../../ui/When";
import { LastSeen } from "../profile/LastSeen";
import { Confirm } from "./Confirm";
import classes from "./people.module.css";
import { peopleApi } from "./people-api";
import { devicesQuery } from "./people-queries";
import type { Device, User } from "./types";

/** Where they are signed in; each can be ended. */
export function Devices({ user }: { user: User }) {
  const devices = useQuery(devicesQuery(user.user_id));
  return (
    <Asked query={devices} loading="Loading devices" shape={{ rows: 2, height: 56 }}>
      {({ items }) =>
        items.length === 0 ? (
          <Text size="sm" c="dimmed">
            {user.name} is not signed in anywhere.
          </Text>
        ) : (
          <ul className={classes.rows} data-testid="devices">
            {items.map((device) => (
              <Row key={device.device_id} device={device} user={user} />
            ))}
          </ul>
        )
      }
    </Asked>
  );
}

function Row({ device, user }: { device: Device; user: User }) {
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  return (
    <li className={classes.row}>
      <div className={classes.rowWords}>
        <Text size="sm" fw={600}>
          {device.label}
          {device.is_this && " (this device)"}
        </Text>
        <Text size="sm" c="dimmed">
          Last seen: <LastSeen iso={device.last_seen_at} />
          <br />
          Signed in: <When iso={device.created_at} />
        </Text>
      </div>
      <Button variant="default" size="xs" onClick={() => setAsking(true)} aria-label={`End ${device.label}`}>
        End
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={`End ${device.label}?`}
        keep="Keep it"
        go="End it"
        onGo={async () => {
          await peopleApi.endDevice(user.user_id, device.device_id);
          await queries.invalidateQueries({ queryKey: devicesQuery(user.user_id).queryKey });
        }}
      >
        {device.is_this
          ? "This is the device you are using now. You can sign in again."
          : `${user.name} is signed out there within seconds and can sign in again.`}
      </Confirm>
    </li>
  );
}
