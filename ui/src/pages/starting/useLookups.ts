import { useState } from "react";
import { showError } from "../../api/errors";

/** Runs queries that fill in further fields. While one is running, the form is not what it will be. */
export function useLookups() {
  const [running, setRunning] = useState(0);
  const lookUp = async <T>(query: Promise<T>, apply: (found: T) => void): Promise<void> => {
    setRunning((count) => count + 1);
    try {
      apply(await query);
    } catch (thrown) {
      showError(thrown);
    } finally {
      setRunning((count) => count - 1);
    }
  };
  return { lookingUp: running > 0, lookUp };
}
