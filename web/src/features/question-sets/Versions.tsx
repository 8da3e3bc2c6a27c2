import { Button, Stack, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { QuestionSet } from "../../api/types";
import { Asked } from "../../ui/Asked";
import { More } from "../../ui/More";
import { SideDrawer } from "../../ui/SideDrawer";
import { When } from "../../ui/When";
import { askingWords } from "./asking-words";
import { draftOf } from "./editor";
import classes from "./question-sets.module.css";
import { type QuestionSetVersion, questionSetsApi } from "./question-sets-api";

interface Props {
  set: QuestionSet;
  /** Into the draft, not saved. */
  onBringBack: (version: QuestionSetVersion) => void;
}

/** What the set was at each save, the newest first; any of them can be brought back. */
export function Versions({ set, onBringBack }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Versions
      </Button>
      <SideDrawer opened={isOpen} onClose={() => setOpen(false)} title={`Versions of “${set.title}”`}>
        {isOpen && (
          <VersionList
            set={set}
            onBringBack={(version) => {
              onBringBack(version);
              setOpen(false);
            }}
          />
        )}
      </SideDrawer>
    </>
  );
}

function VersionList({ set, onBringBack }: Props) {
  const versions = useInfiniteQuery({
    queryKey: ["question-sets", set.question_set_id, "versions"],
    queryFn: ({ pageParam }) => questionSetsApi.versions(set.question_set_id, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
  return (
    <Stack gap="md">
      <Text size="sm">Every save is a version. A call keeps the one it began with.</Text>
      <Asked query={versions} loading="Loading versions" shape={{ rows: 4, height: 64 }}>
        {(data) => (
          <ul className={classes.list}>
            {data.pages
              .flatMap((page) => page.items)
              .map((version) => (
                <Version
                  key={version.version}
                  version={version}
                  isNow={version.version === set.version}
                  onBringBack={onBringBack}
                />
              ))}
          </ul>
        )}
      </Asked>
      <More query={versions} />
    </Stack>
  );
}

interface VersionProps extends Pick<Props, "onBringBack"> {
  version: QuestionSetVersion;
  isNow: boolean;
}

function Version({ version, isNow, onBringBack }: VersionProps) {
  const draft = draftOf({ ...version, time_box_minutes: null });
  return (
    <li className={classes.version} data-testid="version">
      <Text fw={600} size="sm">
        {version.version}. {version.title}
      </Text>
      <Text size="xs" c="dimmed">
        <When iso={version.created_at} />, {version.created_by_name ?? "with the installation"}
      </Text>
      <ol className={classes.texts}>
        {draft.questions.map((question) => (
          <li key={question.key}>
            {question.text}
            <Text size="xs" c="dimmed">
              {askingWords(question, draft.questions)}
            </Text>
          </li>
        ))}
      </ol>
      {isNow ? (
        <Text size="sm" c="dimmed">
          This is how it is now.
        </Text>
      ) : (
        <div>
          <Button
            variant="default"
            size="xs"
            aria-label={`Bring back version ${version.version}`}
            onClick={() => onBringBack(version)}
          >
            Bring back
          </Button>
        </div>
      )}
    </li>
  );
}
