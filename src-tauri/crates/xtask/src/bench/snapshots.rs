//! Imports and exports of a large studio, beside the `sqlite3` shell and a plain copy.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use super::{
    data,
    measure::{Measured, first_output, run},
    table::{Series, Table},
};
use crate::{program::find, repo};

/// The most memory an import or export may hold, in bytes.
const MOST_MEMORY: u64 = 150_000_000;
/// How soon a person should see the first numbers of a plan, in seconds.
const FIRST_NUMBERS: f64 = 0.5;

/// Measures all of it. The programs are built.
pub(super) fn measure(folder: &Path, rounds: u32) -> Result<Table> {
    for (name, package) in [("sqlite3", "sqlite3"), ("script", "bsdutils")] {
        if find(name).is_none() {
            bail!("The program {name} is missing. On Debian and Ubuntu: apt-get install {package}");
        }
    }
    Files::make(folder)?.measure(rounds)
}

/// A studio of 100,034 rows. `fts` is built.
pub(super) fn store(folder: &Path) -> Result<PathBuf> {
    Ok(Files::make(folder)?.store)
}

/// The files that are measured with, all in one folder.
struct Files {
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
    fn make(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("{} can't be made", folder.display()))?;
        let files = Self {
            folder: folder.to_owned(),
            fts: repo::target().join("release/fts"),
            snapshot: folder.join("snapshot.json"),
            store: folder.join("store.sqlite"),
            dump: folder.join("store.sql"),
        };
        if !files.snapshot.exists() {
            // Under its name only when it is whole.
            let unfinished = folder.join("snapshot.part");
            data::write(&unfinished)?;
            fs::rename(&unfinished, &files.snapshot)?;
        }
        files.clear("store.sqlite")?;
        run(files.fts(&files.store).arg("import").arg(&files.snapshot), None, None)?;
        run(Command::new("sqlite3").arg(&files.store).arg(".dump"), None, Some(&files.dump))?;
        Ok(files)
    }

    fn measure(&self, rounds: u32) -> Result<Table> {
        let megabytes = fs::metadata(&self.snapshot)?.len() / 1_000_000;
        let mut table = Table::new(&format!("{} rows, {megabytes} MB of JSON", data::ROWS), rounds);
        let [mut to_json, mut dump, mut import, mut restore, mut to_sqlite, mut copy] =
            [const { Series::new() }; 6];
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

            to_sqlite.push(run(self.fts(&self.store).arg("export").arg(&sqlite), None, None)?);
            let plain = self.clear("copy.sqlite")?;
            copy.push(run(copy_durably().arg(&self.store).arg(&plain), None, None)?);

            let new = self.clear("new.sqlite")?;
            let time = first_output(&mut self.plan_on_a_terminal(&new))?;
            first.push(Measured { time, memory: 0 });
        }
        table.pair("Export to JSON", &to_json, "`sqlite3 .dump`", &dump, 2.0);
        table.pair("Import, with plan and backup", &import, "`sqlite3` restoring its dump", &restore, 1.0);
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
