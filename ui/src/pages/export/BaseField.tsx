import { fieldProps, type PageFields } from "../../components/form/fieldProps";
import { ReferenceField } from "../../components/form/ReferenceField";

/** The model that an adapter is written with, if not its own. */
export function BaseField({ page }: { page: PageFields }) {
  return (
    <ReferenceField
      table="models"
      link={undefined}
      common={{ ...fieldProps(page, "base"), placeholder: "The adapter’s base model" }}
    />
  );
}
