import { specialsOf } from "../../resources/registry";
import { Field } from "./Field";
import css from "./Form.module.css";
import { FormFrame } from "./FormFrame";
import { type FormProps, useRowForm } from "./useRowForm";
import { isNeeded } from "./values";

/** Creates a row or changes one, by its description alone. */
export function FormDialog(props: FormProps) {
  const { table, editing } = props;
  const state = useRowForm(props);
  const { form, shown } = state;
  return (
    <FormFrame {...props} state={state} size={640}>
      <div className={css.fields}>
        {shown.map((column, index) => (
          <Field
            key={column.name}
            column={column}
            needed={isNeeded(column, form.values)}
            autoFocus={index === 0}
            links={editing?.links ?? []}
            language={specialsOf(table).codeIs?.(form.values) ?? "json"}
            input={form.getInputProps(column.name)}
          />
        ))}
      </div>
    </FormFrame>
  );
}
