import { Anchor, SegmentedControl, Select, Text, TextInput } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ownersQuery, questionSetListQuery, questionSetQuery } from "../../api/queries";
import type { CallKind, QuestionSet } from "../../api/types";
import { Section } from "../../ui/Page";
import { CALL_KIND } from "../calls/call-words";
import { FEWEST_PEOPLE, MOST_PEOPLE, suggestedTitle, withLead } from "./booking";
import classes from "./booking.module.css";
import { LeadPicker } from "./LeadPicker";
import type { BookingForm } from "./useBooking";
import { useDefaultSet } from "./useDefaultSet";

const PEOPLE = Array.from({ length: MOST_PEOPLE - FEWEST_PEOPLE + 1 }, (_, n) => String(FEWEST_PEOPLE + n));

/** What kind of call, with whom, who owns it and what is asked. */
export function WhatFields({ form }: { form: BookingForm }) {
  const { kind, lead } = form.values;
  return (
    <Section title="What">
      <div>
        <SegmentedControl
          aria-label="Kind of call"
          data={(["discovery", "assisted"] as const).map((value) => ({
            value,
            label: CALL_KIND[value].word,
          }))}
          value={kind}
          onChange={(value) => form.setFieldValue("kind", value as CallKind)}
        />
        <Text size="sm" c="dimmed" mt={6}>
          {CALL_KIND[kind].what}
        </Text>
      </div>
      <div className={classes.grid}>
        <LeadPicker
          lead={lead}
          error={form.errors.lead_id}
          onPick={(picked) => form.setValues(withLead(form.getValues(), picked))}
          onClear={() => form.setFieldValue("lead", null)}
        />
        <TextInput
          label="Title"
          description="Guests see it in the mail and on the page where they join."
          placeholder={suggestedTitle(form.values)}
          maxLength={200}
          {...form.getInputProps("title")}
        />
        <Owner form={form} />
        {kind === "discovery" && <QuestionSetChoice form={form} />}
        <MostPeople form={form} />
      </div>
    </Section>
  );
}

/** Whoever comes when the room is full waits for a place. */
export function MostPeople({ form }: { form: BookingForm }) {
  const { value, onChange, ...rest } = form.getInputProps("most_participants");
  return (
    <Select
      label="Most people in the room"
      description="Whoever comes when it is full waits for a place."
      data={PEOPLE}
      allowDeselect={false}
      value={String(value)}
      onChange={(chosen) => onChange(Number(chosen))}
      {...rest}
    />
  );
}

export function Owner({ form }: { form: BookingForm }) {
  const users = useQuery(ownersQuery);
  return (
    <Select
      label="Owner"
      description="Is told first when something goes wrong, and gets the summary."
      data={users.data?.items.map(({ user_id, name }) => ({ value: user_id, label: name })) ?? []}
      disabled={users.isPending}
      allowDeselect={false}
      searchable
      {...form.getInputProps("owner_id")}
      {...(users.error
        ? { error: "Your colleagues cannot be listed now. Reload the page to try again." }
        : {})}
    />
  );
}

export function QuestionSetChoice({ form }: { form: BookingForm }) {
  const sets = useInfiniteQuery(questionSetListQuery);
  const listed = sets.data?.pages.flatMap((page) => page.items) ?? [];
  const chosen = form.values.question_set_id;
  // One that is archived is not listed, but a call may have it.
  const isUnlisted =
    chosen !== null && sets.data !== undefined && listed.every((set) => set.question_set_id !== chosen);
  const unlisted = useQuery({ ...questionSetQuery(chosen ?? ""), enabled: isUnlisted });
  const items = isUnlisted && unlisted.data ? [unlisted.data, ...listed] : listed;
  useDefaultSet(form, listed.find((set) => set.is_default && asked(set) > 0)?.question_set_id);
  return (
    <div>
      <Select
        label="Question set"
        description="What the agent asks, in this order."
        placeholder={sets.isPending ? "Loading" : "Choose a set"}
        data={items.map((set) => ({
          value: set.question_set_id,
          label: `${set.title} (${countWords(asked(set))})`,
          disabled: asked(set) === 0,
        }))}
        nothingFoundMessage="No set has these words"
        allowDeselect={false}
        searchable
        {...form.getInputProps("question_set_id")}
        {...(sets.error
          ? { error: "The question sets cannot be listed now. Reload the page to try again." }
          : {})}
      />
      {sets.data && items.length === 0 && (
        <Text size="sm" mt={4}>
          There is no question set yet.{" "}
          <Anchor component={Link} to="/question-sets/new" inherit underline="always">
            Write one
          </Anchor>
        </Text>
      )}
    </div>
  );
}

/** How many of its questions are asked at all. */
const asked = (set: QuestionSet) => set.questions.filter(({ is_active }) => is_active).length;

const countWords = (n: number) => (n === 0 ? "no questions yet" : n === 1 ? "1 question" : `${n} questions`);
