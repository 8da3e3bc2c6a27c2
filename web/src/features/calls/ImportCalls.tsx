import { Button, FileInput, NumberInput, SegmentedControl, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { formProblem } from "../../api/fields";
import type { CallKind } from "../../api/types";
import { useSignedIn } from "../../app/session";
import { Notice, ProblemNotice } from "../../ui/ProblemNotice";
import { SideDrawer } from "../../ui/SideDrawer";
import { textOfTable } from "../../ui/table-file";
import { type Booking, emptyBooking, newKey } from "../booking/booking";
import classes from "../booking/booking.module.css";
import { SwitchList } from "../booking/SwitchList";
import type { BookingForm } from "../booking/useBooking";
import { Owner, QuestionSetChoice } from "../booking/WhatFields";
import { WhenFields } from "../booking/WhenFields";
import { type CallImportBody, countWords, importCalls, importMistakes, importOf } from "./call-import";
import { CALL_KIND } from "./call-words";
import { ImportReport } from "./ImportReport";

const LONGEST_GAP = 10_080;

/** A call for each line of a table: looked through first, then booked. */
export function ImportCalls() {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setOpened(true)}>
        Import
      </Button>
      <SideDrawer opened={opened} onClose={() => setOpened(false)} title="Book calls from a table">
        {opened && <Import />}
      </SideDrawer>
    </>
  );
}

function Import() {
  const me = useSignedIn();
  const queries = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [csv, setCsv] = useState("");
  const [gap, setGap] = useState<number | string>(60);
  const form: BookingForm = useForm<Booking>({
    initialValues: { ...emptyBooking(me, new Date()), invitees: [] },
  });
  const checking = useMutation({
    mutationFn: async (body: CallImportBody) => {
      const key = newKey();
      return { body, key, report: await importCalls(body, true, key) };
    },
  });
  const booking = useMutation({
    mutationFn: ({ body, key }: { body: CallImportBody; key: string }) => importCalls(body, false, key),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["calls"] });
      await queries.invalidateQueries({ queryKey: ["leads"] });
    },
  });
  const body = importOf(csv, form.values, Number(gap));
  // What was looked through is what is booked: another form is looked through anew.
  const checked =
    checking.data && JSON.stringify(checking.data.body) === JSON.stringify(body) ? checking.data : null;
  const report = booking.data ?? checked?.report;
  const choose = async (chosen: File | null) => {
    setFile(chosen);
    booking.reset();
    setCsv(chosen ? await textOfTable(chosen) : "");
  };
  const check = () => {
    const wrong = importMistakes(form.getValues(), new Date());
    form.setErrors(wrong);
    booking.reset();
    if (body && Object.keys(wrong).length === 0) checking.mutate(body);
  };
  return (
    <form
      className={classes.form}
      noValidate
      aria-label="Book calls from a table"
      onSubmit={(event) => {
        event.preventDefault();
        check();
      }}
    >
      <div className={classes.fields}>
        <Text size="sm">
          A CSV file whose first line names its columns: name, email, company, time_zone, starts_at. Only name
          is needed. Each line becomes a call and a lead of its own, 500 at most.
        </Text>
        <FileInput
          label="Table"
          placeholder="Choose a CSV file"
          accept=".csv,text/csv"
          value={file}
          onChange={(chosen) => void choose(chosen)}
          clearable
          clearButtonProps={{ "aria-label": "Take another file" }}
          disabled={booking.isPending}
        />
        <SegmentedControl
          aria-label="Kind of call"
          data={(["discovery", "assisted"] as const).map((value) => ({
            value,
            label: CALL_KIND[value].word,
          }))}
          value={form.values.kind}
          onChange={(value) => form.setFieldValue("kind", value as CallKind)}
        />
        <TextInput label="Title of each call" maxLength={200} {...form.getInputProps("title")} />
        <Owner form={form} />
        {form.values.kind === "discovery" && <QuestionSetChoice form={form} />}
      </div>
      <WhenFields form={form} />
      <NumberInput
        label="From start to start"
        description="Lines without a start of their own follow the first one, so far apart."
        suffix=" min"
        min={0}
        max={LONGEST_GAP}
        allowDecimal={false}
        value={gap}
        onChange={setGap}
      />
      <SwitchList form={form} />
      {checking.error && <ProblemNotice problem={formProblem(checking.error)} />}
      {booking.error && (
        <ProblemNotice problem={formProblem(booking.error)}>
          What was booked stays booked. Sending it again goes on where it stopped.
        </ProblemNotice>
      )}
      {booking.data && <Notice title={countWords(booking.data, true)} good />}
      {!booking.data && checked && (
        <Text size="sm" role="status">
          {countWords(checked.report, false)}. Nothing is booked yet
          {form.values.switches.mail ? ", and nobody is written to." : "."}
        </Text>
      )}
      {!booking.data && (
        <div>
          {checked ? (
            <Button
              onClick={() => booking.mutate(checked)}
              loading={booking.isPending}
              disabled={checked.report.problems === checked.report.lines.length}
            >
              Book them
            </Button>
          ) : (
            <Button type="submit" variant="default" loading={checking.isPending} disabled={csv === ""}>
              Look through it
            </Button>
          )}
        </div>
      )}
      {report && <ImportReport report={report} />}
    </form>
  );
}
