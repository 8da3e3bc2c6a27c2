import { useInfiniteQuery } from "@tanstack/react-query";
import { callListQuery } from "../../api/queries";
import { Asked } from "../../ui/Asked";
import { More } from "../../ui/More";
import { Empty, Section } from "../../ui/Page";
import { CallRow } from "./CallRow";
import classes from "./calls.module.css";

/** What a search found, the newest first. */
export function Found({ words }: { words: string }) {
  const calls = useInfiniteQuery(callListQuery({ search: words, order: "latest" }));
  return (
    <Section title={`Calls with “${words}”`} id="found">
      <Asked query={calls} loading="Searching calls" shape={{ rows: 3, height: 76 }}>
        {(data) => {
          const items = data.pages.flatMap((page) => page.items);
          if (items.length === 0) {
            return (
              <Empty title="No call has these words">
                Titles, leads, companies and guests are searched. Try fewer letters.
              </Empty>
            );
          }
          return (
            <ul className={classes.list}>
              {items.map((call) => (
                <CallRow key={call.call_id} call={call} />
              ))}
            </ul>
          );
        }}
      </Asked>
      <More query={calls} />
    </Section>
  );
}
