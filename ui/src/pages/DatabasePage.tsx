import { Page } from "../components/Page";
import { AboutFile } from "./database/AboutFile";
import { Backups } from "./database/backups/Backups";
import { Check } from "./database/Check";
import css from "./database/Database.module.css";
import { Export } from "./database/Export";
import { Import } from "./database/Import";

export function DatabasePage() {
  return (
    <Page title="Database" about="The one file that holds everything in this workspace.">
      <div className={css.columns}>
        <div className={css.column}>
          <Import />
          <Export />
          <Backups />
          <Check />
        </div>
        <AboutFile />
      </div>
    </Page>
  );
}
