//! The staged files as packages: by `dpkg-deb`, `rpmbuild` and `tar`.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, SystemTime},
};

use anyhow::{Context, Result};

use super::{NAME, VERSION, files, sizes::size, stage::even_out};
use crate::program::{ask, program, run};

/// One line about the program.
const SUMMARY: &str = "prepare datasets, train adapters and compare language models";
/// More lines about it.
const DESCRIPTION: &str = "\
Keeps everything about fine-tuning language models in one place: datasets,
base models, adapters, prompts, settings, trainings and evaluations. Trains on
this machine or on one that is reached by SSH, and shows how a base model and
its adapters answer. It needs no account, no server and no network.

This package has the window and fts, its command line.";
const MAINTAINER: &str = "The Fine Tuning Studio contributors";

/// Shows the system's file dialogs. Programs ask for it over the session bus, so no tool finds it.
const PORTAL: &str = "xdg-desktop-portal-gtk";

/// Makes the Debian package.
pub(super) fn deb(staged: &Path, out: &Path, time: u64) -> Result<()> {
    let architecture = ask(program("dpkg").arg("--print-architecture")).context("dpkg can't be run")?;
    let depends = shared_libraries(staged)?;
    pack_deb(staged, out, time, &architecture, &depends)
}

fn pack_deb(staged: &Path, out: &Path, time: u64, architecture: &str, depends: &str) -> Result<()> {
    let control = staged.join("DEBIAN");
    fs::create_dir_all(&control)?;
    let kilobytes = size(&staged.join("usr"))?.div_ceil(1024);
    let description: String =
        DESCRIPTION.lines().map(|line| format!(" {}\n", if line.is_empty() { "." } else { line })).collect();
    fs::write(
        control.join("control"),
        format!(
            "Package: {NAME}\nVersion: {VERSION}\nArchitecture: {architecture}\nMaintainer: {MAINTAINER}\n\
             Installed-Size: {kilobytes}\nDepends: {depends}\nRecommends: {PORTAL} | xdg-desktop-portal-backend\n\
             Suggests: openssh-client\nSection: science\nPriority: optional\nDescription: {SUMMARY}\n{description}"
        ),
    )?;
    // `dpkg --verify` compares the installed files with them.
    let sums = ask(program("md5sum").args(below(staged, Path::new("usr"))?).current_dir(staged))
        .context("md5sum can't be run")?;
    fs::write(control.join("md5sums"), format!("{sums}\n"))?;
    even_out(staged, SystemTime::UNIX_EPOCH + Duration::from_secs(time))?;
    let package = out.join(format!("{NAME}_{VERSION}_{architecture}.deb"));
    let packed = run(at(time, "dpkg-deb")
        // One thread: the bytes that several make may depend on their number.
        .args(["--root-owner-group", "--threads-max=1", "-Zxz", "--build"])
        .args([staged, &package]));
    fs::remove_dir_all(&control)?;
    even_out(staged, SystemTime::UNIX_EPOCH + Duration::from_secs(time))?;
    packed
}

/// The packages of the libraries that the programs are linked with, each with the oldest version that has what
/// they use.
fn shared_libraries(staged: &Path) -> Result<String> {
    let aside = staged.with_extension("shlibs");
    // It reads the packages of a source, of which this one has none.
    fs::create_dir_all(aside.join("debian"))?;
    fs::write(
        aside.join("debian/control"),
        format!("Source: {NAME}\n\nPackage: {NAME}\nArchitecture: any\n"),
    )?;
    let found = ask(program("dpkg-shlibdeps")
        .args(["-O", "--ignore-missing-info"])
        .args(files(&staged.join("usr/bin"))?)
        .current_dir(&aside));
    fs::remove_dir_all(&aside)?;
    let depends = found
        .as_deref()
        .and_then(|found| found.lines().find_map(|line| line.strip_prefix("shlibs:Depends=")));
    Ok(depends.context("dpkg-shlibdeps did not find the libraries of the programs")?.to_owned())
}

/// Makes the RPM package. `rpmbuild` finds the libraries by their names, which all distributions share.
pub(super) fn rpm(staged: &Path, out: &Path, time: u64) -> Result<()> {
    let aside = staged.with_extension("rpm");
    fs::create_dir_all(&aside)?;
    let spec = aside.join(format!("{NAME}.spec"));
    let mut listed = String::new();
    for path in below(staged, Path::new("usr"))? {
        // Folders of others are theirs; this one goes with the package.
        let _ = writeln!(listed, "/{}", path.display());
    }
    fs::write(
        &spec,
        format!(
            "Name: {NAME}\nVersion: {VERSION}\nRelease: 1\nSummary: {SUMMARY}\nLicense: Apache-2.0\n\
             Recommends: {PORTAL}\nSuggests: openssh-clients\n\n%description\n{DESCRIPTION}\n\n\
             %install\ncp --archive '{}/usr' '%{{buildroot}}/usr'\n\n\
             %files\n%defattr(-,root,root,-)\n%dir /usr/share/doc/{NAME}\n{listed}",
            staged.display()
        ),
    )?;
    let mut build = at(time, "rpmbuild");
    build.args(["-bb", "--define"]).arg(format!("_topdir {}", aside.display()));
    for define in [
        "debug_package %{nil}",
        // Nothing is stripped or packed again: what is packed is what was staged.
        "__os_install_post %{nil}",
        "_build_id_links none",
        "_buildhost localhost",
        "use_source_date_epoch_as_buildtime 1",
        "clamp_mtime_to_source_date_epoch 1",
        "_binary_payload w19.zstdio",
    ] {
        build.args(["--define", define]);
    }
    run(build.arg("--quiet").arg(&spec))?;
    for folder in files(&aside.join("RPMS"))? {
        for package in files(&folder)? {
            fs::copy(&package, out.join(package.file_name().unwrap_or_default()))?;
        }
    }
    Ok(fs::remove_dir_all(aside)?)
}

/// Makes an archive to unpack anywhere: programs find nothing by a fixed path.
pub(super) fn tar(staged: &Path, out: &Path, time: u64) -> Result<()> {
    let name = format!("{NAME}-{VERSION}-linux-{}", std::env::consts::ARCH);
    run(at(time, "tar")
        .args(["--create", "--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--format=gnu"])
        .arg(format!("--mtime=@{time}"))
        .arg(format!("--transform=s,^\\.,{name},"))
        .args(["--use-compress-program", "gzip --best --no-name", "--file"])
        .arg(out.join(format!("{name}.tar.gz")))
        .arg("--directory")
        .arg(staged.join("usr"))
        .arg("."))
}

fn at(time: u64, name: &str) -> Command {
    let mut command = program(name);
    // Texts and orders of the tools do not depend on the person who builds.
    command.env("SOURCE_DATE_EPOCH", time.to_string()).env("LC_ALL", "C.UTF-8").env("TZ", "UTC");
    command
}

/// All files below a folder of a root, by their paths in it.
fn below(root: &Path, folder: &Path) -> Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for path in files(&root.join(folder))? {
        let inside = path.strip_prefix(root)?;
        if path.is_dir() {
            all.extend(below(root, inside)?);
        } else {
            all.push(inside.to_path_buf());
        }
    }
    Ok(all)
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;
    use crate::program::find;

    /// A tree like the staged one, written in an order and with times and rights of its own.
    fn tree(names: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for name in names {
            let path = root.path().join("staged/usr").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, format!("the text of {name}\n").repeat(500)).unwrap();
        }
        fs::create_dir(root.path().join("out")).unwrap();
        root
    }

    #[test]
    fn the_same_files_make_packages_of_the_same_bytes() {
        let names = ["bin/fts", "share/doc/fine-tuning-studio/copyright", "share/man/man1/fts.1.gz"];
        let reversed: Vec<&str> = names.iter().rev().copied().collect();
        let [first, second] = [&names[..], &reversed].map(|names| {
            let root = tree(names);
            let (staged, out) = (root.path().join("staged"), root.path().join("out"));
            even_out(&staged, SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000)).unwrap();
            pack_deb(&staged, &out, 1_000_000_000, "amd64", "libc6").unwrap();
            tar(&staged, &out, 1_000_000_000).unwrap();
            if find("rpmbuild").is_some() {
                rpm(&staged, &out, 1_000_000_000).unwrap();
            }
            let packages = files(&out).unwrap().into_iter();
            packages
                .map(|path| (path.file_name().unwrap().to_owned(), fs::read(&path).unwrap()))
                .collect::<Vec<_>>()
        });
        assert!(first.len() >= 2, "{} packages", first.len());
        for ((name, first), (_, second)) in first.iter().zip(&second) {
            assert!(first == second, "{} differs", name.display());
        }
        assert_eq!(first.len(), second.len());
    }
}
