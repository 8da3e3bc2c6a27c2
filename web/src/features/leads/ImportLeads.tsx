import { Button, FileInput, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { formProblem } from "../../api/fields";
import { Notice, ProblemNotice } from "../../ui/ProblemNotice";
import { SideDrawer } from "../../ui/SideDrawer";
import { textOfTable } from "../../ui/table-file";
import { ImportReport } from "./ImportReport";
import { countWords } from "./import-words";
import { leadsApi } from "./leads-api";

/** Leads from a table: looked through first, then added or changed. */
export function ImportLeads() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Import
      </Button>
      <SideDrawer opened={isOpen} onClose={() => setOpen(false)} title="Import leads">
        {isOpen && <Import />}
      </SideDrawer>
    </>
  );
}

function Import() {
  const [file, setFile] = useState<File | null>(null);
  const queries = useQueryClient();
  const checking = useMutation({
    mutationFn: async (chosen: File) => {
      const csv = await textOfTable(chosen);
      return { csv, report: await leadsApi.importTable(csv, true) };
    },
  });
  const importing = useMutation({
    mutationFn: (csv: string) => leadsApi.importTable(csv, false),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["leads"] }),
  });
  const choose = (chosen: File | null) => {
    setFile(chosen);
    importing.reset();
    if (chosen) checking.mutate(chosen);
    else checking.reset();
  };
  const checked = checking.data;
  const report = importing.data ?? checked?.report;
  const isWorth = checked !== undefined && checked.report.added + checked.report.changed > 0;
  return (
    <Stack gap="md">
      <Text size="sm">
        A CSV file whose first line names its columns: name, company, email, industry, notes, status, in any
        order. Only name is needed. At most 500 lines. A lead whose address is known is changed; empty cells
        change nothing.
      </Text>
      <FileInput
        label="Table"
        placeholder="Choose a CSV file"
        accept=".csv,text/csv"
        value={file}
        onChange={choose}
        clearable
        clearButtonProps={{ "aria-label": "Take another file" }}
        disabled={importing.isPending}
      />
      {checking.isPending && (
        <Text size="sm" c="dimmed" role="status">
          Looking through it.
        </Text>
      )}
      {checking.error && <ProblemNotice problem={formProblem(checking.error)} />}
      {importing.error && <ProblemNotice problem={formProblem(importing.error)} />}
      {importing.data && <Notice title={`Imported: ${countWords(importing.data)}`} good />}
      {checked && !importing.data && (
        <>
          <Text size="sm" role="status">
            It would be: {countWords(checked.report)}. Nothing is kept yet.
          </Text>
          <div>
            <Button
              onClick={() => importing.mutate(checked.csv)}
              loading={importing.isPending}
              disabled={!isWorth}
            >
              Import
            </Button>
          </div>
        </>
      )}
      {report && <ImportReport report={report} isDone={importing.data !== undefined} />}
    </Stack>
  );
}
