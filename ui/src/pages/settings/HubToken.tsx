import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { toAppError } from "../../api/errors";
import { useSetToken } from "../../api/hub";
import type { TokenSource, TokenState } from "../../bindings";
import { Refusal } from "../../components/Refusal";

/** The source of the token, and a field to set it. The core never sends the token to the window. */
export function HubToken({ token }: { token: TokenState }) {
  const set = useSetToken();
  const [typed, setTyped] = useState("");
  const refused = set.error ? toAppError(set.error) : null;
  const keep = () => {
    if (typed.trim()) set.mutate(typed.trim(), { onSuccess: () => setTyped("") });
  };
  return (
    <Stack gap={8}>
      <div>
        <Text size="sm" fw={500}>
          Access token
        </Text>
        <Text size="sm" role="status">
          {inUse(token.source)}
        </Text>
        {token.keyring_problem && (
          <Text size="sm" c="dimmed">
            {token.keyring_problem} You can set a token in the environment variable HF_TOKEN before the
            program starts.
          </Text>
        )}
      </div>
      {!token.keyring_problem && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            keep();
          }}
        >
          <TextInput
            type="password"
            label={token.kept ? "New token" : "Token"}
            description="Stored in the system’s keyring and sent only to the Hub. It is never shown again."
            placeholder="hf_…"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            inputContainer={(input) => (
              <Group gap={8} wrap="nowrap" align="stretch">
                <div style={{ flex: 1 }}>{input}</div>
                <Button
                  type="submit"
                  variant="default"
                  h={32}
                  disabled={!typed.trim()}
                  loading={set.isPending}
                >
                  {token.kept ? "Replace" : "Keep"}
                </Button>
                {token.kept && (
                  <Button variant="default" h={32} onClick={() => set.mutate(null)}>
                    Remove
                  </Button>
                )}
              </Group>
            )}
          />
        </form>
      )}
      {refused && <Refusal error={refused} />}
    </Stack>
  );
}

function inUse(source: TokenSource): string {
  switch (source.is) {
    case "environment":
      return `The token of the environment variable ${source.variable} is used.`;
    case "keyring":
      return "The token in the system’s keyring is used.";
    case "file":
      return `The token in ${source.path} is used, where the Hugging Face programs store it.`;
    case "none":
      return "There is no token. Public models and datasets need none.";
  }
}
