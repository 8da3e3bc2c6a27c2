import { Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../../api/client";
import type { Provider, ProviderSettings } from "../../api/settings";
import { Asked } from "../../ui/Asked";
import forms from "../../ui/Form.module.css";
import { SaveBar } from "../../ui/SaveBar";
import { useSaved } from "../../ui/useSaved";
import { type PartValues, ProviderCard } from "./ProviderCard";
import { hasModel } from "./provider-words";
import classes from "./settings.module.css";
import { providersQuery } from "./settings-queries";

interface Props {
  onDirty: (dirty: boolean) => void;
}

export function ProvidersSection({ onDirty }: Props) {
  const providers = useQuery(providersQuery);
  return (
    <>
      <Text size="sm" c="dimmed" maw="72ch">
        Without keys everything runs on this machine. Keys are set by the operator where Parley is installed
        and are never shown here. If a provider fails during a call, the local model takes over.
      </Text>
      <Asked query={providers} loading="Loading the providers" shape={{ rows: 3, height: 120 }}>
        {(data) => <Form data={data} onDirty={onDirty} />}
      </Asked>
    </>
  );
}

const HEARING = { title: "Hearing", words: "Turns speech into text." };
const VOICE = { title: "Voice", words: "Speaks the agent's words." };
const LANGUAGE = {
  title: "Language",
  words: "Words the agent's questions and the nudges, and writes the review.",
};

interface Values {
  speech_to_text: PartValues;
  language_model: PartValues;
}

function Form({ data, onDirty }: { data: ProviderSettings; onDirty: Props["onDirty"] }) {
  const queries = useQueryClient();
  const saved = useSaved<Values, ProviderSettings>({
    initial: valuesOf(data),
    validate: () => ({}),
    save: ({ speech_to_text, language_model }) =>
      api.setProviders({ speech_to_text: bodyOf(speech_to_text), language_model: bodyOf(language_model) }),
    onSaved: (now) => {
      queries.setQueryData(providersQuery.queryKey, now);
      return valuesOf(now);
    },
    onDirty,
  });
  const { form } = saved;
  const { speech_to_text, language_model } = form.getValues();
  return (
    <form onSubmit={saved.submit} className={forms.form} aria-label="Voice and language">
      <div className={classes.cards}>
        <ProviderCard
          {...HEARING}
          part="speech_to_text"
          provider={data.speech_to_text}
          values={speech_to_text}
          errors={{
            choice: form.errors["speech_to_text.choice"],
            model: form.errors["speech_to_text.model"],
          }}
          unsaved={form.isDirty("speech_to_text")}
          onChange={(part) => form.setFieldValue("speech_to_text", part)}
        />
        <ProviderCard {...VOICE} provider={data.text_to_speech} />
        <ProviderCard
          {...LANGUAGE}
          part="language_model"
          provider={data.language_model}
          values={language_model}
          errors={{
            choice: form.errors["language_model.choice"],
            model: form.errors["language_model.model"],
          }}
          unsaved={form.isDirty("language_model")}
          onChange={(part) => form.setFieldValue("language_model", part)}
        />
      </div>
      <Text size="sm" c="dimmed">
        A choice holds for calls that start after it is saved.
      </Text>
      <SaveBar saved={saved} />
    </form>
  );
}

function valuesOf({ speech_to_text, language_model }: ProviderSettings): Values {
  return { speech_to_text: chosenOf(speech_to_text), language_model: chosenOf(language_model) };
}

/** The model in use is the chosen one's only where that is in use; "automatic" and "local" bring their own. */
function chosenOf({ choice, in_use, model }: Provider): PartValues {
  return { choice, model: choice === in_use && hasModel(choice) ? model : "" };
}

const bodyOf = ({ choice, model }: PartValues) => ({
  choice,
  model: (hasModel(choice) && model.trim()) || null,
});
