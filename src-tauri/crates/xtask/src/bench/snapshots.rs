//! Imports and exports of a large studio, beside the `sqlite3` shell, Python and a plain copy.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use super::{
    data::{self, Shape},
    measure::{Measured, first_output, run},
    table::{Series, Table},
};
use crate::{program::find, repo};

/// How long an import with plan and backup may take, beside the faster of the two others.
const MOST_IMPORT: f64 = 0.9;
/// How long an export to JSON may take beside the shell's dump, a file half as large.
const MOST_EXPORT: f64 = 2.0;
/// Python's way of taking a snapshot in: all of it in memory, a statement a table, nothing checked.
const PYTHON_IMPORT: &str = r#"
import json, sqlite3, sys
source, like, target = sys.argv[1:]
snapshot = json.load(open(source, encoding="utf-8"))
like, target = sqlite3.connect(f"file:{like}?mode=ro", uri=True), sqlite3.connect(target)
with target:
    for table, content in snapshot.items():
        target.execute(like.execute("SELECT sql FROM sqlite_master WHERE name = ?", [table]).fetchone()[0])
        rows = content["data"]
        columns = list(rows[0])
        places = ", ".join("?" * len(columns))
        target.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})",
            ([row[column] for column in columns] for row in rows),
        )
target.close()
"#;

/// The most memory an import or export may hold, in bytes.
const MOST_MEMORY: u64 = 150_000_000;
/// How soon a person should see the first numbers of a plan, in seconds.
const FIRST_NUMBERS: f64 = 0.5;

/// Measures all of it, a table for each shape of rows. The programs are built.
pub(super) fn measure(folder: &Path, rounds: u32) -> Result<Vec<Table>> {
    for (name, package) in [("sqlite3", "sqlite3"), ("script", "bsdutils"), ("python3", "python3")] {
        if find(name).is_none() {
            bail!("The program {name} is missing. On Debian and Ubuntu: apt-get install {package}");
        }
    }
    Shape::ALL.iter().map(|shape| Files::make(folder, *shape)?.measure(rounds)).collect()
}

/// A studio of 100,034 rows. `fts` is built.
pub(super) fn store(folder: &Path) -> Result<PathBuf> {
    Ok(Files::make(folder, Shape::Proportional)?.store)
}

/// The files that are measured with, all in one folder.
struct Files {
    shape: Shape,
    folder: PathBuf,
    fts: PathBuf,
    /// The JSON snapshot.
    snapshot: PathBuf,
    /// A studio that took the snapshot.
    store: PathBuf,
    /// That studio as the shell writes it.
    dump: PathBuf,
}

impl Files {
    fn make(folder: &Path, shape: Shape) -> Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("{} can't be made", folder.display()))?;
        let name = |stem: &str, extension: &str| format!("{stem}{}.{extension}", shape.suffix());
        let files = Self {
            shape,
            folder: folder.to_owned(),
            fts: repo::target().join("release/fts"),
            snapshot: folder.join(name("snapshot", "json")),
            store: folder.join(name("store", "sqlite")),
            dump: folder.join(name("store", "sql")),
        };
        if !files.snapshot.exists() {
            // Under its name only when it is whole.
            let unfinished = folder.join("snapshot.part");
            data::write(&unfinished, shape)?;
            fs::rename(&unfinished, &files.snapshot)?;
        }
        files.clear(&name("store", "sqlite"))?;
        run(files.fts(&files.store).arg("import").arg(&files.snapshot), None, None)?;
        run(Command::new("sqlite3").arg(&files.store).arg(".dump"), None, Some(&files.dump))?;
        Ok(files)
    }

    fn measure(&self, rounds: u32) -> Result<Table> {
        let megabytes = fs::metadata(&self.snapshot)?.len() / 1_000_000;
        let rows = match self.shape {
            Shape::Proportional => "rows",
            Shape::Short => "rows of short fields",
        };
        let mut table = Table::new(&format!("{} {rows}, {megabytes} MB of JSON", data::ROWS), rounds);
        let [mut to_json, mut dump, mut import, mut restore, mut python, mut to_sqlite, mut copy] =
            [const { Series::new() }; 7];
        let mut first = Series::new();
        for round in 1..=rounds {
            println!("   Round {round} of {rounds}");
            let (json, sqlite) = (self.folder.join("out.json"), self.folder.join("out.sqlite"));
            to_json.push(run(self.fts(&self.store).arg("export").arg(&json), None, None)?);
            dump.push(run(Command::new("sqlite3").arg(&self.store).arg(".dump"), None, Some(&self.dump))?);

            let new = self.clear("new.sqlite")?;
            import.push(run(self.fts(&new).arg("import").arg(&self.snapshot), None, None)?);
            let new = self.clear("new.sqlite")?;
            restore.push(run(Command::new("sqlite3").arg(&new), Some(&self.dump), None)?);
            let new = self.clear("new.sqlite")?;
            python.push(run(&mut self.python_import(&new), None, None)?);

            to_sqlite.push(run(self.fts(&self.store).arg("export").arg(&sqlite), None, None)?);
            let plain = self.clear("copy.sqlite")?;
            copy.push(run(copy_durably().arg(&self.store).arg(&plain), None, None)?);

            let new = self.clear("new.sqlite")?;
            let time = first_output(&mut self.plan_on_a_terminal(&new))?;
            first.push(Measured::from_time(time));
        }
        table.pair("Export to JSON", &to_json, "`sqlite3 .dump`", &dump, MOST_EXPORT);
        let others =
            [("`sqlite3` restoring its dump", &restore), ("Python's `json` and `executemany`", &python)];
        table.faster_of("Import, with plan and backup", &import, others, MOST_IMPORT);
        table.pair("Export to SQLite", &to_sqlite, "`cp` and `sync`", &copy, 1.5);
        table.memory("Memory of the import", &import, MOST_MEMORY);
        table.memory("Memory of the export", &to_json, MOST_MEMORY);
        table.alone("First numbers of the plan", &first, FIRST_NUMBERS);
        Ok(table)
    }

    fn fts(&self, store: &Path) -> Command {
        let mut fts = Command::new(&self.fts);
        fts.arg("--db").arg(store);
        fts
    }

    fn python_import(&self, store: &Path) -> Command {
        let mut python = Command::new("python3");
        python.args(["-c", PYTHON_IMPORT]).arg(&self.snapshot).arg(&self.store).arg(store);
        python
    }

    /// `fts` shows how far it is only where a person watches, so this gives it a terminal.
    fn plan_on_a_terminal(&self, store: &Path) -> Command {
        let quoted = |path: &Path| format!("'{}'", path.display().to_string().replace('\'', "'\\''"));
        let line = format!(
            "{} --db {} import --dry-run {}",
            quoted(&self.fts),
            quoted(store),
            quoted(&self.snapshot)
        );
        let mut script = Command::new("script");
        script.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
        script
    }

    /// A name for a database that is not there yet, nor anything that belonged to one.
    fn clear(&self, name: &str) -> Result<PathBuf> {
        for name in [name.to_owned(), format!("{name}-wal"), format!("{name}-shm")] {
            let path = self.folder.join(name);
            if path.exists() {
                fs::remove_file(path)?;
            }
        }
        let backups = self.folder.join("backups");
        if backups.exists() {
            fs::remove_dir_all(backups)?;
        }
        Ok(self.folder.join(name))
    }
}

/// A copy that is on the disk when it is done, and no mere second name for the same blocks.
fn copy_durably() -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", "cp --reflink=never \"$1\" \"$2\" && sync \"$2\"", "sh"]);
    shell
}
