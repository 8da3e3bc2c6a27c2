import { Text } from "@mantine/core";
import { asProblem } from "../../api/problem";
import { Notice, ProblemNotice } from "../../ui/ProblemNotice";
import type { Verification as Found } from "./types";
import { verificationWords } from "./verification-words";

interface Props {
  verifying: { data: Found | undefined; error: Error | null; isPending: boolean };
}

/** What verifying found, in words. */
export function Verification({ verifying }: Props) {
  const { data, error, isPending } = verifying;
  if (isPending) {
    return (
      <Text size="sm" c="dimmed" role="status">
        Each entry is compared with the one before it and with what was signed. You can go on reading.
      </Text>
    );
  }
  if (error) return <ProblemNotice problem={asProblem(error)} />;
  if (!data) return null;
  const { title, text } = verificationWords(data);
  return (
    <div data-testid="verification">
      <Notice title={title} good={data.ok}>
        {text}
      </Notice>
    </div>
  );
}
