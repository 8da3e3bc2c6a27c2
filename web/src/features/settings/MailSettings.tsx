import { Button, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { MailServer } from "../../api/settings";
import type { Me } from "../../api/types";
import { Asked } from "../../ui/Asked";
import forms from "../../ui/Form.module.css";
import { Notice } from "../../ui/ProblemNotice";
import { SaveBar } from "../../ui/SaveBar";
import { useSaved } from "../../ui/useSaved";
import { When } from "../../ui/When";
import { MailTest } from "./MailTest";
import { mailApi } from "./mail-api";
import { bodyOf, complaints, emptyRow, MOST_SERVERS, rowsOf, type ServerRow } from "./mail-servers";
import { ServerFields } from "./ServerFields";
import classes from "./settings.module.css";
import { mailServersQuery } from "./settings-queries";

interface Props {
  me: Me;
  onDirty: (dirty: boolean) => void;
}

/** The servers that send the organization's mails, in the order in which they are tried. */
export function MailSettings({ me, onDirty }: Props) {
  const servers = useQuery(mailServersQuery);
  return (
    <Asked query={servers} loading="Loading the mail servers" shape={{ rows: 2, height: 60 }}>
      {({ items }) => <Servers servers={items} me={me} onDirty={onDirty} />}
    </Asked>
  );
}

function Servers({ servers, me, onDirty }: Props & { servers: MailServer[] }) {
  const queries = useQueryClient();
  const saved = useSaved<{ items: ServerRow[] }, { items: MailServer[] }>({
    initial: { items: rowsOf(servers) },
    validate: complaints,
    save: ({ items }) => mailApi.setServers(items.map(bodyOf)),
    onSaved: (now) => {
      queries.setQueryData(mailServersQuery.queryKey, now);
      return { items: rowsOf(now.items) };
    },
    onDirty,
  });
  const { form } = saved;
  const { items } = form.values;
  const unsaved = form.isDirty();
  const last = servers.find(({ source }) => source !== "own");
  return (
    <form onSubmit={saved.submit} className={forms.form} noValidate aria-label="Mail servers">
      {items.length > 0 && (
        <Text size="sm" c="dimmed">
          A mail goes to the first server. When that one does not answer, the next is tried.
        </Text>
      )}
      {items.map((row, n) => (
        <fieldset key={row.key} className={classes.server}>
          <legend className={classes.serverName}>
            {n + 1}. {row.host || "New server"}
          </legend>
          <ServerProblem server={servers.find(({ server_id }) => server_id === row.server_id)} />
          <ServerFields form={form} n={n} />
          {row.server_id && <MailTest serverId={row.server_id} address={me.email} unsaved={unsaved} />}
        </fieldset>
      ))}
      <div className={classes.lastServer} data-testid="last-server">
        <Text size="sm">{lastWords(last, items.length)}</Text>
        {last && <MailTest serverId={last.server_id} address={me.email} unsaved={unsaved} />}
      </div>
      <div>
        <Button
          variant="default"
          onClick={() => form.insertListItem("items", emptyRow())}
          disabled={items.length >= MOST_SERVERS}
        >
          {items.length === 0 ? "Use our own mail server" : "Add a server"}
        </Button>
      </div>
      <SaveBar saved={saved} />
    </form>
  );
}

/** Why a server does not let us in; the one who reads it here can mend it. */
function ServerProblem({ server }: { server: MailServer | undefined }) {
  if (!server?.problem || !server.problem_at) return null;
  return (
    <Notice title="This server does not let us in">
      {server.problem}
      <br />
      That was <When iso={server.problem_at} />. Mend the user name or the password, then send yourself a test
      mail. Until then mails go by the next server, or wait.
    </Notice>
  );
}

/** What is tried when the own ones are out, or alone. */
function lastWords(last: MailServer | undefined, own: number): string {
  if (last === undefined) {
    return own > 0
      ? "There is no other server behind these."
      : "No mail server is set where Parley is installed, so mails are not sent.";
  }
  const { source, host, port, sender_email } = last;
  if (source === "mailbox") return "Mails do not leave this installation: they go to the mailbox here.";
  return own > 0
    ? `At last the installation's server ${host}:${port} is tried. It sends as ${sender_email}.`
    : `The installation's server ${host}:${port} sends your mails as ${sender_email}.`;
}
