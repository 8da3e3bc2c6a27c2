import { Anchor } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { asProblem } from "../../api/problem";
import { questionSetQuery } from "../../api/queries";
import { Asked } from "../../ui/Asked";
import { Page } from "../../ui/Page";
import { Editor } from "./Editor";

export function NewQuestionSetPage() {
  return <Editor set={null} above={<Back />} />;
}

export function QuestionSetPage() {
  const { questionSetId } = useParams({ from: "/shell/question-sets/$questionSetId" });
  // What somebody is writing must not be replaced under their hands.
  const set = useQuery({ ...questionSetQuery(questionSetId), refetchOnWindowFocus: false });
  if (set.data) return <Editor key={questionSetId} set={set.data} above={<Back />} />;
  const isGone = set.error !== null && asProblem(set.error).status === 404;
  return (
    <Page
      title={isGone ? "This question set is not here" : "Question set"}
      above={<Back />}
      hidden={set.error === null}
    >
      <Asked query={set} loading="Loading the question set" shape={{ rows: 4, height: 88 }}>
        {() => null}
      </Asked>
    </Page>
  );
}

function Back() {
  return (
    <Anchor component={Link} to="/question-sets" size="sm" underline="always">
      Question sets
    </Anchor>
  );
}
