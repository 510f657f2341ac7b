import { useLocalStorage } from "@mantine/hooks";

/** The usual limit of existing studios. */
const USUAL_LIMIT = 512;

export type TokenChoice = { model: string; limit: number };

/** The model whose tokenizer counts, and the limit in tokens. One choice for all prompts. */
export function useTokenChoice() {
  return useLocalStorage<TokenChoice>({
    key: "prompt-tokens",
    defaultValue: { model: "", limit: USUAL_LIMIT },
    getInitialValueInEffect: false,
  });
}
