import { Badge, Button, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Device, User } from "../../api/identity";
import { asProblem } from "../../api/problem";
import { useSignOut } from "../../app/session";
import { Asked } from "../../ui/Asked";
import { Confirm } from "../../ui/Confirm";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { When } from "../../ui/When";
import classes from "./devices.module.css";
import { devicesQuery, endDevice } from "./devices-queries";
import { LastSeen } from "./LastSeen";

/** null: oneself. */
type Owner = User | null;

/** Where somebody is signed in, this device first; each can be ended. */
export function Devices({ owner }: { owner: Owner }) {
  const devices = useQuery(devicesQuery(owner?.user_id ?? null));
  return (
    <Asked query={devices} loading="Loading devices" shape={{ rows: 2, height: 64 }}>
      {({ items }) =>
        items.length === 0 ? (
          <Text size="sm" c="dimmed">
            Not signed in anywhere.
          </Text>
        ) : (
          <ul className={classes.devices} data-testid="devices">
            {[...items].sort(thisFirst).map((device) => (
              <Row key={device.device_id} device={device} owner={owner} />
            ))}
          </ul>
        )
      }
    </Asked>
  );
}

const thisFirst = (a: Device, b: Device) =>
  Number(b.is_this) - Number(a.is_this) || b.last_seen_at.localeCompare(a.last_seen_at);

function Row({ device, owner }: { device: Device; owner: Owner }) {
  return (
    <li className={classes.device}>
      <div className={classes.words}>
        <Text size="sm" fw={600} component="div" className={classes.label}>
          {device.label}
          {device.is_this && (
            <Badge variant="light" tt="none">
              This device
            </Badge>
          )}
        </Text>
        <Text size="sm" c="dimmed">
          Last seen: {device.is_this ? "now" : <LastSeen iso={device.last_seen_at} />}
          <br />
          Signed in: <When iso={device.created_at} />
        </Text>
      </div>
      {device.is_this ? <SignOut /> : <End device={device} owner={owner} />}
    </li>
  );
}

function SignOut() {
  const signOut = useSignOut();
  return (
    <>
      <Button variant="default" onClick={() => signOut.mutate()} loading={signOut.isPending}>
        Sign out
      </Button>
      {signOut.error && (
        <div className={classes.problem}>
          <ProblemNotice problem={asProblem(signOut.error)} />
        </div>
      )}
    </>
  );
}

function End({ device, owner }: { device: Device; owner: Owner }) {
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const userId = owner?.user_id ?? null;
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)} aria-label={`End ${device.label}`}>
        End
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={`End ${device.label}?`}
        keep="Keep it"
        go="End it"
        onGo={async () => {
          await endDevice(userId, device.device_id);
          await queries.invalidateQueries({ queryKey: devicesQuery(userId).queryKey });
        }}
      >
        {owner
          ? `${owner.name} is signed out there within seconds and can sign in again.`
          : "It is signed out within seconds. You can sign in there again."}
      </Confirm>
    </>
  );
}
