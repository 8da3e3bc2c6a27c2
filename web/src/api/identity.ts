/** Who signs in, and from where. */

import type * as made from "./generated";

export type { LinkView, UserRole, UserStatus, WaysIn } from "./generated";

export type User = made.Colleague;
export type Device = made.DeviceView;
export type MeChange = made.ChangedProfile;
export type DemoPerson = made.DemoSignIn["as"];

/** null: what is known stays. */
export type LinkUse = Required<made.UsedLink>;
