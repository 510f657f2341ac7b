import { useLocalStorage } from "@mantine/hooks";

/** What existing studios train with. */
const USUAL_LIMIT = 512;

export type TokenChoice = { model: string; limit: number };

/** For which model tokens are counted and how many are kept: the same for every prompt, until it is changed. */
export function useTokenChoice() {
  return useLocalStorage<TokenChoice>({
    key: "prompt-tokens",
    defaultValue: { model: "", limit: USUAL_LIMIT },
    getInitialValueInEffect: false,
  });
}
