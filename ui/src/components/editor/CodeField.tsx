import { Box, Input, type InputWrapperProps } from "@mantine/core";
import { useId, useRef } from "react";
import { CodeEditor } from "./CodeEditor";
import type { EditorProps } from "./Editor";

type Props = Omit<EditorProps, "attributes"> & {
  label: string;
  description?: InputWrapperProps["description"];
  error?: InputWrapperProps["error"];
  required?: boolean;
  /** The edited column; `focusField` finds the editor by it. */
  field?: string;
  autoFocus?: boolean;
};

/** A code editor as a field of a form, with label, help and error. */
export function CodeField(props: Props) {
  const { label, description, error, required, field, autoFocus, ...editor } = props;
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const described = [description && `${id}-description`, error && `${id}-error`].filter(Boolean).join(" ");
  const focus = () => frame.current?.querySelector<HTMLElement>("[contenteditable=true]")?.focus();
  return (
    <Input.Wrapper
      ref={frame}
      id={id}
      label={label}
      labelElement="div"
      labelProps={{ id: `${id}-label`, onClick: focus }}
      description={description}
      error={error}
      required={required}
    >
      <Box my={5}>
        <CodeEditor
          {...editor}
          attributes={{
            "aria-labelledby": `${id}-label`,
            ...(described && { "aria-describedby": described }),
            ...(required && { "aria-required": "true" }),
            ...(error && { "aria-invalid": "true" }),
            ...(field && { "data-field": field }),
            ...(autoFocus && { "data-autofocus": "true" }),
          }}
        />
      </Box>
    </Input.Wrapper>
  );
}
