import { Select, Textarea, TextInput } from "@mantine/core";
import type { GetInputPropsReturnType } from "@mantine/form";
import type { ReactNode } from "react";
import type { Column, Link } from "../../bindings";
import { inSentence } from "../../format/texts";
import { CodeField } from "../editor/CodeField";
import type { Language } from "../editor/Editor";
import { PathField } from "./PathField";
import { ReferenceField } from "./ReferenceField";

const short = ["integer", "number", "reference"];

export type FieldProps = {
  column: Column;
  needed: boolean;
  input: GetInputPropsReturnType;
  /** The row's references with their labels, which are shown before the first search. */
  links: Link[];
  /** The language of `code` columns. */
  language: Language;
  autoFocus?: boolean;
};

/** The field for a column, by its kind. */
export function Field(props: FieldProps) {
  const { column, needed, input, autoFocus } = props;
  const { kind } = column;
  const common = {
    ...input,
    label: column.label,
    description: column.help,
    required: needed,
    wrapperProps: { "data-short": short.includes(kind.is) || undefined },
    "data-field": column.name,
    "data-autofocus": autoFocus || undefined,
  };
  switch (kind.is) {
    case "choice":
      return <ChoiceField {...props} common={common} />;
    case "reference":
      return <ReferenceField table={kind.table} common={common} link={linkOf(props)} />;
    case "file":
    case "folder":
      return <PathField pick={kind.is} common={common} />;
    case "long_text":
      return <Textarea {...common} autosize minRows={2} maxRows={8} />;
    case "template":
    case "code":
      return (
        <CodeField
          value={String(input.value ?? "")}
          onChange={input.onChange}
          error={input.error}
          label={column.label}
          description={column.help}
          required={needed}
          field={column.name}
          autoFocus={autoFocus}
          language={kind.is === "code" ? props.language : "text"}
          minRows={kind.is === "code" ? 8 : 4}
          maxRows={kind.is === "code" ? 20 : 14}
        />
      );
    case "integer":
      return <TextInput {...common} inputMode="numeric" autoComplete="off" />;
    case "number":
      return <TextInput {...common} inputMode="decimal" autoComplete="off" />;
    default:
      return <TextInput {...common} autoComplete="off" spellCheck={false} />;
  }
}

export type CommonProps = GetInputPropsReturnType & {
  label: string;
  description: ReactNode;
  required: boolean;
  placeholder?: string;
  "data-autofocus"?: boolean;
};

function linkOf({ column, links, input }: FieldProps): Link | undefined {
  return links.find((link) => link.column === column.name && link.id === input.value);
}

/** Offers the values of a choice, and the row's own value even if it is unknown. */
function ChoiceField({ column, input, common }: FieldProps & { common: CommonProps }) {
  if (column.kind.is !== "choice") return null;
  const { offered } = column;
  const value = String(input.value ?? "");
  const data = column.kind.options.filter(
    (option) => offered.length === 0 || offered.includes(option.value) || option.value === value,
  );
  if (value && !data.some((option) => option.value === value))
    data.push({ value, label: `${value} (unknown)` });
  return (
    <Select
      {...common}
      data={data}
      value={value || null}
      onChange={(next) => input.onChange(next ?? "")}
      allowDeselect={!column.required}
      clearable={!column.required}
      clearButtonProps={{ "aria-label": `Clear ${inSentence(column.label)}` }}
      placeholder="Choose one"
    />
  );
}
