import { Select, Text, TextInput, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";
import type { Provider, ProviderChoice } from "../../api/settings";
import forms from "../../ui/Form.module.css";
import { ProviderTest } from "./ProviderTest";
import { choiceWord, hasModel, keysWord, providerWord } from "./provider-words";
import classes from "./settings.module.css";

export interface PartValues {
  choice: ProviderChoice;
  /** "" is the provider's usual one. */
  model: string;
}

interface Facts {
  title: string;
  words: string;
  provider: Provider;
}

interface Choice extends Facts {
  part: "speech_to_text" | "language_model";
  values: PartValues;
  errors: { choice: ReactNode; model: ReactNode };
  unsaved: boolean;
  onChange: (values: PartValues) => void;
}

/** One part of the product that a provider does: what is in use and why, and, where one may, the choice. */
export function ProviderCard(props: Facts | Choice) {
  const { title, words, provider } = props;
  const id = useId();
  return (
    <section className={classes.card} aria-labelledby={id}>
      <div>
        <Title order={3} size="h5" id={id}>
          {title}
        </Title>
        <Text size="sm" c="dimmed">
          {words}
        </Text>
      </div>
      <div>
        <Text size="sm" fw={500} data-testid="in-use">
          In use: {providerWord(provider.in_use)}
          {provider.model && `, ${provider.model}`}
        </Text>
        <Text size="sm" c="dimmed">
          {provider.detail}
        </Text>
        {provider.choices.some(hasModel) && (
          <Text size="sm" c="dimmed">
            {keysWord(provider.keys)} in the environment
          </Text>
        )}
      </div>
      {"part" in props && <ChoiceFields {...props} />}
    </section>
  );
}

function ChoiceFields({ part, title, provider, values, errors, unsaved, onChange }: Choice) {
  const { choice, model } = values;
  return (
    <>
      <div className={forms.fields}>
        <Select
          label={`${title}: provider`}
          data={provider.choices.map((one) => ({ value: one, label: choiceWord(one) }))}
          value={choice}
          onChange={(one) => one && onChange({ choice: one as ProviderChoice, model: "" })}
          allowDeselect={false}
          error={errors.choice}
        />
        {hasModel(choice) && (
          <TextInput
            label={`${title}: model`}
            placeholder="The usual one"
            value={model}
            maxLength={120}
            onChange={(event) => onChange({ choice, model: event.currentTarget.value })}
            error={errors.model}
            autoComplete="off"
            spellCheck={false}
          />
        )}
      </div>
      <ProviderTest part={part} unsaved={unsaved} />
    </>
  );
}
