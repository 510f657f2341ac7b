//! Everything that is installed, as it will lie below `/`.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use anyhow::{Context, Result};
use jiff::Timestamp;

use super::{NAME, VERSION, build::Programs, files, notices};
use crate::program::{ask, find, program, run};
use crate::repo;

/// Where each size of the icon is, by its pixels.
const ICONS: &[(u32, &str)] =
    &[(32, "32x32.png"), (128, "128x128.png"), (256, "128x128@2x.png"), (512, "icon.png")];
/// Pictures for software centers: the file in ui/pictures, and what it shows.
const SCREENSHOTS: &[(&str, &str)] = &[
    ("datasets.png", "A dataset with its rows"),
    ("run.png", "A run with its curve and its log"),
    ("compare.png", "Runs beside each other"),
    ("import.png", "The plan of an import"),
];

/// Lays out all files below a folder, each with the same time.
pub(super) fn stage(root: &Path, programs: &Programs, pictures: Option<&str>, time: u64) -> Result<()> {
    let usr = root.join("usr");
    let (doc, share) = (usr.join("share/doc").join(NAME), usr.join("share"));
    copy(&programs.window, &usr.join("bin").join(NAME))?;
    copy(&programs.fts, &usr.join("bin/fts"))?;

    let ours = repo::root().join("src-tauri/package");
    let desktop = share.join("applications/fine-tuning-studio.desktop");
    copy(&ours.join("fine-tuning-studio.desktop"), &desktop)?;
    copy(&ours.join("fine-tuning-studio.mime.xml"), &share.join("mime/packages/fine-tuning-studio.xml"))?;
    let metainfo = share.join("metainfo/fine-tuning-studio.metainfo.xml");
    let source = fs::read_to_string(ours.join("fine-tuning-studio.metainfo.xml"))?;
    write(&metainfo, described(&source, pictures, time)?)?;
    let icons = share.join("icons/hicolor");
    for (pixels, file) in ICONS {
        let to = icons.join(format!("{pixels}x{pixels}/apps/{NAME}.png"));
        copy(&repo::icons().join(file), &to)?;
    }
    copy(&repo::icons().join("icon.svg"), &icons.join(format!("scalable/apps/{NAME}.svg")))?;

    help(&programs.fts, &share)?;
    copy(&ours.join("copyright"), &doc.join("copyright"))?;
    copy(&repo::root().join("LICENSE"), &doc.join("LICENSE"))?;
    write(&doc.join("third-party.txt"), notices::text()?)?;

    if find("desktop-file-validate").is_some() {
        run(program("desktop-file-validate").arg(&desktop))?;
    }
    if find("appstreamcli").is_some() {
        run(program("appstreamcli").args(["validate", "--no-net"]).arg(&metainfo))?;
    }
    even_out(root, SystemTime::UNIX_EPOCH + Duration::from_secs(time))
}

/// The manual pages and the completions, which `fts` writes itself.
fn help(fts: &Path, share: &Path) -> Result<()> {
    let manual = share.join("man/man1");
    fs::create_dir_all(&manual)?;
    run(program(&fts.to_string_lossy()).arg("man").arg(&manual))?;
    // Without a name and a time in the packed pages.
    run(program("gzip").args(["--best", "--no-name", "--recursive"]).arg(&manual))?;
    for (shell, places) in [
        ("bash", ["bash-completion/completions/fts"].as_slice()),
        // The folders of Debian and of the others.
        ("zsh", &["zsh/vendor-completions/_fts", "zsh/site-functions/_fts"]),
        ("fish", &["fish/vendor_completions.d/fts.fish"]),
    ] {
        let script = ask(program(&fts.to_string_lossy()).args(["completions", shell]))
            .with_context(|| format!("fts printed no completions for {shell}"))?;
        for place in places {
            write(&share.join(place), format!("{script}\n"))?;
        }
    }
    Ok(())
}

/// The description for software centers, with the version and, if they are published, the pictures.
fn described(source: &str, pictures: Option<&str>, time: u64) -> Result<String> {
    let day = Timestamp::from_second(i64::try_from(time)?)?.strftime("%Y-%m-%d").to_string();
    let screenshots = pictures.map_or_else(String::new, |address| {
        let shown = SCREENSHOTS.iter().enumerate().map(|(place, (file, caption))| {
            let default = if place == 0 { " type=\"default\"" } else { "" };
            let address = address.trim_end_matches('/');
            format!(
                "    <screenshot{default}><caption>{caption}</caption><image>{address}/{file}</image></screenshot>\n"
            )
        });
        format!("  <screenshots>\n{}  </screenshots>\n", shown.collect::<String>())
    });
    let text = source.replace("@VERSION@", VERSION).replace("@DATE@", &day);
    Ok(text.replace("  @SCREENSHOTS@\n", &screenshots))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    fs::copy(from, to).with_context(|| format!("{} can't be copied", from.display()))?;
    Ok(())
}

fn write(to: &Path, text: String) -> Result<()> {
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    Ok(fs::write(to, text)?)
}

/// Gives all files and folders one time, and the rights that do not depend on who builds.
pub(super) fn even_out(path: &Path, time: SystemTime) -> Result<()> {
    let is_folder = path.is_dir();
    let inside: Vec<PathBuf> = if is_folder { files(path)? } else { Vec::new() };
    for path in &inside {
        even_out(path, time)?;
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let is_program = path.parent().is_some_and(|folder| folder.ends_with("usr/bin"));
        let mode = if is_folder || is_program { 0o755 } else { 0o644 };
        fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
    }
    // After what is inside, which changes the time of the folder.
    File::open(path)?.set_modified(time).with_context(|| format!("{} keeps its time", path.display()))
}

#[cfg(test)]
mod tests {
    use super::described;

    #[test]
    fn the_description_has_a_version_a_day_and_pictures_only_where_they_are_published() {
        let source = "<a>\n  @SCREENSHOTS@\n  <release version=\"@VERSION@\" date=\"@DATE@\"/>\n</a>\n";
        let without = described(source, None, 86_400).unwrap();
        assert_eq!(
            without,
            format!("<a>\n  <release version=\"{}\" date=\"1970-01-02\"/>\n</a>\n", super::VERSION)
        );
        let with = described(source, Some("https://a.example/pictures/"), 86_400).unwrap();
        assert!(with.contains("<image>https://a.example/pictures/run.png</image>"), "{with}");
        assert_eq!(with.matches("type=\"default\"").count(), 1, "{with}");
    }
}
