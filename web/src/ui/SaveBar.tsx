import { Button, Text } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import classes from "./Form.module.css";
import { ProblemNotice } from "./ProblemNotice";
import type { SavedForm } from "./useSaved";

/** Below a form: what is not saved yet, and what was. */
export function SaveBar<Values extends object>({ saved }: { saved: SavedForm<Values> }) {
  const dirty = saved.form.isDirty();
  return (
    <>
      {saved.problem && <ProblemNotice problem={saved.problem}>Your changes are still here.</ProblemNotice>}
      <div className={classes.bar}>
        <Button type="submit" loading={saved.saving} disabled={!dirty}>
          Save
        </Button>
        {dirty && (
          <Button variant="default" onClick={() => saved.form.reset()} disabled={saved.saving}>
            Discard
          </Button>
        )}
        <Text size="sm" c="dimmed" role="status" className={classes.said}>
          {saved.saved && (
            <>
              <IconCheck size={16} aria-hidden /> Saved
            </>
          )}
          {dirty && "Not saved yet"}
        </Text>
      </div>
    </>
  );
}
