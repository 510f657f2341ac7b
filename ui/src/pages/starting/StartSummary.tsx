import { Anchor, Button, Kbd, Text, Title } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useId } from "react";
import css from "./Start.module.css";
import { focusField, type Starting } from "./useStarting";

type Props = {
  starting: Starting;
  /** The facts of the plan. */
  children: ReactNode;
};

/** The plan of a run with its problems, and the Start button. */
export function StartSummary({
  starting: { against, warnings, refusal, ready, ...starting },
  children,
}: Props) {
  const id = useId();
  const prevented = against.length > 0;
  const blocked = prevented || !ready;
  return (
    <section className={css.summary} aria-labelledby={id}>
      <Title order={2} id={id}>
        Summary
      </Title>
      {children}
      {warnings.length > 0 && (
        <ul className={css.against} aria-label="Good to know">
          {warnings.map(({ column, message }) => (
            <li key={`${column} ${message}`} className={css.warning}>
              {message}
            </li>
          ))}
        </ul>
      )}
      <div className={css.foot} aria-live="polite">
        {refusal && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert" mb={8}>
            {refusal}
          </Text>
        )}
        <Button
          fullWidth
          size="sm"
          leftSection={<IconPlayerPlay size={16} stroke={1.8} />}
          rightSection={<Kbd size="xs">Ctrl Enter</Kbd>}
          loading={starting.starting}
          data-disabled={blocked || undefined}
          aria-disabled={blocked}
          aria-describedby={prevented ? `${id}-against` : undefined}
          onClick={starting.start}
        >
          Start
        </Button>
        {!ready && !refusal && (
          <Text size="sm" c="dimmed" mt={8}>
            Planning the run…
          </Text>
        )}
        {prevented && (
          <ul className={css.against} id={`${id}-against`} aria-label="Before it can start">
            {against.map(({ column, message }) => (
              <li key={`${column} ${message}`}>
                {column === "python" ? (
                  <>
                    {message}{" "}
                    <Anchor inherit renderRoot={(props) => <Link to="/settings" {...props} />}>
                      Open Settings
                    </Anchor>
                  </>
                ) : (
                  <Anchor
                    component="button"
                    type="button"
                    inherit
                    c="dimmed"
                    onClick={() => focusField(column)}
                  >
                    {message}
                  </Anchor>
                )}
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}
