import { Badge, Button, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../../api/client";
import type { Device } from "../../api/identity";
import { asProblem } from "../../api/problem";
import { useSignOut } from "../../app/session";
import { Asked } from "../../ui/Asked";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { When } from "../../ui/When";
import { LastSeen } from "./LastSeen";
import classes from "./profile.module.css";
import { devicesQuery } from "./profile-queries";

/** Where one is signed in; any of them can be ended. */
export function Devices() {
  const devices = useQuery(devicesQuery);
  return (
    <>
      <Text size="sm" c="dimmed" className={classes.reading}>
        If you do not know one of these, end it: it is signed out at once. Tell an admin, too.
      </Text>
      <Asked query={devices} loading="Loading devices" shape={{ rows: 2, height: 64 }}>
        {({ items }) => (
          <ul className={classes.devices}>
            {[...items].sort(thisFirst).map((device) => (
              <DeviceRow key={device.device_id} device={device} />
            ))}
          </ul>
        )}
      </Asked>
    </>
  );
}

const thisFirst = (a: Device, b: Device) =>
  Number(b.is_this) - Number(a.is_this) || b.last_seen_at.localeCompare(a.last_seen_at);

function DeviceRow({ device }: { device: Device }) {
  const queries = useQueryClient();
  const signOut = useSignOut();
  const ending = useMutation({
    mutationFn: () => api.endMyDevice(device.device_id),
    onSettled: () => queries.invalidateQueries(devicesQuery),
  });
  const error = signOut.error ?? ending.error;
  return (
    <li className={classes.device}>
      <div className={classes.words}>
        <Text fw={600} component="div" className={classes.label}>
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
      {device.is_this ? (
        <Button variant="default" onClick={() => signOut.mutate()} loading={signOut.isPending}>
          Sign out
        </Button>
      ) : (
        <Button
          variant="default"
          aria-label={`End ${device.label}`}
          onClick={() => ending.mutate()}
          loading={ending.isPending}
        >
          End
        </Button>
      )}
      {error && (
        <div className={classes.problem}>
          <ProblemNotice problem={asProblem(error)} />
        </div>
      )}
    </li>
  );
}
