import { Anchor, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { asProblem } from "../../api/problem";
import { PaperPage } from "../../ui/PaperPage";
import { LinkProblem, OverPage } from "../join/ClosedPages";
import { InvitationHead } from "../join/InvitationHead";
import { useLink } from "../join/link";
import { CannotCome } from "./CannotCome";
import { InWriting } from "./InWriting";
import { Move } from "./Move";
import classes from "./manage.module.css";
import { type ManagementView, manageApi } from "./manage-api";

/** What a guest may change by their link. Opening it changes nothing: programs that look into mails do that too. */
export function ManagePage() {
  const link = useLink();
  if (link === null) return <LinkProblem problem={null} />;
  return <Managed key={link} link={link} />;
}

function Managed({ link }: { link: string }) {
  const [isOut, setOut] = useState(false);
  const view = useQuery({
    // The link is a secret; this key never leaves the page's memory.
    queryKey: ["manage", link],
    queryFn: () => manageApi.view(link),
    enabled: !isOut,
  });
  if (isOut && view.data) return <OutPage view={view.data} />;
  if (view.isPending) return <Loading />;
  if (!view.data) {
    return (
      <LinkProblem
        problem={asProblem(view.error)}
        onRetry={() => void view.refetch()}
        retrying={view.isFetching}
      />
    );
  }
  const { why_not } = view.data;
  if (why_not !== null && why_not !== "early") return <OverPage join={view.data} />;
  return <Choices link={link} view={view.data} onChanged={() => view.refetch()} onOut={() => setOut(true)} />;
}

interface ChoicesProps {
  link: string;
  view: ManagementView;
  onChanged: () => Promise<unknown>;
  onOut: () => void;
}

function Choices({ link, view, onChanged, onOut }: ChoicesProps) {
  const wanted = useSearch({ from: "/manage" }).do;
  useEffect(() => {
    // The mail has a link for each of the three.
    document.getElementById(`manage-${wanted}`)?.scrollIntoView({ block: "start" });
  }, [wanted]);
  return (
    <PaperPage title={view.title} above={<InvitationHead join={view} />}>
      <Text>
        <Anchor href={`/join#${link}`} underline="always">
          To the call
        </Anchor>
      </Text>
      <section id="manage-move" className={classes.part} aria-labelledby="manage-move-title">
        <Move link={link} view={view} onChanged={onChanged} />
      </section>
      <section id="manage-text" className={classes.part} aria-labelledby="manage-text-title">
        <InWriting link={link} view={view} onChanged={onChanged} />
      </section>
      <section id="manage-cancel" className={classes.part} aria-labelledby="manage-cancel-title">
        <CannotCome link={link} view={view} isWanted={wanted === "cancel"} onOut={onOut} />
      </section>
    </PaperPage>
  );
}

function OutPage({ view }: { view: ManagementView }) {
  return (
    <PaperPage title="You are out of this call" above={view.title}>
      <Text role="status">
        {view.owner_name} is told. If you have left an address, a mail takes the call out of your calendar.
      </Text>
    </PaperPage>
  );
}

function Loading() {
  return (
    <PaperPage hiddenTitle="Loading your invitation">
      <div role="status" aria-label="Loading your invitation">
        <Skeleton height={16} width="50%" mb={12} />
        <Skeleton height={30} width="85%" mb={24} />
        <Skeleton height={160} mb={16} />
        <Skeleton height={90} />
      </div>
    </PaperPage>
  );
}
