import { Page } from "../components/Page";
import { AboutFile } from "./database/AboutFile";
import { Check } from "./database/Check";
import css from "./database/Database.module.css";
import { Export } from "./database/Export";

export function DatabasePage() {
  return (
    <Page title="Database" about="The one file that holds everything in this workspace.">
      <div className={css.columns}>
        <div className={css.column}>
          <Export />
          <Check />
        </div>
        <AboutFile />
      </div>
    </Page>
  );
}
