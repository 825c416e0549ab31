#!/usr/bin/env bash
# Builds artifacts/packages/isr_VERSION_ARCHITECTURE.deb, for amd64 (the default) or arm64. With --published it takes what
# scripts/publish.sh has left in artifacts/publish instead of publishing anew.
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
# shellcheck source=scripts/install.sh
. "$root/scripts/install.sh"

architecture=amd64
publish=yes
for word in "$@"; do
    case $word in
    amd64 | arm64) architecture=$word ;;
    --published) publish=no ;;
    *)
        say "Usage: scripts/build-deb.sh [amd64|arm64] [--published]"
        exit 2
        ;;
    esac
done

need_programs dpkg-deb:dpkg
target=linux-${architecture/amd/x}
published=$root/artifacts/publish/$target
[ $publish = no ] || "$root/scripts/publish.sh" "$target"
[ -x "$published/isr" ] || fail "$published/isr is missing: run scripts/publish.sh $target first."

version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$root/src/Isr/Isr.csproj")-1
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
chmod 755 "$tree"
umask 022
from=$root/packaging/deb

# put MODE SOURCE PATH-IN-THE-PACKAGE
put() { install -D -m "$1" "$2" "$tree$3"; }

mkdir -p "$tree/usr/lib/isr" "$tree/usr/bin" "$tree/DEBIAN"
cp -r --no-preserve=mode,ownership "$published/." "$tree/usr/lib/isr"
chmod 755 "$tree/usr/lib/isr/isr"
ln -s ../lib/isr/isr "$tree/usr/bin/isr"
put 644 "$root/packaging/systemd/isr.service" /lib/systemd/system/isr.service
put 644 "$from/config.ini" /etc/isr/config.ini
put 644 "$root/config.example.ini" /usr/share/doc/isr/examples/config.ini
put 644 "$root/packaging/alsa/asound.conf" /usr/share/doc/isr/examples/asound.conf
put 644 "$from/lintian-overrides" /usr/share/lintian/overrides/isr
put 644 "$from/isr.1" /usr/share/man/man1/isr.1
{
    printf 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: isr\n\nFiles: *\nCopyright: 2026 the isr authors\nLicense: Expat\n'
    sed '1,4d; s/^$/./; s/^/ /' "$root/LICENSE"
    printf '\nFiles: usr/lib/isr/isr\nCopyright: .NET Foundation and Contributors\nLicense: Expat\nComment: The program holds the .NET runtime and the ASP.NET Core runtime.\n'
} >"$tree/usr/share/doc/isr/copyright"
{
    printf 'isr (%s) unstable; urgency=medium\n\n  * This version.\n\n -- the isr authors <isr@localhost>  ' "$version"
    date -R -u -d "@${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct 2>/dev/null || date +%s)}"
} >"$tree/usr/share/doc/isr/changelog.Debian"
gzip -9n "$tree/usr/share/doc/isr/changelog.Debian" "$tree/usr/share/man/man1/isr.1"

for script in postinst prerm postrm; do
    put 755 "$from/$script" "/DEBIAN/$script"
done
echo /etc/isr/config.ini >"$tree/DEBIAN/conffiles"
size=$(du -sk --apparent-size "$tree" | cut -f1)
sed "s/@VERSION@/$version/; s/@ARCHITECTURE@/$architecture/; s/@SIZE@/$size/" "$from/control" >"$tree/DEBIAN/control"
(cd "$tree" && find . -type f ! -path './DEBIAN/*' -printf '%P\0' | sort -z | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"

out=$root/artifacts/packages/isr_${version}_$architecture.deb
mkdir -p "$(dirname "$out")"
dpkg-deb --root-owner-group -Zxz -z6 --threads-max=2 --build "$tree" "$out" >&2
say "$(du -h --apparent-size "$out" | cut -f1) in $out"
