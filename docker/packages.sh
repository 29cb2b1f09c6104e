#!/bin/sh
# packages.sh PACKAGE…: installs them in an image, and leaves no lists behind.
set -eu
if [ -n "${DEBIAN_MIRROR:-}" ]; then
  for list in /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources; do
    if [ -e "$list" ]; then sed -i "s|http://[^/ ]*/debian|$DEBIAN_MIRROR|" "$list"; fi
  done
fi
# Debian's ffmpeg brings the drivers of graphics cards along (Mesa, with a compiler, 200 MB), which nothing here asks for: its
# programs link to the doors before them alone. Licences stay.
cat >/etc/dpkg/dpkg.cfg.d/smart-toggle <<'END'
path-exclude=/usr/lib/*/libLLVM*
path-exclude=/usr/lib/*/libgallium*
path-exclude=/usr/lib/*/libz3.so*
path-exclude=/usr/lib/*/dri/*
path-exclude=/usr/share/doc/*
path-include=/usr/share/doc/*/copyright
path-exclude=/usr/share/man/*
path-exclude=/usr/share/locale/*
END
# No service is started in an image.
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
apt-get -qq update
apt-get -qq -o Dpkg::Use-Pty=0 install --no-install-recommends -y "$@" >/dev/null
rm -rf /usr/sbin/policy-rc.d /var/lib/apt/lists/* /var/cache/apt/*.bin /var/log/apt /var/log/dpkg.log
