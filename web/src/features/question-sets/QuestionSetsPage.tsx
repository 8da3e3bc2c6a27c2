import { Anchor, Button, Table, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { questionSetListQuery } from "../../api/queries";
import { Asked } from "../../ui/Asked";
import { More } from "../../ui/More";
import { Empty, Page } from "../../ui/Page";

/** What the agent may be given to ask. */
export function QuestionSetsPage() {
  const sets = useInfiniteQuery(questionSetListQuery);
  return (
    <Page
      title="Question sets"
      below="What the agent asks in a discovery call, in order."
      actions={
        <Button variant="default" renderRoot={(props) => <Link {...props} to="/question-sets/new" />}>
          New question set
        </Button>
      }
    >
      <Asked query={sets} loading="Loading question sets" shape={{ rows: 4, height: 36 }}>
        {(data) => {
          const items = data.pages.flatMap((page) => page.items);
          if (items.length === 0) {
            return (
              <Empty
                title="No question sets yet"
                action={
                  <Button renderRoot={(props) => <Link {...props} to="/question-sets/new" />}>
                    Write the first one
                  </Button>
                }
              >
                A discovery call needs one: the agent asks its questions and ticks off what was answered.
              </Empty>
            );
          }
          return (
            <Table stickyHeader stickyHeaderOffset={56} verticalSpacing={7}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Title</Table.Th>
                  <Table.Th ta="end">Questions</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((set) => (
                  <Table.Tr key={set.question_set_id} data-testid="question-set-row">
                    <Table.Td>
                      <Anchor
                        size="sm"
                        fw={600}
                        c="inherit"
                        renderRoot={(props) => (
                          <Link
                            {...props}
                            to="/question-sets/$questionSetId"
                            params={{ questionSetId: set.question_set_id }}
                          />
                        )}
                      >
                        {set.title}
                      </Anchor>
                      {set.is_default && (
                        <Text size="xs" c="dimmed">
                          The default: chosen first for a new discovery call
                        </Text>
                      )}
                    </Table.Td>
                    <Table.Td ta="end" className="tabular">
                      {set.questions.length}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          );
        }}
      </Asked>
      <More query={sets} />
    </Page>
  );
}
