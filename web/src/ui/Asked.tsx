import { Skeleton, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { asProblem } from "../api/problem";
import { ProblemNotice } from "./ProblemNotice";

interface Question<Data> {
  data: Data | undefined;
  error: Error | null;
  isFetching: boolean;
  refetch: () => unknown;
}

interface Props<Data> {
  query: Question<Data>;
  /** What is on its way, for screen readers: "Loading calls". */
  loading: string;
  /** The shape of what comes: how many blocks, how high in px. */
  shape?: { rows: number; height: number };
  children: (data: Data) => ReactNode;
}

/** What was asked of the server: its shape while it comes, the problem with a retry, or the thing itself. */
export function Asked<Data>({ query, loading, shape = { rows: 3, height: 44 }, children }: Props<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) {
    return (
      <ProblemNotice
        problem={asProblem(query.error)}
        onRetry={() => void query.refetch()}
        retrying={query.isFetching}
      />
    );
  }
  return (
    <Stack gap="xs" role="status" aria-label={loading}>
      {Array.from({ length: shape.rows }, (_, n) => n).map((n) => (
        <Skeleton key={n} height={shape.height} />
      ))}
    </Stack>
  );
}
