import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { leadQuery } from "../../api/queries";
import { useSignedIn } from "../../app/session";
import { Asked } from "../../ui/Asked";
import { Page } from "../../ui/Page";
import { BookingFormView } from "./BookingFormView";

/** Books a call; the address may name the lead it is with. */
export function BookingPage() {
  const { lead: leadId } = useSearch({ from: "/shell/calls/new" });
  const me = useSignedIn();
  return (
    <Page title="Book a call" below="Each guest gets a link of their own. Nothing is sent before you book.">
      {leadId ? <WithLead leadId={leadId} key={leadId} /> : <BookingFormView me={me} lead={null} />}
    </Page>
  );
}

function WithLead({ leadId }: { leadId: string }) {
  const me = useSignedIn();
  const lead = useQuery(leadQuery(leadId));
  return (
    <Asked query={lead} loading="Loading the lead" shape={{ rows: 5, height: 60 }}>
      {(data) => <BookingFormView me={me} lead={data} />}
    </Asked>
  );
}
