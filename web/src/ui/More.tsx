import { Button } from "@mantine/core";

interface Props {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}

/** The rest of a long list, when asked for. */
export function More({ query }: Props) {
  if (!query.hasNextPage) return null;
  return (
    <Button
      variant="default"
      size="xs"
      onClick={() => void query.fetchNextPage()}
      loading={query.isFetchingNextPage}
    >
      Show more
    </Button>
  );
}
