import type { ProviderChoice } from "../../api/settings";

const NAMES: Record<ProviderChoice, string> = {
  auto: "Automatic: the best there is a key for",
  local: "Local, on this machine",
  deepgram: "Deepgram",
  gemini: "Gemini",
  openai: "OpenAI-compatible server",
};

export const choiceWord = (choice: ProviderChoice): string => NAMES[choice] ?? choice;

/** What is in use is a provider, never a rule for choosing one. */
export function providerWord(name: string): string {
  return name === "local" ? "Local model" : (NAMES[name as ProviderChoice] ?? name);
}

export function keysWord(keys: number): string {
  if (keys === 0) return "No key";
  return keys === 1 ? "1 key" : `${keys} keys`;
}

/** Of these a model can be named; the others bring their own. */
export const hasModel = (choice: ProviderChoice): boolean => choice !== "auto" && choice !== "local";
