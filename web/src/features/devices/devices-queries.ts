import { queryOptions } from "@tanstack/react-query";
import { ask, tell } from "../../api/client";
import type { Device } from "../../api/identity";

const place = (userId: string | null) =>
  userId === null ? "/me/devices" : `/users/${encodeURIComponent(userId)}/devices`;

/** `userId` null: one's own. Under the person's own name, so that a change of the person asks again. */
export const devicesQuery = (userId: string | null) =>
  queryOptions({
    queryKey: userId === null ? ["me", "devices"] : ["users", userId, "devices"],
    queryFn: () => ask<{ items: Device[] }>("GET", place(userId)),
  });

export const endDevice = (userId: string | null, deviceId: string) =>
  tell("DELETE", `${place(userId)}/${encodeURIComponent(deviceId)}`);
