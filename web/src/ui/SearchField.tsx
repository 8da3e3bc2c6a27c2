import { CloseButton, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useState } from "react";

const REST_MS = 250;

interface Props {
  label: string;
  placeholder: string;
  value: string;
  /** Called when typing rests, so that not every letter asks the server. */
  onSearch: (words: string) => void;
}

export function SearchField({ label, placeholder, value, onSearch }: Props) {
  const [typed, setTyped] = useState(value);
  useEffect(() => {
    const words = typed.trim();
    if (words === value) return;
    const timer = setTimeout(() => onSearch(words), REST_MS);
    return () => clearTimeout(timer);
  }, [typed, value, onSearch]);
  const clear = () => {
    setTyped("");
    onSearch("");
  };
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={placeholder}
      maxLength={200}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={typed && <CloseButton size="sm" aria-label="Clear the search" onClick={clear} />}
      w="100%"
      maw={420}
    />
  );
}
