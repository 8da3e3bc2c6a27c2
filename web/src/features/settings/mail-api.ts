import { ask, tell } from "../../api/client";
import type {
  Inbox,
  InboxBody,
  MailServer,
  MailServerBody,
  MailServerTest,
  SuppressedAddress,
} from "../../api/settings";

const tests = (serverId: string) => `/settings/mail-servers/${encodeURIComponent(serverId)}/tests`;
const suppressed = ({ address, scope }: SuppressedAddress) =>
  `/suppressed-addresses/${encodeURIComponent(address)}/${encodeURIComponent(scope)}`;

export const mailApi = {
  servers: () => ask<{ items: MailServer[] }>("GET", "/settings/mail-servers"),
  /** The own ones only, in their order. */
  setServers: (items: MailServerBody[]) =>
    ask<{ items: MailServer[] }>("PUT", "/settings/mail-servers", { items }),
  test: (serverId: string) => ask<MailServerTest>("POST", tests(serverId), {}),
  testResult: (serverId: string, testId: string) =>
    ask<MailServerTest>("GET", `${tests(serverId)}/${encodeURIComponent(testId)}`),

  inbox: () => ask<Inbox | null>("GET", "/settings/inbox"),
  setInbox: (body: InboxBody) => ask<Inbox>("PUT", "/settings/inbox", body),
  dropInbox: () => tell("DELETE", "/settings/inbox"),

  suppressed: () => ask<{ items: SuppressedAddress[] }>("GET", "/suppressed-addresses"),
  lift: (one: SuppressedAddress) => tell("DELETE", suppressed(one)),
};
