import { Switch, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { asProblem } from "../../api/problem";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { type ManagementView, manageApi } from "./manage-api";

interface Props {
  link: string;
  view: ManagementView;
  onChanged: () => Promise<unknown>;
}

/** Said before the call: that one would rather write than talk. */
export function InWriting({ link, view, onChanged }: Props) {
  const saying = useMutation({
    mutationFn: (prefers_text: boolean) => manageApi.preferText(link, prefers_text),
    onSuccess: onChanged,
  });
  const shown = saying.isPending ? saying.variables : view.prefers_text;
  return (
    <>
      <Title order={2} size="h4" id="manage-text-title">
        By text
      </Title>
      <Switch
        label="I prefer text"
        description={`${view.owner_name} sees that you would rather write than talk. When you join, it is chosen for you; you can change it there.`}
        checked={shown}
        disabled={saying.isPending}
        onChange={(event) => saying.mutate(event.currentTarget.checked)}
      />
      {saying.error && <ProblemNotice problem={asProblem(saying.error)} />}
    </>
  );
}
