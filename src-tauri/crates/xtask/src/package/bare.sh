# Installs a Debian package on a bare root file system, uses it as an ordinary user, and removes it.
# Arguments: the folder of the root file system, the package, the version that it has, a path for a picture.
# It runs in a mount namespace of its own, so nothing stays mounted.
set -eu
root=$1 package=$2 version=$3 picture=$4
inside() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8 "$@"; }
fail() { echo "Failed: $*" >&2; exit 1; }

mount --make-rprivate /
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/dev/shm"
# Nothing that a package brings is to start.
printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
cp "$package" "$root/tmp/package.deb"

inside apt-get -q update
# What a desktop has: a display, a session bus, fonts.
inside apt-get -q install --yes --no-install-recommends xvfb xauth dbus dbus-x11 xdotool openbox imagemagick fonts-dejavu-core
inside apt-get -q install --yes --no-install-recommends /tmp/package.deb
inside useradd --create-home ada
inside dpkg --listfiles fine-tuning-studio > "$root/tmp/files"
inside dpkg --verify fine-tuning-studio

as_ada() { inside su --login ada --command "$1"; }
[ "$(as_ada 'fts --version')" = "fts $version" ] || fail "fts has another version"
as_ada 'fine-tuning-studio --version' | grep -qF "$version" || fail "the window has another version"
as_ada 'fts example load'

cat > "$root/tmp/look" <<'LOOK'
# In a session of its own: the window opens, its page reports that it can be used, and it closes.
set -eu
log=$HOME/.local/state/fine-tuning-studio/window.log
openbox > /dev/null 2>&1 &
export WEBKIT_DISABLE_COMPOSITING_MODE=1
fine-tuning-studio > /tmp/window.out 2>&1 &
studio=$!
wait_for() {
  left=300
  until sh -c "$2" > /dev/null 2>&1; do
    left=$((left - 1))
    if [ $left = 0 ] || ! kill -0 $studio 2> /dev/null; then
      echo "Waited for $1, in vain." >&2; cat /tmp/window.out >&2; exit 1
    fi
    sleep 0.2
  done
}
wait_for 'the page' "grep -q 'The window was usable' '$log'"
wait_for 'the window' "xdotool search --onlyvisible --name 'Fine Tuning Studio\$'"
import -window root /tmp/window.png
fine-tuning-studio || { echo 'A second start failed.' >&2; exit 1; }
# A key that comes while the window manager hands on the focus is lost.
left=30
while kill -0 $studio 2> /dev/null; do
  left=$((left - 1))
  [ $left != 0 ] || { echo 'The window does not close.' >&2; exit 1; }
  xdotool search --onlyvisible --name 'Fine Tuning Studio$' windowactivate --sync key alt+F4 || true
  sleep 2
done
wait $studio
LOOK
as_ada 'xvfb-run --auto-servernum --server-args="-screen 0 1440x900x24" dbus-run-session -- sh /tmp/look'
cp "$root/tmp/window.png" "$picture"
as_ada 'fts --json list datasets' | grep -q '"total"' || fail "the data can't be read after the window was used"

inside apt-get -q purge --yes fine-tuning-studio
while read -r path; do
  [ -d "$root$path" ] || [ ! -e "$root$path" ] || fail "$path is left"
done < "$root/tmp/files"
left=$(inside find / -xdev \( -name '*fine-tuning-studio*' -o -name 'fts' -o -name 'fts.*' -o -name '_fts' -o -name 'fts-*' \) \
  -not -path '/home/*' -not -path '/tmp/*' -not -path '/var/log/*')
[ -z "$left" ] || fail "these are left: $left"
[ -s "$root/home/ada/.local/share/fine-tuning-studio/studio.db" ] || fail "the data of the person are gone"
echo "The package was installed, used and removed."
