import { Button, Modal, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import type { Me } from "../../api/types";
import { useSignedIn } from "../../app/session";
import { Asked } from "../../ui/Asked";
import { Empty, Page } from "../../ui/Page";
import { Notice } from "../../ui/ProblemNotice";
import { useAddress } from "../../ui/useAddress";
import { InviteForm } from "./InviteForm";
import { NewTeamForm } from "./NewTeamForm";
import { PeopleList } from "./PeopleList";
import { PersonDrawer } from "./PersonDrawer";
import classes from "./people.module.css";
import { peopleQuery, teamsQuery } from "./people-queries";
import { TeamDrawer } from "./TeamDrawer";
import { TeamList } from "./TeamList";
import type { User } from "./types";

/** Whoever was invited comes when they like, and the page that waits for them shows it. */
const ASKED_EVERY_MS = 15_000;

/** Who works here, in which teams, and who answers for whom. */
export function PeoplePage() {
  const me = useSignedIn();
  if (me.role !== "admin") {
    return (
      <Page title="People">
        <Empty title="People and teams are for admins">
          Ask an admin of {me.organization_name} to invite somebody or to change what they may do.
        </Empty>
      </Page>
    );
  }
  return <People me={me} />;
}

function People({ me }: { me: Me }) {
  const [{ part, search, person, team }, change] = useAddress(["part", "search", "person", "team"]);
  const [isNew, setNew] = useState(false);
  const [invited, setInvited] = useState<User | null>(null);
  const users = useQuery({ ...peopleQuery, refetchInterval: ASKED_EVERY_MS });
  const teams = useQuery(teamsQuery);
  const isTeams = part === "teams";
  const onSearch = useCallback((words: string) => change({ search: words }), [change]);
  const onClose = useCallback(() => change({ person: "", team: "" }), [change]);
  return (
    <Page
      title="People"
      below={me.organization_name}
      actions={
        <Button variant="default" onClick={() => setNew(true)}>
          {isTeams ? "New team" : "Invite a person"}
        </Button>
      }
    >
      {invited && (
        <Notice title={`${invited.name} is invited`} good>
          They come in by the link in the mail to {invited.email}.
        </Notice>
      )}
      <Tabs
        value={isTeams ? "teams" : "people"}
        onChange={(value) => change({ part: value === "teams" ? "teams" : "", search: "" })}
        keepMounted={false}
      >
        <Tabs.List>
          <Tabs.Tab value="people">People</Tabs.Tab>
          <Tabs.Tab value="teams">Teams</Tabs.Tab>
        </Tabs.List>
        {(["people", "teams"] as const).map((value) => (
          <Tabs.Panel key={value} value={value} className={classes.panel ?? ""}>
            <Asked query={users} loading="Loading people" shape={{ rows: 6, height: 36 }}>
              {({ items }) => (
                <Asked query={teams} loading="Loading teams" shape={{ rows: 6, height: 36 }}>
                  {(found) =>
                    value === "people" ? (
                      <PeopleList
                        users={items}
                        teams={found.items}
                        search={search ?? ""}
                        onSearch={onSearch}
                        onInvite={() => setNew(true)}
                      />
                    ) : (
                      <TeamList teams={found.items} onNew={() => setNew(true)} />
                    )
                  }
                </Asked>
              )}
            </Asked>
          </Tabs.Panel>
        ))}
      </Tabs>
      {users.data && teams.data && (
        <>
          <PersonDrawer
            userId={person ?? null}
            users={users.data.items}
            teams={teams.data.items}
            me={me}
            onClose={onClose}
          />
          <TeamDrawer
            teamId={team ?? null}
            users={users.data.items}
            teams={teams.data.items}
            onClose={onClose}
            onDeleted={() => change({ team: "" }, { ignoreBlocker: true })}
          />
        </>
      )}
      <Modal
        opened={isNew}
        onClose={() => setNew(false)}
        title={isTeams ? "New team" : "Invite a person"}
        centered
      >
        {isTeams ? (
          <NewTeamForm
            onMade={(made) => {
              setNew(false);
              change({ team: made.team_id });
            }}
            onCancel={() => setNew(false)}
          />
        ) : (
          <InviteForm
            teams={teams.data?.items ?? []}
            onInvited={(user) => {
              setNew(false);
              setInvited(user);
            }}
            onCancel={() => setNew(false)}
          />
        )}
      </Modal>
    </Page>
  );
}
