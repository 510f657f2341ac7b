//! What the commands need from a Linux machine, and why.

/// Something that a system package brings.
pub(crate) struct Need {
    /// The package's name on Debian and Ubuntu.
    pub(crate) package: &'static str,
    /// What it is for, to end the sentence "… is needed to …".
    pub(crate) to: &'static str,
    /// How to find it on a system without Debian packages.
    pub(crate) sign: Sign,
}

/// How to find out whether a package is installed, on a system without dpkg.
pub(crate) enum Sign {
    /// pkg-config finds this library.
    Library(&'static str),
    /// This program is on the path.
    Program(&'static str),
    /// There is no simple test, so it counts as installed where dpkg is missing.
    Hidden,
}

use Sign::{Hidden, Library, Program};

const fn need(package: &'static str, to: &'static str, sign: Sign) -> Need {
    Need { package, to, sign }
}

/// To compile and link the window.
pub(crate) const BUILD: &[Need] = &[
    need("build-essential", "link programs", Program("cc")),
    need("pkg-config", "find system libraries", Program("pkg-config")),
    need("libwebkit2gtk-4.1-dev", "build the window", Library("webkit2gtk-4.1")),
    need("librsvg2-dev", "draw the window's icons", Library("librsvg-2.0")),
];

/// To use the window, beside the packages that it is built with.
pub(crate) const USE: &[Need] = &[need("xdg-desktop-portal-gtk", "show the system's file dialogs", Hidden)];

/// To drive the window in tests, on a display of their own.
pub(crate) const DRIVE: &[Need] = &[
    need("webkit2gtk-driver", "drive the window in tests", Program("WebKitWebDriver")),
    need("xvfb", "give the tests a display of their own", Program("Xvfb")),
    need("openbox", "manage the windows on that display", Program("openbox")),
    need("dbus-x11", "give the tests a session bus of their own", Program("dbus-run-session")),
    need("xdotool", "type into the system's file dialogs", Program("xdotool")),
    need("imagemagick", "keep a picture of a test that fails", Program("import")),
    need("fonts-inter", "draw readable text in those pictures", Hidden),
    need("fonts-dejavu-core", "draw the signs that font lacks", Hidden),
];

/// To make packages.
pub(crate) const PACK: &[Need] = &[
    need("dpkg-dev", "find the libraries of a Debian package", Program("dpkg-shlibdeps")),
    need("rpm", "make an RPM package", Program("rpmbuild")),
    need("desktop-file-utils", "check the entry of menus", Program("desktop-file-validate")),
    need("appstream", "check the description for software centers", Program("appstreamcli")),
];

/// To try packages on bare systems.
pub(crate) const BARE: &[Need] = &[need("debootstrap", "make bare systems", Program("debootstrap"))];

/// To start SSH servers and Slurm clusters in tests, on loopback. Tests that need them are skipped without.
pub(crate) const SERVERS: &[Need] = &[
    need("openssh-server", "start SSH servers in tests", Program("sshd")),
    need("rsync", "compare transfers with it", Program("rsync")),
    need("slurmctld", "start Slurm clusters in tests", Program("slurmctld")),
    need("slurmd", "give those clusters nodes", Program("slurmd")),
    need("slurm-client", "submit jobs to them", Program("sbatch")),
    need("munge", "authenticate their programs", Program("munged")),
];
